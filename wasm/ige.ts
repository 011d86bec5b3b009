/**
 * AES-256 in Infinite Garble Extension mode, in place. MTProto's page does not define it; this is
 * OpenSSL's definition:
 *     c[i] = E(p[i] ^ c[i-1]) ^ p[i-1]        p[i] = D(c[i] ^ p[i-1]) ^ c[i-1]
 * where c[-1] is the first half of the initialization vector and p[-1] the second.
 */

import { aesDecryptKey, aesEncryptKey, aesWipe, decryptBlock, encryptBlock } from "./aes";
import { IV, KEY, wipe } from "./memory";

/** Encrypts `length` bytes at `address`, a multiple of 16. Leaves the next chunk's IV in IV. */
export function igeEncryptChunk(address: usize, length: i32): void {
  let cipher = v128.load(IV), plain = v128.load(IV, 16);
  for (const end = address + length; address < end; address += 16) {
    const block = v128.load(address);
    cipher = v128.xor(encryptBlock(v128.xor(block, cipher)), plain);
    plain = block;
    v128.store(address, cipher);
  }
  v128.store(IV, cipher);
  v128.store(IV, plain, 16);
}

/** Decrypts `length` bytes at `address`, a multiple of 16. Leaves the next chunk's IV in IV. */
export function igeDecryptChunk(address: usize, length: i32): void {
  let cipher = v128.load(IV), plain = v128.load(IV, 16);
  for (const end = address + length; address < end; address += 16) {
    const block = v128.load(address);
    plain = v128.xor(decryptBlock(v128.xor(block, plain)), cipher);
    cipher = block;
    v128.store(address, plain);
  }
  v128.store(IV, cipher);
  v128.store(IV, plain, 16);
}

/** Prepares igeEncryptChunk() with the 32 bytes in KEY, and wipes KEY. */
export function igeEncryptBegin(): void {
  aesEncryptKey(KEY);
  wipe(KEY, 32);
}

/** Prepares igeDecryptChunk() with the 32 bytes in KEY, and wipes KEY. */
export function igeDecryptBegin(): void {
  aesDecryptKey(KEY);
  wipe(KEY, 32);
}

/** Wipes the round keys and IV. */
export function igeEnd(): void {
  aesWipe();
  wipe(IV, 32);
}
