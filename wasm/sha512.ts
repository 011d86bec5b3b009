/**
 * SHA-512 (FIPS 180-4, sections 5.1.2, 5.3.5 and 6.4). Like sha256.ts, with words of 64 bits.
 * pbkdf2.ts uses STATE and the block function directly, 200,000 times in one call.
 */

import { wipe } from "./memory";

/** The 80 constants K (section 4.2.3). */
// deno-fmt-ignore
const K: usize = memory.data<u64>([
  0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
  0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
  0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
  0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
  0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
  0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
  0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
  0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
  0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
  0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
  0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
  0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
  0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
  0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
  0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
  0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
  0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
  0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
  0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
  0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
], 16);

/** The initial hash value (section 5.3.5). */
// deno-fmt-ignore
const INITIAL: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
], 16);

/** The eight words of the hash so far. */
export const SHA512_STATE: usize = memory.data(64, 16);
const STATE: usize = SHA512_STATE;
const SCHEDULE: usize = memory.data(640, 16);
const PARTIAL: usize = memory.data(128, 16);

/** The number of bytes so far; the last `total & 127` of them are in PARTIAL. */
let total: u64 = 0;

// Section 4.1.3. ch and maj are written with one operation less.
function ch(x: u64, y: u64, z: u64): u64 {
  return z ^ (x & (y ^ z));
}
function maj(x: u64, y: u64, z: u64): u64 {
  return (x & y) | (z & (x | y));
}
function S0(x: u64): u64 {
  return rotr(x, 28) ^ rotr(x, 34) ^ rotr(x, 39);
}
function S1(x: u64): u64 {
  return rotr(x, 14) ^ rotr(x, 18) ^ rotr(x, 41);
}
function s0(x: u64): u64 {
  return rotr(x, 1) ^ rotr(x, 8) ^ (x >> 7);
}
function s1(x: u64): u64 {
  return rotr(x, 19) ^ rotr(x, 61) ^ (x >> 6);
}

/** Hashes one block of 128 bytes into STATE (section 6.4.2). */
export function sha512Compress(block: usize): void {
  for (let t: usize = 0; t < 128; t += 8) {
    store<u64>(SCHEDULE + t, bswap(load<u64>(block + t)));
  }
  for (let w = SCHEDULE; w < SCHEDULE + 512; w += 8) {
    store<u64>(
      w,
      s1(load<u64>(w, 112)) + load<u64>(w, 72) + s0(load<u64>(w, 8)) + load<u64>(w),
      128,
    );
  }

  let a = load<u64>(STATE, 0), b = load<u64>(STATE, 8);
  let c = load<u64>(STATE, 16), d = load<u64>(STATE, 24);
  let e = load<u64>(STATE, 32), f = load<u64>(STATE, 40);
  let g = load<u64>(STATE, 48), h = load<u64>(STATE, 56);
  for (let t: usize = 0; t < 640; t += 64) {
    const k = K + t;
    const w = SCHEDULE + t;
    h += S1(e) + ch(e, f, g) + load<u64>(k, 0) + load<u64>(w, 0);
    d += h;
    h += S0(a) + maj(a, b, c);
    g += S1(d) + ch(d, e, f) + load<u64>(k, 8) + load<u64>(w, 8);
    c += g;
    g += S0(h) + maj(h, a, b);
    f += S1(c) + ch(c, d, e) + load<u64>(k, 16) + load<u64>(w, 16);
    b += f;
    f += S0(g) + maj(g, h, a);
    e += S1(b) + ch(b, c, d) + load<u64>(k, 24) + load<u64>(w, 24);
    a += e;
    e += S0(f) + maj(f, g, h);
    d += S1(a) + ch(a, b, c) + load<u64>(k, 32) + load<u64>(w, 32);
    h += d;
    d += S0(e) + maj(e, f, g);
    c += S1(h) + ch(h, a, b) + load<u64>(k, 40) + load<u64>(w, 40);
    g += c;
    c += S0(d) + maj(d, e, f);
    b += S1(g) + ch(g, h, a) + load<u64>(k, 48) + load<u64>(w, 48);
    f += b;
    b += S0(c) + maj(c, d, e);
    a += S1(f) + ch(f, g, h) + load<u64>(k, 56) + load<u64>(w, 56);
    e += a;
    a += S0(b) + maj(b, c, d);
  }
  store<u64>(STATE, load<u64>(STATE, 0) + a, 0);
  store<u64>(STATE, load<u64>(STATE, 8) + b, 8);
  store<u64>(STATE, load<u64>(STATE, 16) + c, 16);
  store<u64>(STATE, load<u64>(STATE, 24) + d, 24);
  store<u64>(STATE, load<u64>(STATE, 32) + e, 32);
  store<u64>(STATE, load<u64>(STATE, 40) + f, 40);
  store<u64>(STATE, load<u64>(STATE, 48) + g, 48);
  store<u64>(STATE, load<u64>(STATE, 56) + h, 56);
}

/** Sets STATE to the state of an empty hash. */
export function sha512Reset(): void {
  memory.copy(STATE, INITIAL, 64);
}

/** Writes STATE to `digest` as 64 bytes. */
export function sha512Store(digest: usize): void {
  for (let i: usize = 0; i < 64; i += 8) {
    store<u64>(digest + i, bswap(load<u64>(STATE + i)));
  }
}

/** Wipes the state, the schedule and the partial block. */
export function sha512Wipe(): void {
  wipe(STATE, 64);
  wipe(SCHEDULE, 640);
  wipe(PARTIAL, 128);
}

/** Starts a hash. Must precede the first sha512Update(). */
export function sha512Begin(): void {
  sha512Reset();
  total = 0;
}

/** Hashes the next `length` bytes at `address`. */
export function sha512Update(address: usize, length: i32): void {
  const held = <i32> (total & 127);
  total += length;
  if (held !== 0) {
    const missing = min(128 - held, length);
    memory.copy(PARTIAL + held, address, missing);
    if (held + missing < 128) return;
    sha512Compress(PARTIAL);
    address += missing;
    length -= missing;
  }
  for (; length >= 128; length -= 128) {
    sha512Compress(address);
    address += 128;
  }
  memory.copy(PARTIAL, address, length);
}

/**
 * Ends the hash: writes 64 bytes to `digest`, and wipes the state (sections 5.1.2 and 6.4.2). The
 * length field has 128 bits; the upper 64 stay zero.
 */
export function sha512End(digest: usize): void {
  const held = <i32> (total & 127);
  store<u8>(PARTIAL + held, 0x80);
  memory.fill(PARTIAL + held + 1, 0, 127 - held);
  if (held >= 112) {
    sha512Compress(PARTIAL);
    memory.fill(PARTIAL, 0, 120);
  }
  store<u64>(PARTIAL, bswap(total << 3), 120);
  sha512Compress(PARTIAL);
  sha512Store(digest);
  sha512Wipe();
}
