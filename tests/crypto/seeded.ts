/**
 * Helpers of the tests of big numbers: random bytes that are the same in every run, and the modular
 * power in BigInt as an independent reference.
 */

/** Returns a source of random bytes with a seed (xorshift32; not for secrets). */
import type { Random } from "../../src/runtime/mod.ts";
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

/** Returns a whole number in 0..limit-1 (limit at most 65536). */
export function pick(random: Random, limit: number): number {
  const [high, low] = random(2);
  return (high << 8 | low) % limit;
}

/** base^exponent mod modulus, by squaring and multiplying. */
export function powerBySquaring(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  let factor = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * factor % modulus;
    factor = factor * factor % modulus;
  }
  return result;
}

/** Reads a JSON file in tests/vectors; its `source` is for the reader. */
export function readVectors<T>(name: string): T[] {
  const url = new URL(`../vectors/${name}`, import.meta.url);
  const { cases }: { cases: T[] } = JSON.parse(Deno.readTextFileSync(url));
  return cases;
}
