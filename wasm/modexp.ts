/**
 * Modular exponentiation for odd moduli of up to 2048 bits.
 *
 * Montgomery arithmetic on 28-bit limbs. A product of two limbs has 56 bits, so a 64-bit column
 * takes all its 2 * 76 products (multiplication and reduction together) without a carry: carries
 * propagate once per multiplication. R = 2^(28 * limbs) is at least 2^8 times the modulus, so
 * values may stay below twice the modulus (the first one below three times), and only the last step
 * subtracts.
 *
 * The time depends on the lengths, and on whether the base is a small generator, but not on the
 * exponent: the windows are fixed, every window reads the whole table, and no branch depends on
 * secret bits. Everything is wiped at the end.
 */

import { wipe } from "./memory";

/** The longest modulus, bytes. */
const MAX_BYTES: i32 = 256;
/** 76 * 28 = 2128 bits: 2048 bits and 8 bits of slack, rounded up to whole 128-bit vectors. */
const MAX_LIMBS: i32 = 76;
const LIMB_BITS: i32 = 28;
const LIMB_MASK: u32 = 0x0fffffff;
/** A number in memory: its limbs and 4 zero limbs, because vector reads pass both of its ends. */
const SLOT: i32 = (MAX_LIMBS + 4) * 4;
const MAX_WINDOW: i32 = 5;
/** The largest base whose window factors are single limbs: 15^7 < 2^28. */
const SMALL_BASE: u32 = 15;
const SMALL_WINDOW: i32 = 3;

/**
 * The input from JavaScript: base, exponent and modulus, each big-endian and left-aligned in 256
 * bytes. The result replaces the base, in the length of the modulus.
 */
export const MODEXP: usize = memory.data(3 * MAX_BYTES, 16);
const EXPONENT: usize = MODEXP + MAX_BYTES;
const MODULUS: usize = MODEXP + 2 * MAX_BYTES;

/** All working numbers, in one block that is wiped as a whole. It begins with 4 zero limbs. */
const NUMBERS_SIZE: i32 = 16 + SLOT * (5 + (1 << MAX_WINDOW));
const NUMBERS: usize = memory.data(NUMBERS_SIZE, 16);
const N: usize = NUMBERS + 16; // the modulus
const X: usize = N + SLOT; // the running power
const T: usize = X + SLOT; // the entry picked from the table
const R2: usize = T + SLOT; // R^2 mod n
const COPY: usize = R2 + SLOT; // scratch of square()
const TABLE: usize = COPY + SLOT; // the base's powers 0, 1, 2, …, in Montgomery form

/** The 64-bit columns of a product, before the carries. */
const COLUMNS: usize = memory.data(MAX_LIMBS * 2 * 8, 16);

/** The number of limbs in use, a multiple of 4, and -n^-1 mod 2^28. */
let limbs: i32 = 0;
let inverse: u32 = 0;

function limb(number: usize, index: i32): u32 {
  return load<u32>(number + ((<usize> index) << 2));
}

function setLimb(number: usize, index: i32, value: u32): void {
  store<u32>(number + ((<usize> index) << 2), value);
}

/** Reads `length` big-endian bytes as limbs. */
function readNumber(number: usize, bytes: usize, length: i32): void {
  let held: u64 = 0;
  let bits = 0;
  let index = 0;
  for (let i = length - 1; i >= 0; i--) {
    held |= (<u64> load<u8>(bytes + i)) << bits;
    bits += 8;
    if (bits >= LIMB_BITS) {
      setLimb(number, index++, <u32> held & LIMB_MASK);
      held >>= LIMB_BITS;
      bits -= LIMB_BITS;
    }
  }
  if (index < limbs) setLimb(number, index, <u32> held);
}

/** Writes limbs as `length` big-endian bytes. */
function writeNumber(bytes: usize, length: i32, number: usize): void {
  let held: u64 = 0;
  let bits = 0;
  let index = 0;
  for (let i = length - 1; i >= 0; i--) {
    if (bits < 8) {
      if (index < limbs) held |= (<u64> limb(number, index++)) << bits;
      bits += LIMB_BITS;
    }
    store<u8>(bytes + i, <u8> held);
    held >>= 8;
    bits -= 8;
  }
}

