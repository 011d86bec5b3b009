/**
 * Factorisation of 64-bit numbers: Pollard's rho in Brent's form, on 64-bit Montgomery arithmetic.
 *
 * R. P. Brent, "An improved Monte Carlo factorization algorithm" (1980). Deterministic: it tries
 * the polynomials x^2 + 1, x^2 + 2, … in this order. No value is secret: pq travels in the clear.
 */

/** The odd modulus of the arithmetic below, and its inverse mod 2^64. */
let n: u64 = 0;
let inverse: u64 = 0;
/** 2^64 mod n and 2^128 mod n. */
let one: u64 = 0;
let square: u64 = 0;

/** Steps between two gcds. */
const BATCH: i32 = 128;
/** Steps per polynomial. Most factors below 2^32 take about 2^17 steps at most. */
const MAX_STEPS: i32 = 1 << 20;
const MAX_POLYNOMIALS: u64 = 16;

/** Returns the upper half of a 128-bit product. */
function multiplyHigh(a: u64, b: u64): u64 {
  const a0 = a & 0xffffffff;
  const a1 = a >> 32;
  const b0 = b & 0xffffffff;
  const b1 = b >> 32;
  const middle = a1 * b0 + ((a0 * b0) >> 32);
  return a1 * b1 + (middle >> 32) + ((a0 * b1 + (middle & 0xffffffff)) >> 32);
}

/** Returns a * b / 2^64 mod n, for a * b < 2^64 * n. */
function multiply(a: u64, b: u64): u64 {
  const high = multiplyHigh(a, b);
  const multiple = multiplyHigh(a * b * inverse, n);
  return high - multiple + (high < multiple ? n : 0);
}

/** Returns a + b mod n, for a, b < n. The sum may exceed 64 bits. */
function add(a: u64, b: u64): u64 {
  const gap = n - b;
  return a >= gap ? a - gap : a + b;
}

/** Sets the modulus, an odd number above 1. */
function setModulus(modulus: u64): void {
  n = modulus;
  let x = n; // 3 bits are correct; each of five steps doubles them
  for (let i = 0; i < 5; i++) x *= 2 - n * x;
  inverse = x;
  one = (0 - n) % n;
  square = one;
  for (let i = 0; i < 64; i++) square = add(square, square);
}

function gcd(a: u64, b: u64): u64 {
  while (b !== 0) {
    const rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

/** Returns whether the modulus n is a strong probable prime to this base. */
function isStrongProbablePrime(base: u64): bool {
  const x = base % n;
  if (x === 0) return true;
  const minusOne = n - one;
  const twos = ctz(n - 1);
  let power = one;
  let factor = multiply(x, square);
  for (let exponent = (n - 1) >> twos; exponent !== 0; exponent >>= 1) {
    if (exponent & 1) power = multiply(power, factor);
    factor = multiply(factor, factor);
  }
  if (power === one || power === minusOne) return true;
  for (let i: u64 = 1; i < twos; i++) {
    power = multiply(power, power);
    if (power === minusOne) return true;
  }
  return false;
}

/**
 * Returns whether a 64-bit number is prime: Miller-Rabin with the first twelve primes as bases,
 * which is exact below 3 * 10^23.
 */
export function isPrime64(value: u64): bool {
  if (value < 2) return false;
  if ((value & 1) === 0) return value === 2;
  setModulus(value);
  return isStrongProbablePrime(2) && isStrongProbablePrime(3) && isStrongProbablePrime(5) &&
    isStrongProbablePrime(7) && isStrongProbablePrime(11) && isStrongProbablePrime(13) &&
    isStrongProbablePrime(17) && isStrongProbablePrime(19) && isStrongProbablePrime(23) &&
    isStrongProbablePrime(29) && isStrongProbablePrime(31) && isStrongProbablePrime(37);
}

/** Returns a divisor of n, found with x^2 + c; n or 1 if this polynomial does not separate any. */
function rho(c: u64): u64 {
  let y = add(one, one);
  let x = y;
  let saved = y;
  let product = one;
  let divisor: u64 = 1;
  for (let length = 1; divisor === 1 && length <= MAX_STEPS; length <<= 1) {
    x = y;
    for (let i = 0; i < length; i++) y = add(multiply(y, y), c);
    for (let done = 0; divisor === 1 && done < length; done += BATCH) {
      saved = y;
      const steps = min(BATCH, length - done);
      for (let i = 0; i < steps; i++) {
        y = add(multiply(y, y), c);
        product = multiply(product, x > y ? x - y : y - x);
      }
      divisor = gcd(product, n);
    }
  }
  if (divisor !== n) return divisor;
  // All factors are in one batch: repeat it, with a gcd at every step.
  y = saved;
  for (let i = 0; i < BATCH; i++) {
    y = add(multiply(y, y), c);
    divisor = gcd(x > y ? x - y : y - x, n);
    if (divisor !== 1) break;
  }
  return divisor;
}

/**
 * Returns a divisor of a composite number, other than 1 and itself; 0 if it finds none. The number
 * of steps is bounded for any input.
 */
export function factorize64(value: u64): u64 {
  if ((value & 1) === 0) return value > 2 ? 2 : 0;
  if (value < 9) return 0;
  setModulus(value);
  let c = one;
  for (let i: u64 = 0; i < MAX_POLYNOMIALS; i++) {
    const divisor = rho(c);
    if (divisor !== 1 && divisor !== n) return divisor;
    c = add(c, one);
  }
  return 0;
}
