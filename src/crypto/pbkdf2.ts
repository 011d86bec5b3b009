/**
 * The first 64 bytes of PBKDF2-HMAC-SHA512 (RFC 8018, section 5.2). Telegram stretches 2FA
 * passwords with 100,000 iterations of it: https://core.telegram.org/api/srp
 */
import { concatBytes } from "./bytes.ts";
import { hmacKeyBlock, hmacSha512 } from "./hmac.ts";
import { sha512 } from "./sha.ts";
import { kernels } from "./wasm.ts";

const MAX_ITERATIONS = 2 ** 31 - 1;

/**
 * Derives 64 bytes from a password. It blocks: all iterations are one call into WASM, about 100 ms
 * for 100,000.
 *
 * @param password The password, any length.
 * @param salt The salt, any length.
 * @param iterations From 1 to 2^31 - 1.
 * @returns 64 bytes
 * @throws {RangeError} if `iterations` is out of range or not an integer
 *
 * @example
 * ```ts
 * import { encodeUtf8, pbkdf2HmacSha512 } from "@tessera/mtproto/crypto";
 *
 * pbkdf2HmacSha512(encodeUtf8("hunter2"), encodeUtf8("salt"), 1000); // 64 bytes
 * ```
 */
export function pbkdf2HmacSha512(
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
): Uint8Array {
  if (!Number.isInteger(iterations) || iterations < 1 || iterations > MAX_ITERATIONS) {
    throw new RangeError(
      `Cannot derive a key with "${iterations}" iterations: ` +
        `expected an integer from 1 to ${MAX_ITERATIONS}`,
    );
  }
  const first = hmacSha512(password, concatBytes(salt, Uint8Array.of(0, 0, 0, 1)));
  const block = hmacKeyBlock(password, sha512, 128);
  const { bytes, KEY, DIGEST, pbkdf2HmacSha512 } = kernels();
  bytes.set(block, KEY);
  bytes.set(first, DIGEST);
  block.fill(0);
  first.fill(0);
  pbkdf2HmacSha512(iterations);
  const derived = bytes.slice(DIGEST, DIGEST + 64);
  bytes.fill(0, DIGEST, DIGEST + 64);
  return derived;
}