/** Adds 16 products, four limbs of one factor by four of the other, to the columns at `column`. */
function addRows(column: usize, other: usize, s0: v128, s1: v128, s2: v128, s3: v128): void {
  let low = v128.load(column);
  let high = v128.load(column, 16);
  const o0 = v128.load(other);
  const o1 = v128.load(other - 4);
  const o2 = v128.load(other - 8);
  const o3 = v128.load(other - 12);
  low = i64x2.add(low, i64x2.extmul_low_i32x4_u(o0, s0));
  high = i64x2.add(high, i64x2.extmul_high_i32x4_u(o0, s0));
  low = i64x2.add(low, i64x2.extmul_low_i32x4_u(o1, s1));
  high = i64x2.add(high, i64x2.extmul_high_i32x4_u(o1, s1));
  low = i64x2.add(low, i64x2.extmul_low_i32x4_u(o2, s2));
  high = i64x2.add(high, i64x2.extmul_high_i32x4_u(o2, s2));
  low = i64x2.add(low, i64x2.extmul_low_i32x4_u(o3, s3));
  high = i64x2.add(high, i64x2.extmul_high_i32x4_u(o3, s3));
  v128.store(column, low);
  v128.store(column, high, 16);
}

/** Sets columns = a * b. */
function multiplyColumns(a: usize, b: usize): void {
  const length = (<usize> limbs) << 2;
  memory.fill(COLUMNS, 0, length << 2);
  for (let i: usize = 0; i < length; i += 16) {
    const s0 = v128.load32_splat(a + i);
    const s1 = v128.load32_splat(a + i, 4);
    const s2 = v128.load32_splat(a + i, 8);
    const s3 = v128.load32_splat(a + i, 12);
    // With the zeros around b, the shifted rows are correct at both ends.
    for (let j: usize = 0; j <= length; j += 16) {
      addRows(COLUMNS + ((i + j) << 1), b + j, s0, s1, s2, s3);
    }
  }
}

/** Sets columns = a^2: computes every mixed product once, with a doubled limb. */
function squareColumns(a: usize): void {
  const length = (<usize> limbs) << 2;
  memory.fill(COLUMNS, 0, length << 2);
  memory.copy(COPY, a, length);
  const zero = i32x4.splat(0);
  for (let i: usize = 0; i < length; i += 16) {
    const a0 = <u64> load<u32>(a + i);
    const a1 = <u64> load<u32>(a + i, 4);
    const a2 = <u64> load<u32>(a + i, 8);
    const a3 = <u64> load<u32>(a + i, 12);
    const d0 = a0 << 1;
    const d1 = a1 << 1;
    const d2 = a2 << 1;
    const column = COLUMNS + (i << 2);
    store<u64>(column, load<u64>(column) + a0 * a0);
    store<u64>(column, load<u64>(column, 8) + d0 * a1, 8);
    store<u64>(column, load<u64>(column, 16) + d0 * a2 + a1 * a1, 16);
    store<u64>(column, load<u64>(column, 24) + d0 * a3 + d1 * a2, 24);
    store<u64>(column, load<u64>(column, 32) + d1 * a3 + a2 * a2, 32);
    store<u64>(column, load<u64>(column, 40) + d2 * a3, 40);
    store<u64>(column, load<u64>(column, 48) + a3 * a3, 48);
    // The limbs up to here are complete: as zeros they add nothing to the shifted rows below.
    v128.store(COPY + i, zero);
    const s0 = i32x4.splat(<i32> d0);
    const s1 = i32x4.splat(<i32> d1);
    const s2 = i32x4.splat(<i32> d2);
    const s3 = i32x4.splat(<i32> (a3 << 1));
    for (let j: usize = i + 16; j <= length; j += 16) {
      addRows(COLUMNS + ((i + j) << 1), COPY + j, s0, s1, s2, s3);
    }
  }
}

/**
 * Sets number = columns / R mod n: adds the multiples of n that make the low columns zero, four
 * limbs at a time.
 */
