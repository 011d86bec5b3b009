/**
 * AES-256-IGE and the encrypted message of MTProto 2.0 written from their definitions, one block
 * and one step at a time, on top of OpenSSL's AES-256-ECB and SHA-256 (node:crypto): what the
 * kernels are compared with.
 */
import { Buffer } from "node:buffer";
import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { concatBytes } from "../../src/crypto/bytes.ts";

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]);
}

/** Quick equality for megabytes, where assertEquals() would take seconds. */
export function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}

function blocks(data: Uint8Array): Uint8Array[] {
  return Array.from({ length: data.length / 16 }, (_, i) => data.subarray(16 * i, 16 * i + 16));
}

/** c[i] = E(p[i] ^ c[i-1]) ^ p[i-1], with iv = c[-1] then p[-1]. */
export function referenceIgeEncrypt(
  data: Uint8Array,
  key: Uint8Array,
  iv: Uint8Array,
): Uint8Array {
  const aes = createCipheriv("aes-256-ecb", key, null);
  let [cipher, plain] = blocks(iv);
  return concatBytes(
    ...blocks(data).map((block) => {
      cipher = xor(new Uint8Array(aes.update(xor(block, cipher))), plain);
      plain = block;
      return cipher;
    }),
  );
}

/** p[i] = D(c[i] ^ p[i-1]) ^ c[i-1]. */
export function referenceIgeDecrypt(
  data: Uint8Array,
  key: Uint8Array,
  iv: Uint8Array,
): Uint8Array {
  const aes = createDecipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  let [cipher, plain] = blocks(iv);
  return concatBytes(
    ...blocks(data).map((block) => {
      plain = xor(new Uint8Array(aes.update(xor(block, plain))), cipher);
      cipher = block;
      return plain;
    }),
  );
}

/**
 * IGE as CBC: q[i] = p[i] ^ p[i-2]; c[i] = CBC(q)[i] ^ p[i-1]. Quick for long data, and a second
 * opinion.
 */
export function cbcIgeEncrypt(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const before = concatBytes(new Uint8Array(16), iv.subarray(16), data);
  const masked = data.slice();
  for (let i = 0; i < data.length; i++) masked[i] ^= before[i];
  const result = new Uint8Array(
    createCipheriv("aes-256-cbc", key, iv.subarray(0, 16)).update(masked),
  );
  for (let i = 0; i < data.length; i++) result[i] ^= before[16 + i];
  return result;
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** SQL's substr, as the page uses it: counted from 0. */
function substr(bytes: Uint8Array, start: number, length: number): Uint8Array {
  return bytes.subarray(start, start + length);
}

/**
 * https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector, line by
 * line.
 */
export function referenceKeys(
  authKey: Uint8Array,
  msgKey: Uint8Array,
  x: 0 | 8,
): { aesKey: Uint8Array; aesIv: Uint8Array } {
  const sha256a = sha256(msgKey, substr(authKey, x, 36));
  const sha256b = sha256(substr(authKey, 40 + x, 36), msgKey);
  return {
    aesKey: concatBytes(substr(sha256a, 0, 8), substr(sha256b, 8, 16), substr(sha256a, 24, 8)),
    aesIv: concatBytes(substr(sha256b, 0, 8), substr(sha256a, 8, 16), substr(sha256b, 24, 8)),
  };
}

/** auth_key_id, msg_key, encrypted_data. */
export function referenceMessage(
  authKey: Uint8Array,
  plaintext: Uint8Array,
  x: 0 | 8,
  encrypt: typeof referenceIgeEncrypt = referenceIgeEncrypt,
): Uint8Array {
  const msgKeyLarge = sha256(substr(authKey, 88 + x, 32), plaintext);
  const msgKey = substr(msgKeyLarge, 8, 16);
  const { aesKey, aesIv } = referenceKeys(authKey, msgKey, x);
  const authKeySha1 = new Uint8Array(createHash("sha1").update(authKey).digest());
  return concatBytes(substr(authKeySha1, 12, 8), msgKey, encrypt(plaintext, aesKey, aesIv));
}
