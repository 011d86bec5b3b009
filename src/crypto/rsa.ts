/**
 * RSA for the key exchange, both sides: RSA_PAD, and the older scheme with a SHA-1 in front.
 * https://core.telegram.org/mtproto/auth_key (step 4 and section 4.1)
 *
 * rsa_key.ts reads and writes the keys. MTProto has no RSA signatures and no PKCS#1 padding.
 */
import type { Random } from "../runtime/mod.ts";
import { concatBytes, equalBytes } from "./bytes.ts";
import { igeDecrypt, igeEncrypt } from "./ige.ts";
import { modPow } from "./modexp.ts";
import type { RsaPrivateKey, RsaPublicKey } from "./rsa_key.ts";
import { sha1, sha256 } from "./sha.ts";

/** The length of a modulus and of a ciphertext, bytes: 2048 bits. */
const RSA_LENGTH = 256;
/** The longest data that RSA_PAD takes, and its length with the padding, bytes. */
const PAD_MAX_DATA = 144;
const PAD_LENGTH = 192;
const TEMP_KEY_LENGTH = 32;
/** The older scheme encrypts one byte less than the modulus has: a SHA-1, the data, padding. */
const SHA1_SCHEME_LENGTH = 255;
const SHA1_LENGTH = 20;
/** One attempt of RSA_PAD fails with a probability of at most 1/2. */
const PAD_MAX_ATTEMPTS = 128;

/**
 * Encrypts p_q_inner_data for the server with RSA_PAD: pads and hashes the data, encrypts it with a
 * temporary AES key, then encrypts all of it with RSA. Draws random bytes for the padding first,
 * then for each temporary key.
 *
 * @param key A 2048-bit key of the server.
 * @param data At most 144 bytes.
 * @param random The source of the padding and of the temporary keys.
 * @returns 256 bytes, the `encrypted_data` of `req_DH_params`
 * @throws {RangeError} if the data is too long or the key does not have exactly 2048 bits
 *
 * @example
 * ```ts
 * import { parseRsaPublicKey, rsaPad } from "@tessera/mtproto/crypto";
 *
 * const key = parseRsaPublicKey(`-----BEGIN RSA PUBLIC KEY-----
 * MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g
 * 5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO
 * 62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/
 * +aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9
 * t6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs
 * 5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB
 * -----END RSA PUBLIC KEY-----`);
 * const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
 * rsaPad(key, new Uint8Array(96), random); // 256 bytes
 * ```
 */
export function rsaPad(key: RsaPublicKey, data: Uint8Array, random: Random): Uint8Array {
  checkKey(key);
  checkDataLength(data, PAD_MAX_DATA);
  const padded = concatBytes(data, random(PAD_LENGTH - data.length));
  const reversed = padded.slice().reverse();
  for (let attempt = 0; attempt < PAD_MAX_ATTEMPTS; attempt++) {
    const tempKey = random(TEMP_KEY_LENGTH);
    const dataWithHash = concatBytes(reversed, sha256(tempKey, padded));
    const aesEncrypted = igeEncrypt(dataWithHash, tempKey, new Uint8Array(32));
    const number = concatBytes(xor(tempKey, sha256(aesEncrypted)), aesEncrypted);
    if (isBelow(number, key.n)) return modPow(number, key.e, key.n);
  }
  throw new RangeError(
    `Cannot encrypt with RSA_PAD: ${PAD_MAX_ATTEMPTS} temporary keys were all unusable. ` +
      "Use a random source that does not repeat.",
  );
}

/**
 * Decrypts what {@linkcode rsaPad} encrypted: the server's side of RSA_PAD.
 *
 * @param key The private key.
 * @param encrypted 256 bytes.
 * @returns 192 bytes: the data, then random padding. The TL of the data tells its length.
 * @throws {RangeError} if the hash inside differs, or the bytes have an impossible length or value
 */
