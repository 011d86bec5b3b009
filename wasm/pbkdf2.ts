/**
 * The iterations of PBKDF2-HMAC-SHA512 (RFC 8018, section 5.2; HMAC of RFC 2104), in one call.
 *
 * An HMAC hashes the padded key twice, each time as one whole block. The kernel hashes these two
 * blocks once, and every iteration starts from the two states: two block functions instead of four.
 * The message is always the previous 64 bytes, so the padding after them is also written once.
 */

import { DIGEST, KEY, wipe } from "./memory";
import { SHA512_STATE, sha512Compress, sha512Reset, sha512Store, sha512Wipe } from "./sha512";

const INNER: usize = memory.data(64, 16);
const OUTER: usize = memory.data(64, 16);

/** A digest (64 bytes), and the padding that ends a hash of one key block and one digest. */
const BLOCK: usize = memory.data(128, 16);

/** Hashes KEY xor `pad`, and stores the state at `state`. */
function hashKey(pad: v128, state: usize): void {
  for (let i: usize = 0; i < 128; i += 16) {
    v128.store(BLOCK + i, v128.xor(v128.load(KEY + i), pad));
  }
  sha512Reset();
  sha512Compress(BLOCK);
  memory.copy(state, SHA512_STATE, 64);
}

/** Hashes BLOCK from a stored state, and writes the digest back to BLOCK. */
function hashBlock(state: usize): void {
  memory.copy(SHA512_STATE, state, 64);
  sha512Compress(BLOCK);
  sha512Store(BLOCK);
}

/**
 * Reads the key as a block of 128 bytes from KEY, and U1 = HMAC(key, salt ‖ INT(1)) from DIGEST.
 * Writes U1 ^ U2 ^ … ^ U(iterations) to DIGEST. Wipes KEY.
 */
export function pbkdf2HmacSha512(iterations: i32): void {
  hashKey(i8x16.splat(0x36), INNER);
  hashKey(i8x16.splat(0x5c), OUTER);
  memory.copy(BLOCK, DIGEST, 64);
  store<u8>(BLOCK, 0x80, 64);
  memory.fill(BLOCK + 65, 0, 61);
  store<u16>(BLOCK, bswap<u16>(192 * 8), 126);
  for (let i = 1; i < iterations; i++) {
    hashBlock(INNER);
    hashBlock(OUTER);
    for (let j: usize = 0; j < 64; j += 16) {
      v128.store(DIGEST + j, v128.xor(v128.load(DIGEST + j), v128.load(BLOCK + j)));
    }
  }
  wipe(KEY, 128);
  wipe(INNER, 64);
  wipe(OUTER, 64);
  wipe(BLOCK, 128);
  sha512Wipe();
}
