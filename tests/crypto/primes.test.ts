import { checkPrimeSync, getDiffieHellman } from "node:crypto";
import { bigIntToBytes, bytesToBigInt, bytesToHex } from "../../src/crypto/bytes.ts";
import {
  checkDhGroup,
  checkDhPublic,
  isPrime,
  isSafePrime,
  TELEGRAM_DH_PRIME,
} from "../../src/crypto/primes.ts";
import type { Random } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { longTest, runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";

function bytesOf(n: bigint): Uint8Array {
  return bigIntToBytes(n, Math.max(1, Math.ceil(n.toString(16).length / 2)));
}

function isSmallPrime(n: number): boolean {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return n > 1;
}

/** The 2048-bit safe prime of RFC 3526, section 3; its generator is 2. */
function modp14(): Uint8Array {
  return new Uint8Array(getDiffieHellman("modp14").getPrime());
}

const noRandom: Random = () => {
  throw new Error("no random bytes were expected to be drawn");
};

Deno.test("isPrime() and isSafePrime() are correct for every number below 5,000", () => {
  for (let n = 0; n < 5000; n++) {
    const bytes = bigIntToBytes(BigInt(n), 4);
    assertEquals(isPrime(bytes, noRandom), isSmallPrime(n), `${n}`);
    const safe = n % 2 === 1 && isSmallPrime(n) && isSmallPrime((n - 1) / 2);
    assertEquals(isSafePrime(bytes, noRandom), safe, `${n}`);
  }
});

Deno.test("isPrime() agrees with node:crypto on random odd numbers of 60 to 250 bits", () => {
  const random = seededRandom(1);
  let primes = 0;
  for (let i = 0; i < runs(400, 1500); i++) {
    const bits = BigInt(60 + pick(random, 191));
    const n = bytesToBigInt(random(32)) & (1n << bits) - 1n | 1n;
    const expected = checkPrimeSync(n);
    if (expected) primes++;
    assertEquals(isPrime(bytesOf(n), random), expected, `${n}`);
  }
  assert(primes > 4, "primes were among the cases");
});

Deno.test("isPrime() recognises primes of special forms, and their products", () => {
  const random = seededRandom(2);
  const primes = [61n, 89n, 107n, 127n, 521n, 607n].map((bits) => (1n << bits) - 1n); // Mersenne
  primes.push((1n << 255n) - 19n, (1n << 448n) - (1n << 224n) - 1n, 18446744073709551557n);
  for (const prime of primes) assert(isPrime(bytesOf(prime), random), `${prime}`);
  for (const p of primes) {
    for (const q of primes) assert(!isPrime(bytesOf(p * q), random), `${p} * ${q}`);
  }
});

Deno.test("isPrime() draws random bases: Arnault's number passes for all primes below 307", () => {
  // F. Arnault, "Rabin-Miller primality test: composite numbers which pass it" (1995): 397 digits.
  const p = BigInt(
    "2967449566868551055015417464290533273077199179985304335099507553" +
      "127683875317177019959423859642" +
      "8121188033664754218345562493168782883",
  );
  const n = p * (313n * (p - 1n) + 1n) * (353n * (p - 1n) + 1n);
  assert(isPrime(bytesOf(p), seededRandom(3)));
  for (let seed = 0; seed < runs(5, 20); seed++) assert(!isPrime(bytesOf(n), seededRandom(seed)));
});

Deno.test("isPrime() refuses Carmichael numbers beyond 64 bits", () => {
  const random = seededRandom(4);
  // (6k + 1)(12k + 1)(18k + 1) is a Carmichael number where all three are primes (Chernick, 1939).
  let found = 0;
  for (let k = 1n << 24n; found < 20; k++) {
    const factors = [6n * k + 1n, 12n * k + 1n, 18n * k + 1n];
    if (!factors.every((factor) => isPrime(bytesOf(factor), random))) continue;
    assert(!isPrime(bytesOf(factors[0] * factors[1] * factors[2]), random));
    found++;
  }
});

Deno.test("isPrime() and isSafePrime() refuse numbers of more than 2048 bits", () => {
  const long = new Uint8Array(257).fill(1);
  assertThrows(() => isPrime(long, noRandom), RangeError, "257 bytes, expected at most 256");
  assertThrows(() => isSafePrime(long, noRandom), RangeError, "257 bytes, expected at most 256");
});

Deno.test("isSafePrime() requires that both p and (p - 1) / 2 are prime", () => {
  const random = seededRandom(5);
  // Safe primes around 2^64 and 2^128, found by search here, confirmed with node:crypto.
  for (
    const start of [(1n << 64n) - 5000n, 1n << 64n, 1n << 65n, 1n << 128n].slice(0, runs(1, 4))
  ) {
    let [safe, onlyP, onlyQ] = [0, 0, 0];
    for (let p = start | 3n; safe === 0 || onlyP === 0 || onlyQ === 0; p += 4n) {
      const expected = [checkPrimeSync(p), checkPrimeSync(p >> 1n)];
      assertEquals(isSafePrime(bytesOf(p), random), expected[0] && expected[1], `${p}`);
      if (expected[0] && expected[1]) safe++;
      else if (expected[0]) onlyP++;
      else if (expected[1]) onlyQ++;
    }
  }
});

Deno.test("isSafePrime() is false for twice a prime", () => {
  for (const prime of [3n, 1000003n, (1n << 89n) - 1n, bytesToBigInt(TELEGRAM_DH_PRIME) >> 1n]) {
    assertEquals(isSafePrime(bytesOf(2n * prime), seededRandom(8)), false, `${prime}`);
  }
});

Deno.test("TELEGRAM_DH_PRIME is a safe prime of 2048 bits", () => {
  assertEquals(TELEGRAM_DH_PRIME.length, 256);
  assertEquals(bytesToHex(TELEGRAM_DH_PRIME.subarray(0, 8)), "c71caeb9c6b1c904");
  assert(isSafePrime(TELEGRAM_DH_PRIME, seededRandom(6)));
});

Deno.test("checkDhGroup() takes Telegram's prime with 3, 4 and 7, and does not test it", () => {
  for (const g of [3, 4, 7]) assertEquals(checkDhGroup(TELEGRAM_DH_PRIME, g, noRandom), undefined);
  for (
    const [g, fault] of [
      [2, "g is 2 but p mod 8 is 3, expected 7"],
      [5, "g is 5 but p mod 5 is 3, expected 1 or 4"],
      [6, "g is 6 but p mod 24 is 11, expected 19 or 23"],
      [1, "g is 1, expected 2 to 7"],
      [0, "g is 0, expected 2 to 7"],
      [8, "g is 8, expected 2 to 7"],
      [-3, "g is -3, expected 2 to 7"],
      [NaN, "g is NaN, expected 2 to 7"],
    ] as const
  ) {
    assertEquals(checkDhGroup(TELEGRAM_DH_PRIME, g, noRandom), fault);
  }
});

longTest("checkDhGroup()'s conditions on g are those of a quadratic residue", () => {
  // Euler's criterion on the prime of RFC 3526 and on Telegram's: g^((p - 1) / 2) = 1 mod p.
  const random = seededRandom(7);
  for (const prime of [TELEGRAM_DH_PRIME, modp14()]) {
    const p = bytesToBigInt(prime);
    for (const g of [2, 3, 4, 5, 6, 7]) {
      let power = 1n;
      for (const bit of (p >> 1n).toString(2)) {
        power = power * power % p;
        if (bit === "1") power = power * BigInt(g) % p;
      }
      assertEquals(checkDhGroup(prime, g, random) === undefined, power === 1n, `g = ${g}`);
    }
  }
});

Deno.test("checkDhGroup() tests another prime once, and remembers it", () => {
  const prime = modp14();
  assertEquals(checkDhGroup(TELEGRAM_DH_PRIME, 3, noRandom), undefined);
  assertEquals(checkDhGroup(prime, 2, seededRandom(8)), undefined);
  assertEquals(checkDhGroup(prime, 2, noRandom), undefined);
  assertEquals(checkDhGroup(TELEGRAM_DH_PRIME, 3, noRandom), undefined);
});

longTest("checkDhGroup() accepts the largest safe prime of 2048 bits", () => {
  const largest = bigIntToBytes((1n << 2048n) - 1942289n, 256);
  assertEquals(checkDhGroup(largest, 4, seededRandom(9)), undefined);
});

Deno.test("checkDhGroup() refuses primes that are not safe, and composite numbers", () => {
  const unsafe = "p is not a safe prime, expected p and (p - 1) / 2 prime";
  const random = seededRandom(9);
  // The largest prime of 2048 bits.
  const prime = bigIntToBytes((1n << 2048n) - 1557n, 256);
  assert(isPrime(prime, random));
  assertEquals(checkDhGroup(prime, 4, random), unsafe);
  for (const step of [2n, 4n, 840n, 1680n].slice(0, runs(1, 4))) {
    const composite = bigIntToBytes(bytesToBigInt(TELEGRAM_DH_PRIME) + step, 256);
    assertEquals(checkDhGroup(composite, 4, random), unsafe);
  }
});

Deno.test("checkDhGroup() requires exactly 2048 bits", () => {
  assertEquals(checkDhGroup(new Uint8Array(0), 3, noRandom), "p has 0 bits, expected exactly 2048");
  assertEquals(checkDhGroup(Uint8Array.of(23), 3, noRandom), "p has 5 bits, expected exactly 2048");
  const short = TELEGRAM_DH_PRIME.slice();
  short[0] &= 0x7f;
  assertEquals(checkDhGroup(short, 3, noRandom), "p has 2047 bits, expected exactly 2048");
  const long = new Uint8Array(257).fill(1);
  assertEquals(checkDhGroup(long, 3, noRandom), "p has 2049 bits, expected exactly 2048");
  const padded = new Uint8Array(260);
  padded.set(TELEGRAM_DH_PRIME, 4);
  assertEquals(checkDhGroup(padded, 3, noRandom), undefined);
});

Deno.test("checkDhPublic() accepts 2^1984 to p - 2^1984 only", () => {
  const p = bytesToBigInt(TELEGRAM_DH_PRIME);
  const margin = 1n << 1984n;
  const check = (v: bigint) => checkDhPublic(bigIntToBytes(v, 257), TELEGRAM_DH_PRIME);
  for (const v of [margin, margin + 1n, p >> 1n, p - margin]) assertEquals(check(v), undefined);
  for (const v of [0n, 1n]) assertEquals(check(v), "it is at most 1, expected 1 < v < p - 1");
  for (const v of [p - 1n, p, p + 1n, 2n * p]) {
    assertEquals(check(v), "it is at least p - 1, expected 1 < v < p - 1");
  }
  for (const v of [2n, margin - 1n]) {
    assertEquals(check(v), "it is below 2^1984, expected 2^1984 ≤ v ≤ p - 2^1984");
  }
  for (const v of [p - 2n, p - margin + 1n]) {
    assertEquals(check(v), "it is above p - 2^1984, expected 2^1984 ≤ v ≤ p - 2^1984");
  }
  assertEquals(
    checkDhPublic(new Uint8Array(0), TELEGRAM_DH_PRIME)?.slice(0, 15),
    "it is at most 1",
  );
});
