/**
 * Random bytes. The floors above take them as an argument, so that a test can replace them.
 */

/**
 * Returns `length` random bytes. They must be cryptographically secure, except in tests. The lower
 * floors are pure: randomness comes in through an argument of this type.
 *
 * @example
 * ```ts
 * import type { Random } from "@tessera/mtproto/crypto";
 *
 * const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
 * random(16); // 16 fresh bytes
 * ```
 */
export type Random = (length: number) => Uint8Array;

/** The most bytes that one call of `getRandomValues` fills. */
const MAX_RANDOM_LENGTH = 65536;

/** Returns random bytes of the runtime's cryptographic generator. */
export const systemRandom: Random = (length) => {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += MAX_RANDOM_LENGTH) {
    crypto.getRandomValues(bytes.subarray(start, start + MAX_RANDOM_LENGTH));
  }
  return bytes;
};

/** Returns a random signed 64-bit number, as TL has for session ids, ping ids and message ids. */
export function randomLong(random: Random): bigint {
  const bytes = random(8);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true);
}
