/**
 * Random bytes that are the same in every run: they pick the cases of a test, and stand for the
 * randomness of the system.
 */
import type { Random } from "../../src/runtime/mod.ts";

/** Returns a source of random bytes for a seed (xorshift32: good enough to pick cases). */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995;
  if (state === 0) state = 1;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[i] = state >>> 11;
    }
    return bytes;
  };
}

/** Returns an integer from 0 to limit - 1 (limit at most 65536). */
export function pick(random: Random, limit: number): number {
  const [high, low] = random(2);
  return (high << 8 | low) % limit;
}
