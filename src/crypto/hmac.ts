/**
 * HMAC (RFC 2104) with SHA-256 and SHA-512.
 * https://www.rfc-editor.org/rfc/rfc2104
 */
import { sha256, sha512 } from "./sha.ts";

type Hash = (...parts: Uint8Array[]) => Uint8Array;

/** Returns the key as one block of the hash: padded with zeros, or hashed first if it is longer. */
export function hmacKeyBlock(key: Uint8Array, hash: Hash, blockLength: number): Uint8Array {
  const block = new Uint8Array(blockLength);
  if (key.length <= blockLength) {
    block.set(key);
  } else {
    const hashed = hash(key);
    block.set(hashed);
    hashed.fill(0);
  }
  return block;
}

function hmac(key: Uint8Array, data: Uint8Array, hash: Hash, blockLength: number): Uint8Array {
  const block = hmacKeyBlock(key, hash, blockLength);
  for (let i = 0; i < blockLength; i++) block[i] ^= 0x36;
  const inner = hash(block, data);
  for (let i = 0; i < blockLength; i++) block[i] ^= 0x36 ^ 0x5c;
  const outer = hash(block, inner);
  block.fill(0);
  inner.fill(0);
  return outer;
}

/**
 * Computes the HMAC-SHA256 of `data`.
 *
 * @param key Any length. The RFC hashes a key of more than 64 bytes first.
 * @param data The message, any length.
 * @returns 32 bytes.
 */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(key, data, sha256, 64);
}

/**
 * Computes the HMAC-SHA512 of `data`.
 *
 * @param key Any length. The RFC hashes a key of more than 128 bytes first.
 * @param data The message, any length.
 * @returns 64 bytes.
 */
export function hmacSha512(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(key, data, sha512, 128);
}
