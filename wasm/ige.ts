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

/**
 * IGE encryption is CBC encryption between two exclusive ors: with x[i] = c[i] ^ p[i-1],
 *     x[i] = E(p[i] ^ p[i-2] ^ x[i-1])
 * so CBC of p[i] ^ p[i-2] from the first half of the IV on is x, where p[-2] is 0. Runtimes have
 * CBC, and it is fast. This writes the input of CBC for the `length` bytes of plaintext at `plain`
 * to `masked`. IV has p[-2] and p[-1].
 */
export function igeMask(plain: usize, masked: usize, length: i32): void {
  let first = v128.load(IV), second = v128.load(IV, 16);
  for (const end = plain + length; plain < end; plain += 16, masked += 16) {
    const block = v128.load(plain);
    v128.store(masked, v128.xor(block, first));
    first = second;
    second = block;
  }
}

/** Makes IGE of the result of CBC in `masked`, and leaves the next chunk's blocks in IV. */
export function igeUnmask(plain: usize, masked: usize, length: i32): void {
  let first = v128.load(IV), second = v128.load(IV, 16);
  for (const end = plain + length; plain < end; plain += 16, masked += 16) {
    v128.store(masked, v128.xor(v128.load(masked), second));
    first = second;
    second = v128.load(plain);
  }
  v128.store(IV, first);
  v128.store(IV, second, 16);
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
