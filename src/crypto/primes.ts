/**
 * Tests for primes, and the checks of Diffie-Hellman groups and public values that every client
 * must make: https://core.telegram.org/mtproto/security_guidelines#diffie-hellman-key-exchange
 *
 * The checks return faults as text: the key exchange and SRP each throw their own error. No value
 * here is secret, so the time may depend on values.
 */
import type { Random } from "../runtime/mod.ts";
import { bigIntToBytes, bytesToBigInt, bytesToHex, hexToBytes } from "./bytes.ts";
import { modPow } from "./modexp.ts";
import { kernels } from "./wasm.ts";

/** The prime of Telegram's servers, 2048 bits. */
const TELEGRAM_DH_PRIME_HEX =
  "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d2" +
  "2530f4dbfa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc97465129693284" +
  "54f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a69581" +
  "1051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d" +
  "169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850c" +
  "e929851f0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b";

/**
 * The `dh_prime` of Telegram's servers (256 bytes), as on
 * https://core.telegram.org/mtproto/samples-auth_key. It is a safe prime; its good generators are
 * 3, 4 and 7.
 */
export const TELEGRAM_DH_PRIME: Uint8Array = hexToBytes(TELEGRAM_DH_PRIME_HEX);

/** A composite number passes one round with a probability of at most 1/4, and all with 2^-128. */
const ROUNDS = 64;
const MAX_BYTES = 256;
const GROUP_BITS = 2048n;
/** Public values must keep this many bits away from 0 and from p. */
const MARGIN = 1n << (GROUP_BITS - 64n);

const SMALL_PRIMES = [
  ...[3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89],
  ...[97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181],
  ...[191, 193, 197, 199, 211, 223, 227, 229, 233, 239, 241, 251],
];

/**
 * Returns whether a number is prime. Exact below 2^64. Above, 64 rounds of Miller-Rabin with random
 * bases: a composite number passes with a probability of at most 2^-128, also one that an attacker
 * chose.
 *
 * @param n Big-endian, at most 256 bytes.
 * @param random The source of the bases.
 * @throws {RangeError} if the number has more than 2048 bits
 *
 * @example
 * ```ts
 * import { isPrime } from "@tessera/mtproto/crypto";
 *
 * const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
 * isPrime(Uint8Array.of(1, 0, 1), random); // true: 65537
 * ```
 */
export function isPrime(n: Uint8Array, random: Random): boolean {
  const value = toBigInt(n);
  if (value >> 64n === 0n) return kernels().isPrime64(value) !== 0;
  return !hasSmallFactor(value) && isProbablePrime(value, 2n) &&
    passesRandomRounds(value, ROUNDS - 1, random);
}

/**
 * Returns whether a number is a safe prime: p and (p - 1) / 2 are both prime, as certainly as in
 * {@linkcode isPrime}.
 *
 * A 2048-bit safe prime takes about a third of a second, other numbers a few milliseconds at most.
 *
 * @param n Big-endian, at most 256 bytes.
 * @param random The source of the bases.
 * @throws {RangeError} if the number has more than 2048 bits
 */
export function isSafePrime(n: Uint8Array, random: Random): boolean {
  const p = toBigInt(n);
  if (p < 5n || p % 2n === 0n) return false;
  const q = p >> 1n;
  if (p >> 64n === 0n) return kernels().isPrime64(p) !== 0 && kernels().isPrime64(q) !== 0;
  if (hasSmallFactor(p) || hasSmallFactor(q)) return false;
  // If q is prime, one round to base 2 proves that p is
  // (Pocklington: q > sqrt(p), and 2^2 - 1 = 3 does not divide p).
  return isProbablePrime(q, 2n) && isProbablePrime(p, 2n) &&
    (q >> 64n === 0n ? kernels().isPrime64(q) !== 0 : passesRandomRounds(q, ROUNDS - 1, random));
}

/** The last safe prime that was checked: the guidelines advise to check a group once. */
let lastSafePrime = TELEGRAM_DH_PRIME_HEX;

/**
 * Checks a Diffie-Hellman group of a server: p is a safe prime of exactly 2048 bits, and g (2 to 7)
 * generates its subgroup of prime order (p - 1) / 2. It does not test Telegram's own prime and the
 * last good one again.
 *
 * @param prime p, big-endian.
 * @param g The generator.
 * @param random The source of the bases for Miller-Rabin.
 * @returns the fault, or undefined if the group is good
 *
 * @example
 * ```ts
 * import { checkDhGroup, TELEGRAM_DH_PRIME } from "@tessera/mtproto/crypto";
 *
 * const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
 * checkDhGroup(TELEGRAM_DH_PRIME, 3, random); // undefined: good
 * checkDhGroup(TELEGRAM_DH_PRIME, 2, random); // "g is 2 but p mod 8 is 3, expected 7"
 * ```
 */