function reduceColumns(number: usize): void {
  const length = (<usize> limbs) << 2;
  const ninv = <u64> inverse;
  const mask = <u64> LIMB_MASK;
  const n0 = <u64> load<u32>(N);
  const n1 = <u64> load<u32>(N, 4);
  const n2 = <u64> load<u32>(N, 8);
  const n3 = <u64> load<u32>(N, 12);
  let carry: u64 = 0;
  for (let i: usize = 0; i < length; i += 16) {
    const column = COLUMNS + (i << 1);
    let sum = load<u64>(column) + carry;
    const m0 = (sum * ninv) & mask;
    sum = load<u64>(column, 8) + ((sum + m0 * n0) >> LIMB_BITS) + m0 * n1;
    const m1 = (sum * ninv) & mask;
    sum = load<u64>(column, 16) + ((sum + m1 * n0) >> LIMB_BITS) + m0 * n2 + m1 * n1;
    const m2 = (sum * ninv) & mask;
    sum = load<u64>(column, 24) + ((sum + m2 * n0) >> LIMB_BITS) + m0 * n3 + m1 * n2 + m2 * n1;
    const m3 = (sum * ninv) & mask;
    carry = (sum + m3 * n0) >> LIMB_BITS;
    const s0 = i32x4.splat(<i32> m0);
    const s1 = i32x4.splat(<i32> m1);
    const s2 = i32x4.splat(<i32> m2);
    const s3 = i32x4.splat(<i32> m3);
    for (let j: usize = 16; j <= length; j += 16) {
      addRows(column + (j << 1), N + j, s0, s1, s2, s3);
    }
  }
  const upper = COLUMNS + (length << 1);
  for (let i: usize = 0; i < length; i += 4) {
    carry += load<u64>(upper + (i << 1));
    store<u32>(number + i, <u32> carry & LIMB_MASK);
    carry >>= LIMB_BITS;
  }
}

/** Sets to = a * b / R mod n (below 2n). */
function multiply(to: usize, a: usize, b: usize): void {
  multiplyColumns(a, b);
  reduceColumns(to);
}

/** Sets to = a^2 / R mod n (below 2n). */
function square(to: usize, a: usize): void {
  squareColumns(a);
  reduceColumns(to);
}

/** Multiplies a number by a factor of one limb, without reduction. */
function scale(number: usize, factor: u32): void {
  let carry: u64 = 0;
  for (let i = 0; i < limbs; i++) {
    carry += (<u64> limb(number, i)) * factor;
    setLimb(number, i, <u32> carry & LIMB_MASK);
    carry >>= LIMB_BITS;
  }
}

/** Subtracts n from a number in n..2n - 1. Takes the same time for a number below n. */
function subtractModulus(number: usize): void {
  let borrow: i32 = 0;
  for (let i = 0; i < limbs; i++) {
    borrow = (<i32> limb(number, i) - <i32> limb(N, i) + borrow) >> LIMB_BITS;
  }
  const keep = ~borrow; // all ones if the number is not below n
  borrow = 0;
  for (let i = 0; i < limbs; i++) {
    borrow += <i32> limb(number, i) - (<i32> limb(N, i) & keep);
    setLimb(number, i, <u32> borrow & LIMB_MASK);
    borrow >>= LIMB_BITS;
  }
}

/** Sets number = 2 * number mod n. */
function double(number: usize): void {
  scale(number, 2);
  subtractModulus(number);
}

/** Computes N, `inverse`, R mod n (in TABLE[0]) and R^2 mod n, for a modulus of `bits` bits. */
function prepare(bits: i32): void {
  // Newton's iteration doubles the correct bits of n^-1 mod 2^32, from 3 (n * n = 1 mod 8).
  const n = limb(N, 0);
  let x = n;
  for (let i = 0; i < 4; i++) x *= 2 - n * x;
  inverse = (0 - x) & LIMB_MASK;

  // 2^bits - n is in 1..n, because n has exactly `bits` bits. Doublings lead from 2^bits to R.
  let borrow: i32 = 0;
  for (let i = 0; i < limbs; i++) {
    const power = i === bits / LIMB_BITS ? 1 << (bits % LIMB_BITS) : 0;
    borrow += power - <i32> limb(N, i);
    setLimb(TABLE, i, <u32> borrow & LIMB_MASK);
    borrow >>= LIMB_BITS;
  }
  const size = limbs * LIMB_BITS;
  for (let i = bits; i < size; i++) double(TABLE);

  // R^2 is 2^size in Montgomery form: square and double along the bits of `size`, from 2^1.
  memory.copy(R2, TABLE, (<usize> limbs) << 2);
  double(R2);
  for (let bit = 30 - clz(size); bit >= 0; bit--) {
    square(R2, R2);
    subtractModulus(R2);
    if ((size >> bit) & 1) double(R2);
  }
}

/** Returns `count` (at most 8) bits of the exponent of `length` bytes, from bit `position` up. */
function exponentBits(length: i32, position: i32, count: i32): u32 {
  const index = length - 1 - (position >> 3);
  let pair = <u32> load<u8>(EXPONENT + index);
  if (index > 0) pair |= (<u32> load<u8>(EXPONENT + index - 1)) << 8;
  return (pair >> (position & 7)) & ((1 << count) - 1);
}

