/**
 * Factorisation of pq, the small proof of work at the beginning of a key exchange:
 * https://core.telegram.org/mtproto/auth_key#proof-of-work (step 3).
 * Numbers of more than 64 bits are not supported; Telegram does not send them.
 */
import { kernels } from "./wasm.ts";

const LIMIT = 1n << 64n;

/**
 * Factorises the product of two primes, p ≤ q. Deterministic, and bounded for any input. The 62-bit
 * numbers of Telegram usually take less than a millisecond.
 *
 * @param pq The product, below 2^64.
 * @returns the two primes, the smaller one first; they are equal if pq is a square
 * @throws {RangeError} if the number is not a product of exactly two primes, or is out of range
 *
 * @example
 * ```ts
 * import { factorizePq } from "@tessera/mtproto/crypto";
 *
 * factorizePq(0x17ED48941A08F981n); // [0x494C553Bn, 0x53911073n]
 * ```
 */
export function factorizePq(pq: bigint): [p: bigint, q: bigint] {
  if (pq < 4n || pq >= LIMIT) {
    const problem = pq < 0n
      ? "it is negative"
      : pq < 4n
      ? "it is too small"
      : "it has more than 64 bits";
    throw failure(pq, problem);
  }
  const { factorize64, isPrime64 } = kernels();
  // BigInts wrap to signed numbers on the way into WASM, and come out signed.
  if (isPrime64(pq) !== 0) throw failure(pq, "it is a prime");
  const divisor = BigInt.asUintN(64, factorize64(pq));
  if (divisor === 0n) throw failure(pq, "no factor was found");
  const other = pq / divisor;
  if (isPrime64(divisor) === 0 || isPrime64(other) === 0) {
    throw failure(pq, "it has more than two prime factors");
  }
  return divisor < other ? [divisor, other] : [other, divisor];
}

function failure(pq: bigint, problem: string): RangeError {
  // The number of a hostile server may have any length.
  const shown = pq > -LIMIT && pq < LIMIT ? `${pq}` : "…";
  return new RangeError(
    `Cannot factorise pq "${shown}": ${problem}, expected a product of two primes`,
  );
}