export function checkDhGroup(prime: Uint8Array, g: number, random: Random): string | undefined {
  const p = bytesToBigInt(prime);
  if (p >> (GROUP_BITS - 1n) !== 1n) {
    return `p has ${p === 0n ? 0 : p.toString(2).length} bits, expected exactly ${GROUP_BITS}`;
  }
  const fault = checkGenerator(p, g);
  if (fault !== undefined) return fault;
  const bytes = bigIntToBytes(p, MAX_BYTES);
  const hex = bytesToHex(bytes);
  if (hex === lastSafePrime || hex === TELEGRAM_DH_PRIME_HEX) return undefined;
  if (!isSafePrime(bytes, random)) return "p is not a safe prime, expected p and (p - 1) / 2 prime";
  lastSafePrime = hex;
  return undefined;
}

/**
 * Checks a public value (g_a, g_b, SRP's A) of a 2048-bit group: 1 < v < p - 1, and
 * 2^1984 ≤ v ≤ p - 2^1984.
 *
 * @param value The public value, big-endian.
 * @param prime p, big-endian.
 * @returns the fault, or undefined if the value is good
 *
 * @example
 * ```ts
 * import { checkDhPublic, TELEGRAM_DH_PRIME } from "@tessera/mtproto/crypto";
 *
 * checkDhPublic(Uint8Array.of(1), TELEGRAM_DH_PRIME); // "it is at most 1, expected 1 < v < p - 1"
 * ```
 */
export function checkDhPublic(value: Uint8Array, prime: Uint8Array): string | undefined {
  const v = bytesToBigInt(value);
  const p = bytesToBigInt(prime);
  if (v <= 1n) return "it is at most 1, expected 1 < v < p - 1";
  if (v >= p - 1n) return "it is at least p - 1, expected 1 < v < p - 1";
  if (v < MARGIN) return "it is below 2^1984, expected 2^1984 ≤ v ≤ p - 2^1984";
  if (v > p - MARGIN) return "it is above p - 2^1984, expected 2^1984 ≤ v ≤ p - 2^1984";
  return undefined;
}

/** The generators, each with the remainders of p that make it a quadratic residue mod p. */
const GENERATORS: ReadonlyMap<number, { modulus: bigint; remainders: readonly bigint[] }> = new Map(
  [
    [2, { modulus: 8n, remainders: [7n] }],
    [3, { modulus: 3n, remainders: [2n] }],
    [4, { modulus: 1n, remainders: [0n] }], // a square for every p
    [5, { modulus: 5n, remainders: [1n, 4n] }],
    [6, { modulus: 24n, remainders: [19n, 23n] }],
    [7, { modulus: 7n, remainders: [3n, 5n, 6n] }],
  ],
);

function checkGenerator(p: bigint, g: number): string | undefined {
  const condition = GENERATORS.get(g);
  if (condition === undefined) return `g is ${g}, expected 2 to 7`;
  const { modulus, remainders } = condition;
  const remainder = p % modulus;
  return remainders.includes(remainder)
    ? undefined
    : `g is ${g} but p mod ${modulus} is ${remainder}, expected ${remainders.join(" or ")}`;
}

function toBigInt(n: Uint8Array): bigint {
  const value = bytesToBigInt(n);
  if (value >> BigInt(8 * MAX_BYTES) !== 0n) {
    throw new RangeError(
      `Cannot test for a prime: the number has ${n.length} bytes, expected at most ${MAX_BYTES}`,
    );
  }
  return value;
}

/** Returns whether a number above 2^63 has a factor below 256. */
function hasSmallFactor(n: bigint): boolean {
  return n % 2n === 0n || SMALL_PRIMES.some((prime) => n % BigInt(prime) === 0n);
}

function passesRandomRounds(n: bigint, rounds: number, random: Random): boolean {
  const length = Math.ceil(n.toString(16).length / 2);
  for (let round = 0; round < rounds; round++) {
    // With eight bytes more than n, the remainder is nearly uniform in 2..n - 2.
    const base = bytesToBigInt(random(length + 8)) % (n - 3n) + 2n;
    if (!isProbablePrime(n, base)) return false;
  }
  return true;
}

/** Runs one round of Miller-Rabin: whether an odd number is a strong probable prime to the base. */
function isProbablePrime(n: bigint, base: bigint): boolean {
  const length = Math.ceil(n.toString(16).length / 2);
  let odd = n - 1n;
  let twos = 0;
  while (odd % 2n === 0n) {
    odd >>= 1n;
    twos++;
  }
  const modulus = bigIntToBytes(n, length);
  let power = bytesToBigInt(
    modPow(bigIntToBytes(base, length), bigIntToBytes(odd, length), modulus),
  );
  if (power === 1n || power === n - 1n) return true;
  for (let i = 1; i < twos; i++) {
    power = power * power % n;
    if (power === n - 1n) return true;
  }
  return false;
}
