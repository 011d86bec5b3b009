/**
 * RSA public keys as PEM text. Reads PKCS#1 (RFC 8017, appendix A.1.1) and SubjectPublicKeyInfo
 * (RFC 5280, section 4.1); writes PKCS#1. It does not read private keys.
 */
import { concatBytes, decodeBase64, encodeBase64, equalBytes, hexToBytes } from "./bytes.ts";
import { type RsaPublicKey, rsaPublicKey } from "./rsa_key.ts";

/**
 * Reads a public key from PEM text: `RSA PUBLIC KEY` (PKCS#1) or `PUBLIC KEY`
 * (SubjectPublicKeyInfo). Ignores text around the block.
 *
 * @param pem The text with the block.
 * @throws {TypeError} if the text has no such block, or the block is not an RSA public key
 *
 * @example
 * ```ts
 * import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
 *
 * const key = parseRsaPublicKey(`-----BEGIN RSA PUBLIC KEY-----
 * MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g
 * 5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO
 * 62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/
 * +aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9
 * t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs
 * 5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB
 * -----END RSA PUBLIC KEY-----`);
 * key.fingerprint; // -3414540481677951611n
 * ```
 */
export function parseRsaPublicKey(pem: string): RsaPublicKey {
  const block = /-----BEGIN (RSA )?PUBLIC KEY-----([^-]*)-----END (RSA )?PUBLIC KEY-----/.exec(pem);
  if (block === null || block[1] !== block[3]) {
    throw unreadable('it has no block "RSA PUBLIC KEY" or "PUBLIC KEY"');
  }
  let der: Uint8Array;
  try {
    der = decodeBase64(block[2].replace(/\s+/g, ""));
  } catch (cause) {
    throw unreadable("its block is not base64", cause);
  }
  return block[1] === undefined ? readSubjectPublicKeyInfo(der) : readPkcs1(der);
}

/** Returns a public key as PEM text, `RSA PUBLIC KEY` (PKCS#1), with a line feed at the end. */
export function formatRsaPublicKey(key: RsaPublicKey): string {
  const der = derElement(SEQUENCE, concatBytes(derInteger(key.n), derInteger(key.e)));
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return ["-----BEGIN RSA PUBLIC KEY-----", ...lines, "-----END RSA PUBLIC KEY-----", ""].join(
    "\n",
  );
}

function unreadable(problem: string, cause?: unknown): TypeError {
  return new TypeError(`Cannot read an RSA public key: ${problem}, expected its PEM text`, {
    cause,
  });
}

// DER (ITU-T X.690), the part that public keys need: one-byte tags, definite lengths.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;

/** Returns the AlgorithmIdentifier rsaEncryption (1.2.840.113549.1.1.1) with parameters NULL. */
function rsaEncryption(): Uint8Array {
  return hexToBytes("06092a864886f70d0101010500");
}

function readPkcs1(der: Uint8Array): RsaPublicKey {
  const [numbers, nothing] = readElement(der, SEQUENCE);
  const [n, rest] = readElement(numbers, INTEGER);
  const [e, end] = readElement(rest, INTEGER);
  if (nothing.length > 0 || end.length > 0) throw unreadable("it has bytes after its numbers");
  if (n.length === 0 || e.length === 0 || n[0] >= 0x80 || e[0] >= 0x80) {
    throw unreadable("its numbers are not positive");
  }
  return rsaPublicKey(n, e);
}

function readSubjectPublicKeyInfo(der: Uint8Array): RsaPublicKey {
  const [info, nothing] = readElement(der, SEQUENCE);
  const [algorithm, rest] = readElement(info, SEQUENCE);
  if (!equalBytes(algorithm, rsaEncryption())) throw unreadable("it is another kind of key");
  const [bits, end] = readElement(rest, BIT_STRING);
  if (nothing.length > 0 || end.length > 0) throw unreadable("it has bytes after its key");
  if (bits[0] !== 0) throw unreadable("its bit string does not have whole bytes");
  return readPkcs1(bits.subarray(1));
}

/** Returns the contents of the first element, and the bytes after it. */
function readElement(der: Uint8Array, tag: number): [contents: Uint8Array, rest: Uint8Array] {
  if (der.length < 2) throw unreadable("it ends too early");
  if (der[0] !== tag) throw unreadable(`it has an element ${der[0]} where ${tag} should be`);
  let length = der[1];
  let start = 2;
  if (length >= 0x80) {
    // A length of two bytes is enough for any key of MTProto.
    const count = length & 0x7f;
    if (count < 1 || count > 2) throw unreadable("it has an element of impossible length");
    start += count;
    length = 0;
    for (const byte of der.subarray(2, start)) length = length << 8 | byte;
  }
  if (start + length > der.length) throw unreadable("it ends too early");
  return [der.subarray(start, start + length), der.subarray(start + length)];
}

function derElement(tag: number, contents: Uint8Array): Uint8Array {
  const { length } = contents;
  const head = length < 0x80
    ? [tag, length]
    : length < 0x100
    ? [tag, 0x81, length]
    : [tag, 0x82, length >> 8, length & 0xff];
  return concatBytes(Uint8Array.from(head), contents);
}

/** Returns an INTEGER; a zero byte in front keeps it positive. */
function derInteger(number: Uint8Array): Uint8Array {
  const sign = number.length === 0 || number[0] >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return derElement(INTEGER, concatBytes(sign, number));
}