export function rsaUnpad(key: RsaPrivateKey, encrypted: Uint8Array): Uint8Array {
  const number = decrypt(key, encrypted);
  const aesEncrypted = number.subarray(TEMP_KEY_LENGTH);
  const tempKey = xor(number.subarray(0, TEMP_KEY_LENGTH), sha256(aesEncrypted));
  const dataWithHash = igeDecrypt(aesEncrypted, tempKey, new Uint8Array(32));
  const padded = dataWithHash.slice(0, PAD_LENGTH).reverse();
  if (!equalBytes(sha256(tempKey, padded), dataWithHash.subarray(PAD_LENGTH))) {
    throw new RangeError(
      "Cannot decrypt with RSA_PAD: the hash inside differs, " +
        "expected the SHA-256 of temp_key and data",
    );
  }
  return padded;
}

/**
 * Encrypts with the older scheme: RSA of SHA1(data), the data, and random bytes up to 255 bytes.
 * Telegram's own servers require {@linkcode rsaPad}; this is for older clients and servers.
 *
 * @param key A 2048-bit key of the server.
 * @param data At most 235 bytes.
 * @param random The source of the padding.
 * @returns 256 bytes
 * @throws {RangeError} if the data is too long or the key does not have exactly 2048 bits
 */
export function rsaEncryptSha1(key: RsaPublicKey, data: Uint8Array, random: Random): Uint8Array {
  checkKey(key);
  const capacity = SHA1_SCHEME_LENGTH - SHA1_LENGTH;
  checkDataLength(data, capacity);
  const number = concatBytes(sha1(data), data, random(capacity - data.length));
  return modPow(number, key.e, key.n);
}

/**
 * Decrypts what {@linkcode rsaEncryptSha1} encrypted. It does **not** check the hash, because only
 * the TL of the data tells where the data ends: compare the SHA1 of exactly the data with the first
 * 20 bytes.
 *
 * @param key The private key.
 * @param encrypted 256 bytes.
 * @returns 255 bytes: SHA1 of the data (20), the data, padding.
 * @throws {RangeError} if the bytes do not decrypt to a number of 255 bytes, or their own length or
 * value is impossible
 */
export function rsaDecryptSha1(key: RsaPrivateKey, encrypted: Uint8Array): Uint8Array {
  const number = decrypt(key, encrypted);
  if (number[0] !== 0) {
    throw new RangeError(
      `Cannot decrypt with RSA: the number inside has 256 bytes, expected ${SHA1_SCHEME_LENGTH}`,
    );
  }
  return number.subarray(1);
}

function decrypt(key: RsaPrivateKey, encrypted: Uint8Array): Uint8Array {
  checkKey(key);
  if (encrypted.length !== RSA_LENGTH) {
    throw new RangeError(
      `Cannot decrypt with RSA: the data has ${encrypted.length} bytes, expected ${RSA_LENGTH}`,
    );
  }
  if (!isBelow(encrypted, key.n)) {
    throw new RangeError(
      "Cannot decrypt with RSA: the data is a number above the modulus, expected one below it",
    );
  }
  return modPow(encrypted, key.d, key.n);
}

function checkKey(key: RsaPublicKey): void {
  if (key.n.length !== RSA_LENGTH || key.n[0] < 0x80) {
    const bits = key.n.length === 0 ? 0 : 8 * key.n.length - (Math.clz32(key.n[0]) - 24);
    throw new RangeError(`Cannot use an RSA key: its modulus has ${bits} bits, expected 2048`);
  }
}

function checkDataLength(data: Uint8Array, max: number): void {
  if (data.length > max) {
    throw new RangeError(
      `Cannot encrypt with RSA: the data has ${data.length} bytes, expected at most ${max}`,
    );
  }
}

/** Returns whether a number is below another of the same length. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  const first = a.findIndex((byte, index) => byte !== b[index]);
  return first >= 0 && a[first] < b[first];
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, index) => byte ^ b[index]);
}
