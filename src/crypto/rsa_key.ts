/**
 * RSA keys: their fingerprint, by which a server names the keys it has, and their PEM text.
 * https://core.telegram.org/mtproto/auth_key#dh-exchange-initiation
 *
 * PEM is read in the two forms that public keys are published in, PKCS#1 (RFC 8017, appendix A.1.1) and
 * SubjectPublicKeyInfo (RFC 5280, section 4.1), and written in the first. Private keys are not read from text here.
 */
import { concatBytes, decodeBase64, encodeBase64, equalBytes, hexToBytes } from "./bytes.ts";
import { sha1 } from "./sha.ts";

/** A server's public key; numbers are big-endian, without leading zeros. */
export interface RsaPublicKey {
  /** The modulus: 256 bytes in MTProto. */
  readonly n: Uint8Array;
  /** The public exponent. */
  readonly e: Uint8Array;
  /** The low 64 bits of SHA1 of the TL of `rsa_public_key n:string e:string`, signed as TL's `long`. */
  readonly fingerprint: bigint;
}

/** A key pair, as a server has it. */
export interface RsaPrivateKey extends RsaPublicKey {
  /** The private exponent, big-endian. */
  readonly d: Uint8Array;
}

/**
 * Makes a public key of its two numbers, and computes its fingerprint.
 *
 * @param n The modulus, big-endian; leading zeros are dropped.
 * @param e The public exponent, big-endian; leading zeros are dropped.
 *
 * @example
 * ```ts
 * import { rsaPublicKey } from "@tessera/mtproto/crypto";
 *
 * const key = rsaPublicKey(crypto.getRandomValues(new Uint8Array(256)), Uint8Array.of(1, 0, 1));
 * key.fingerprint; // a signed 64-bit number
 * ```
 */
export function rsaPublicKey(n: Uint8Array, e: Uint8Array): RsaPublicKey {
  const modulus = stripZeros(n);
  const exponent = stripZeros(e);
  const hash = sha1(tlString(modulus), tlString(exponent));
  const fingerprint = new DataView(hash.buffer, hash.byteOffset).getBigInt64(12, true);
  return { n: modulus, e: exponent, fingerprint };
}

/**
 * Reads a public key from PEM text: `RSA PUBLIC KEY` (PKCS#1) or `PUBLIC KEY` (SubjectPublicKeyInfo). Text around it is
 * ignored.
 *
 * @throws {TypeError} if the text has no such block, or it holds something else than an RSA public key.
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

/** Writes a public key as PEM text, `RSA PUBLIC KEY` (PKCS#1), with a line feed at the end. */
export function formatRsaPublicKey(key: RsaPublicKey): string {
  const der = derElement(SEQUENCE, concatBytes(derInteger(key.n), derInteger(key.e)));
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return ["-----BEGIN RSA PUBLIC KEY-----", ...lines, "-----END RSA PUBLIC KEY-----", ""].join(
    "\n",
  );
}

function unreadable(problem: string, cause?: unknown): TypeError {
  return new TypeError(`Cannot read an RSA public key: ${problem}, expected PEM text of one`, {
    cause,
  });
}

function stripZeros(number: Uint8Array): Uint8Array {
  let start = 0;
  while (start < number.length && number[start] === 0) start++;
  return number.slice(start);
}

/** TL's `string` (https://core.telegram.org/mtproto/serialize#base-types): the fingerprint is of TL, and TL is above us. */
function tlString(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  const head = length < 254
    ? Uint8Array.of(length)
    : Uint8Array.of(254, length, length >> 8, length >> 16);
  return concatBytes(head, bytes, new Uint8Array(-(head.length + length) & 3));
}

// DER (ITU-T X.690), as far as public keys go: one-byte tags, definite lengths.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;

/** The AlgorithmIdentifier rsaEncryption (1.2.840.113549.1.1.1) with its parameters, NULL. */
function rsaEncryption(): Uint8Array {
  return hexToBytes("06092a864886f70d0101010500");
}

function readPkcs1(der: Uint8Array): RsaPublicKey {
  const [numbers, nothing] = readElement(der, SEQUENCE);
  const [n, rest] = readElement(numbers, INTEGER);
  const [e, end] = readElement(rest, INTEGER);
  if (nothing.length > 0 || end.length > 0) throw unreadable("bytes are left over in it");
  if (n.length === 0 || e.length === 0 || n[0] >= 0x80 || e[0] >= 0x80) {
    throw unreadable("its numbers are not positive");
  }
  return rsaPublicKey(n, e);
}

function readSubjectPublicKeyInfo(der: Uint8Array): RsaPublicKey {
  const [info, nothing] = readElement(der, SEQUENCE);
  const [algorithm, rest] = readElement(info, SEQUENCE);
  if (!equalBytes(algorithm, rsaEncryption())) throw unreadable("it is of another kind of key");
  const [bits, end] = readElement(rest, BIT_STRING);
  if (nothing.length > 0 || end.length > 0) throw unreadable("bytes are left over in it");
  if (bits[0] !== 0) throw unreadable("its bit string is not of whole bytes");
  return readPkcs1(bits.subarray(1));
}

/** The contents of the element at the front, and what comes after it. */
function readElement(der: Uint8Array, tag: number): [contents: Uint8Array, rest: Uint8Array] {
  if (der.length < 2) throw unreadable("it ends too early");
  if (der[0] !== tag) throw unreadable(`it has an element ${der[0]} where ${tag} should be`);
  let length = der[1];
  let start = 2;
  if (length >= 0x80) {
    // Two bytes of length are enough for any key that MTProto could use.
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

/** An INTEGER; a zero byte in front keeps it positive. */
function derInteger(number: Uint8Array): Uint8Array {
  const sign = number.length === 0 || number[0] >= 0x80 ? Uint8Array.of(0) : new Uint8Array(0);
  return derElement(INTEGER, concatBytes(sign, number));
}
