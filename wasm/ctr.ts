/**
 * AES-256 in counter mode (NIST SP 800-38A, section 6.5), in place. The counter is the whole block,
 * big-endian.
 */

import { aesEncryptKey, aesWipe, encryptBlock } from "./aes";
import { IV, KEY, wipe } from "./memory";

/**
 * Encrypts or decrypts `length` bytes at `address` with the 32 bytes in KEY, from the start of the
 * block with the counter in IV. Leaves in IV the counter of the first block that is not complete,
 * and wipes KEY. Works in whole blocks: it overwrites up to 15 bytes after the data.
 */
export function ctrApply(address: usize, length: i32): void {
  aesEncryptKey(KEY);
  wipe(KEY, 32);
  let upper = bswap(load<u64>(IV)), lower = bswap(load<u64>(IV, 8));
  for (; length > 0; length -= 16) {
    const counter = i64x2.replace_lane(i64x2.splat(bswap(upper)), 1, bswap(lower));
    v128.store(address, v128.xor(v128.load(address), encryptBlock(counter)));
    if (length >= 16 && ++lower === 0) upper++;
    address += 16;
  }
  store<u64>(IV, bswap(upper));
  store<u64>(IV, bswap(lower), 8);
  aesWipe();
}
