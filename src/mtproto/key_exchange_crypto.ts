/**
 * The computations and checks that both sides of the key exchange share: hashes, temporary keys,
 * nonces. https://core.telegram.org/mtproto/auth_key
 */
import {
  AUTH_KEY_LENGTH,
  checkDhPublic,
  concatBytes,
  equalBytes,
  igeDecrypt,
  igeEncrypt,
  sha1,
} from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import { demand } from "./security_error.ts";

/** The temporary AES key and IV of one key exchange. */
export interface TemporaryAes {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** Returns tmp_aes_key and tmp_aes_iv (step 5), from new_nonce (32 bytes) and server_nonce (16). */
export function temporaryAes(newNonce: Uint8Array, serverNonce: Uint8Array): TemporaryAes {
  const newServer = sha1(newNonce, serverNonce);
  const serverNew = sha1(serverNonce, newNonce);
  const newNew = sha1(newNonce, newNonce);
  return {
    key: concatBytes(newServer, serverNew.subarray(0, 12)),
    iv: concatBytes(serverNew.subarray(12, 20), newNew, newNonce.subarray(0, 4)),
  };
}

/** Encrypts SHA1(data) + data + padding of 0 to 15 random bytes. */
export function encryptWithHash(data: Uint8Array, aes: TemporaryAes, random: Random): Uint8Array {
  const padding = -(20 + data.length) & 15;
  return igeEncrypt(concatBytes(sha1(data), data, random(padding)), aes.key, aes.iv);
}

/**
 * Decrypts the result of {@linkcode encryptWithHash} to the hash, and the data with their padding.
 * Returns undefined for an impossible length.
 */
export function decryptWithHash(
  encrypted: Uint8Array,
  aes: TemporaryAes,
): { hash: Uint8Array; padded: Uint8Array } | undefined {
  if (encrypted.length < 32 || encrypted.length % 16 !== 0) return undefined;
  const decrypted = igeDecrypt(encrypted, aes.key, aes.iv);
  return { hash: decrypted.subarray(0, 20), padded: decrypted.subarray(20) };
}

/** Returns new_nonce_hash1, 2 or 3: the last 16 bytes of SHA1(new_nonce + number + aux_hash). */
export function newNonceHash(
  newNonce: Uint8Array,
  number: 1 | 2 | 3,
  authKeyAuxHash: Uint8Array,
): Uint8Array {
  return sha1(newNonce, Uint8Array.of(number), authKeyAuxHash).subarray(4, 20);
}

/** Returns the first server_salt, signed: 8 bytes of new_nonce XOR 8 bytes of server_nonce. */
export function firstServerSalt(newNonce: Uint8Array, serverNonce: Uint8Array): bigint {
  const salt = new Uint8Array(8);
  for (let i = 0; i < 8; i++) salt[i] = newNonce[i] ^ serverNonce[i];
  return new DataView(salt.buffer).getBigInt64(0, true);
}

/**
 * Checks the range of a received g_a or g_b, and that zeros do not make it longer than the prime.
 */
export function checkPublicValue(name: "g_a" | "g_b", value: Uint8Array, prime: Uint8Array): void {
  const fault = value.length > AUTH_KEY_LENGTH
    ? `it has ${value.length} bytes, expected at most ${AUTH_KEY_LENGTH}`
    : checkDhPublic(value, prime);
  demand(fault === undefined, name, () => `Cannot use ${name}: ${fault}`);
}

/** Returns a field that the schema has decoded as bytes. */
export function bytesOf(object: TlObject, field: string): Uint8Array {
  const value = object[field];
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`Cannot read ${object._}.${field}: expected bytes`);
}

/** The nonces of one exchange, which all its steps repeat. */
export interface Nonces {
  readonly nonce: Uint8Array;
  readonly serverNonce: Uint8Array;
}

/** Checks both nonces of an object. */
export function checkNonces(object: TlObject, { nonce, serverNonce }: Nonces): void {
  checkNonce(object, nonce);
  demand(
    equalBytes(bytesOf(object, "serverNonce"), serverNonce),
    "server_nonce",
    () => `Cannot accept ${object._}: its server_nonce is of another exchange`,
  );
}

/** Checks the client's nonce alone, for the first answer. */
export function checkNonce(object: TlObject, nonce: Uint8Array): void {
  demand(
    equalBytes(bytesOf(object, "nonce"), nonce),
    "nonce",
    () => `Cannot accept ${object._}: its nonce is of another exchange`,
  );
}

/** Returns an auth_key_aux_hash as a retry_id, a `long`. */
export function retryIdOf(authKeyAuxHash: Uint8Array): bigint {
  return new DataView(authKeyAuxHash.slice().buffer).getBigInt64(0, true);
}
