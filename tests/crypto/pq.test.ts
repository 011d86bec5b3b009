import { factorizePq } from "../../src/crypto/pq.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import type { Random } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

function isPrime(n: bigint): boolean {
  return kernels().isPrime64(n) !== 0;
}

/** A random prime of exactly `bits` bits. */
function randomPrime(random: Random, bits: number): bigint {
  while (true) {
    const number = new DataView(random(8).buffer).getBigUint64(0);
    const candidate = (number >> BigInt(64 - bits)) | 1n << BigInt(bits - 1) | (bits > 1 ? 1n : 0n);
    if (isPrime(candidate)) return candidate;
  }
}

/** The primes below `limit`. */
function sieve(limit: number): boolean[] {
  const prime = new Array<boolean>(limit).fill(true);
  prime[0] = prime[1] = false;
  for (let i = 2; i * i < limit; i++) {
    if (prime[i]) { for (let j = i * i; j < limit; j += i) prime[j] = false; }
  }
  return prime;
}

for (const { pq, p, q } of readVectors<{ pq: string; p: string; q: string }>("pq.json")) {
  Deno.test(`factorizePq() finds the published factors of ${pq}`, () => {
    assertEquals(factorizePq(BigInt(pq)), [BigInt(p), BigInt(q)]);
  });
}

const LIMIT = runs(4_000, 20_000);

Deno.test(`factorizePq() factorises or refuses every number below ${LIMIT} correctly`, () => {
  const prime = sieve(LIMIT);
  for (let n = 0; n < LIMIT; n++) {
    assertEquals(isPrime(BigInt(n)), prime[n], `${n}`);
    let p = 2;
    while (p * p <= n && n % p !== 0) p++;
    if (n > 3 && p * p <= n && prime[n / p]) {
      assertEquals(factorizePq(BigInt(n)), [BigInt(p), BigInt(n / p)]);
    } else {
      assertThrows(() => factorizePq(BigInt(n)), RangeError, `Cannot factorise pq "${n}"`);
    }
  }
});

Deno.test("factorizePq() factorizes products of primes of all sizes", () => {
  const random = seededRandom(1);
  for (let i = 0; i < runs(300, 1000); i++) {
    const bits = 2 + pick(random, 31);
    const first = randomPrime(random, bits);
    const second = randomPrime(random, 2 + pick(random, 63 - bits));
    const [p, q] = first < second ? [first, second] : [second, first];
    assertEquals(factorizePq(p * q), [p, q]);
  }
});

Deno.test("factorizePq() factorizes products of two primes of 31 or 32 bits", () => {
  const random = seededRandom(2);
  for (let i = 0; i < 300; i++) {
    const bits = 31 + i % 2;
    const first = randomPrime(random, bits);
    const second = randomPrime(random, bits);
    const [p, q] = first < second ? [first, second] : [second, first];
    assertEquals(factorizePq(p * q), [p, q]);
  }
});

Deno.test("factorizePq() factorises squares of primes", () => {
  const random = seededRandom(3);
  for (const p of [2n, 3n, 5n, 7n, 65537n, 2147483647n, 4294967291n]) {
    assertEquals(factorizePq(p * p), [p, p]);
  }
  for (let bits = 2; bits <= 32; bits++) {
    const p = randomPrime(random, bits);
    assertEquals(factorizePq(p * p), [p, p]);
  }
});

Deno.test("factorizePq() covers the range up to 2^64: the largest products and an even one", () => {
  assertEquals(factorizePq(4294967279n * 4294967291n), [4294967279n, 4294967291n]);
  assertEquals(factorizePq(3n * 6148914691236517199n), [3n, 6148914691236517199n]);
  assertEquals(factorizePq(2n * 9223372036854775783n), [2n, 9223372036854775783n]);
});

Deno.test("factorizePq() returns the same answer every time", () => {
  const first = factorizePq(0x17ED48941A08F981n);
  for (let i = 0; i < 5; i++) assertEquals(factorizePq(0x17ED48941A08F981n), first);
});

Deno.test("factorizePq() refuses primes", () => {
  for (const prime of [2n, 3n, 2147483647n, 2305843009213693951n, 18446744073709551557n]) {
    assertThrows(() => factorizePq(prime), RangeError, "expected a product of two primes");
  }
});

Deno.test("factorizePq() does not take strong pseudoprimes for primes (OEIS A014233)", () => {
  for (
    const n of [
      ...[2047n, 1373653n, 25326001n, 3215031751n, 2152302898747n, 3474749660383n],
      ...[341550071728321n, 3825123056546413051n],
    ]
  ) {
    assert(!isPrime(n), `${n}`);
  }
});

Deno.test("factorizePq() refuses 0, 1, negative and longer numbers, and tells the reason", () => {
  for (
    const [n, reason] of [
      [0n, 'Cannot factorise pq "0": it is too small'],
      [1n, 'Cannot factorise pq "1": it is too small'],
      [-15n, 'Cannot factorise pq "-15": it is negative'],
      [1n << 64n, "it has more than 64 bits"],
      [15n << 4000n, "it has more than 64 bits"],
      [30n, "it has more than two prime factors"],
      [18446744073709551615n, "it has more than two prime factors"],
    ] as const
  ) {
    assertThrows(() => factorizePq(n), RangeError, reason);
  }
});
