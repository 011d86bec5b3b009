/**
 * RSA keys, and their fingerprint, by which a server names its keys. rsa_pem.ts has their text.
 * https://core.telegram.org/mtproto/auth_key#dh-exchange-initiation
 */
import { concatBytes } from "./bytes.ts";
import { sha1 } from "./sha.ts";

/** The public key of a server. Its numbers are big-endian, without leading zeros. */
export interface RsaPublicKey {
  /** The modulus: 256 bytes in MTProto. */
  readonly n: Uint8Array;
  /** The public exponent. */
  readonly e: Uint8Array;
  /**
   * The low 64 bits of the SHA1 of the TL object `rsa_public_key n:string e:string`, as a signed
   * number like TL's `long`.
   */
  readonly fingerprint: bigint;
}

/** The key pair of a server. */
export interface RsaPrivateKey extends RsaPublicKey {
  /** The private exponent, big-endian. */
  readonly d: Uint8Array;
}

/**
 * Makes a public key from its two numbers, and computes its fingerprint.
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

function stripZeros(number: Uint8Array): Uint8Array {
  let start = 0;
  while (start < number.length && number[start] === 0) start++;
  return number.slice(start);
}

/**
 * Returns a TL `string`: the fingerprint is the hash of a TL object, and tl/ is a higher floor.
 * https://core.telegram.org/mtproto/serialize#base-types
 */
function tlString(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  const head = length < 254
    ? Uint8Array.of(length)
    : Uint8Array.of(254, length, length >> 8, length >> 16);
  return concatBytes(head, bytes, new Uint8Array(-(head.length + length) & 3));
}