/** Sets T = TABLE[index], but reads all `size` entries. */
function pick(index: u32, size: u32): void {
  const length = (<usize> limbs) << 2;
  const wanted = i32x4.splat(index);
  const one = i32x4.splat(1);
  for (let i: usize = 0; i < length; i += 16) {
    let picked = i32x4.splat(0);
    let current = i32x4.splat(0);
    let entry = TABLE + i;
    for (let k: u32 = 0; k < size; k++) {
      picked = v128.or(picked, v128.and(v128.load(entry), i32x4.eq(current, wanted)));
      current = i32x4.add(current, one);
      entry += SLOT;
    }
    v128.store(T + i, picked);
  }
}

/** Sets X = base^exponent in Montgomery form; T has the base in Montgomery form. */
function powerWindowed(length: i32): void {
  const window = length <= 4 ? 1 : length <= 32 ? 4 : MAX_WINDOW;
  const size = 1 << window;
  memory.copy(TABLE + SLOT, T, (<usize> limbs) << 2);
  for (let k = 2; k < size; k++) {
    const entry = TABLE + <usize> (k * SLOT);
    if (k & 1) multiply(entry, entry - SLOT, TABLE + SLOT);
    else square(entry, TABLE + <usize> ((k >> 1) * SLOT));
  }
  // The highest window takes the remaining bits, so that the last one ends at bit 0.
  const bits = length << 3;
  let position = bits - ((bits - 1) % window + 1);
  pick(exponentBits(length, position, bits - position), size);
  memory.copy(X, T, (<usize> limbs) << 2);
  while (position > 0) {
    position -= window;
    for (let i = 0; i < window; i++) square(X, X);
    pick(exponentBits(length, position, window), size);
    multiply(X, X, T);
  }
}

/** The same for a base of a few bits: the factor of a window is a single limb. */
function powerSmall(base: u32, length: i32): void {
  memory.copy(X, TABLE, (<usize> limbs) << 2);
  const bits = length << 3;
  let position = bits - ((bits - 1) % SMALL_WINDOW + 1);
  let count = bits - position;
  while (true) {
    const digit = exponentBits(length, position, count);
    let factor: u32 = 1;
    for (let i = SMALL_WINDOW - 1; i >= 0; i--) {
      factor = factor * factor * (1 + (base - 1) * ((digit >> i) & 1));
    }
    scale(X, factor);
    if (position === 0) break;
    position -= SMALL_WINDOW;
    count = SMALL_WINDOW;
    for (let i = 0; i < SMALL_WINDOW; i++) square(X, X);
  }
}

/**
 * Computes base^exponent mod modulus from MODEXP. The lengths are in bytes, 0..256. The modulus
 * must be odd, without a leading zero byte. The base must not have more bytes than the modulus; it
 * may be larger.
 */
export function modexp(baseLength: i32, exponentLength: i32, modulusLength: i32): void {
  const bits = (modulusLength << 3) - (clz(<u32> load<u8>(MODULUS)) - 24);
  // Eight bits of slack, and a multiple of four limbs.
  limbs = ((bits + 8 + LIMB_BITS - 1) / LIMB_BITS + 3) & ~3;
  readNumber(N, MODULUS, modulusLength);
  readNumber(X, MODEXP, baseLength);
  prepare(bits);

  let high: u32 = 0;
  for (let i = 1; i < limbs; i++) high |= limb(X, i);
  const base = limb(X, 0);
  if (exponentLength === 0) {
    memory.copy(X, TABLE, (<usize> limbs) << 2);
  } else if (high === 0 && base > 0 && base <= SMALL_BASE && limbs * LIMB_BITS - bits >= 60) {
    powerSmall(base, exponentLength);
  } else {
    multiply(T, X, R2);
    powerWindowed(exponentLength);
  }

  // Leave Montgomery form: multiply by 1. The result is at most n.
  memory.fill(T, 0, (<usize> limbs) << 2);
  setLimb(T, 0, 1);
  multiply(X, X, T);
  subtractModulus(X);
  writeNumber(MODEXP, modulusLength, X);

  wipe(MODEXP + modulusLength, 3 * MAX_BYTES - modulusLength);
  wipe(NUMBERS, NUMBERS_SIZE);
  wipe(COLUMNS, MAX_LIMBS * 2 * 8);
  limbs = 0;
  inverse = 0;
}
