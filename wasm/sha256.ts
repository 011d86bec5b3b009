/**
 * SHA-256 (FIPS 180-4, sections 5.1.1, 5.3.3 and 6.2).
 *
 * The working variables are locals and swap their names instead of their values: eight rounds are
 * written out, and then every variable has its own name again. The message schedule is computed
 * first, into 64 words of memory.
 *
 * The begin, update and end of the three SHA kernels are alike. They are not shared: AssemblyScript
 * has no closures, so sharing them would cost an indirect call for every block.
 */

import { wipe } from "./memory";

/** The 64 constants K (section 4.2.2). */
// deno-fmt-ignore
const K: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
], 16);

/** The initial hash value (section 5.3.3). */
// deno-fmt-ignore
const INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
], 16);

const STATE: usize = memory.data(32, 16);
const SCHEDULE: usize = memory.data(256, 16);
const PARTIAL: usize = memory.data(64, 16);

/** The number of bytes so far; the last `total & 63` of them are in PARTIAL. */
let total: u64 = 0;

// Section 4.1.2. ch and maj are written with one operation less.
function ch(x: u32, y: u32, z: u32): u32 {
  return z ^ (x & (y ^ z));
}
function maj(x: u32, y: u32, z: u32): u32 {
  return (x & y) | (z & (x | y));
}
function S0(x: u32): u32 {
  return rotr(x, 2) ^ rotr(x, 13) ^ rotr(x, 22);
}
function S1(x: u32): u32 {
  return rotr(x, 6) ^ rotr(x, 11) ^ rotr(x, 25);
}
function s0(x: u32): u32 {
  return rotr(x, 7) ^ rotr(x, 18) ^ (x >> 3);
}
function s1(x: u32): u32 {
  return rotr(x, 17) ^ rotr(x, 19) ^ (x >> 10);
}

/** Hashes one block of 64 bytes into STATE (section 6.2.2). */
function compress(block: usize): void {
  for (let t: usize = 0; t < 64; t += 4) {
    store<u32>(SCHEDULE + t, bswap(load<u32>(block + t)));
  }
  for (let w = SCHEDULE; w < SCHEDULE + 192; w += 4) {
    store<u32>(
      w,
      s1(load<u32>(w, 56)) + load<u32>(w, 36) + s0(load<u32>(w, 4)) + load<u32>(w),
      64,
    );
  }

  let a = load<u32>(STATE, 0), b = load<u32>(STATE, 4);
  let c = load<u32>(STATE, 8), d = load<u32>(STATE, 12);
  let e = load<u32>(STATE, 16), f = load<u32>(STATE, 20);
  let g = load<u32>(STATE, 24), h = load<u32>(STATE, 28);
  for (let t: usize = 0; t < 256; t += 32) {
    const k = K + t;
    const w = SCHEDULE + t;
    h += S1(e) + ch(e, f, g) + load<u32>(k, 0) + load<u32>(w, 0);
    d += h;
    h += S0(a) + maj(a, b, c);
    g += S1(d) + ch(d, e, f) + load<u32>(k, 4) + load<u32>(w, 4);
    c += g;
    g += S0(h) + maj(h, a, b);
    f += S1(c) + ch(c, d, e) + load<u32>(k, 8) + load<u32>(w, 8);
    b += f;
    f += S0(g) + maj(g, h, a);
    e += S1(b) + ch(b, c, d) + load<u32>(k, 12) + load<u32>(w, 12);
    a += e;
    e += S0(f) + maj(f, g, h);
    d += S1(a) + ch(a, b, c) + load<u32>(k, 16) + load<u32>(w, 16);
    h += d;
    d += S0(e) + maj(e, f, g);
    c += S1(h) + ch(h, a, b) + load<u32>(k, 20) + load<u32>(w, 20);
    g += c;
    c += S0(d) + maj(d, e, f);
    b += S1(g) + ch(g, h, a) + load<u32>(k, 24) + load<u32>(w, 24);
    f += b;
    b += S0(c) + maj(c, d, e);
    a += S1(f) + ch(f, g, h) + load<u32>(k, 28) + load<u32>(w, 28);
    e += a;
    a += S0(b) + maj(b, c, d);
  }
  store<u32>(STATE, load<u32>(STATE, 0) + a, 0);
  store<u32>(STATE, load<u32>(STATE, 4) + b, 4);
  store<u32>(STATE, load<u32>(STATE, 8) + c, 8);
  store<u32>(STATE, load<u32>(STATE, 12) + d, 12);
  store<u32>(STATE, load<u32>(STATE, 16) + e, 16);
  store<u32>(STATE, load<u32>(STATE, 20) + f, 20);
  store<u32>(STATE, load<u32>(STATE, 24) + g, 24);
  store<u32>(STATE, load<u32>(STATE, 28) + h, 28);
}

/** Starts a hash. Must precede the first sha256Update(). */
export function sha256Begin(): void {
  memory.copy(STATE, INITIAL, 32);
  total = 0;
}

/** Hashes the next `length` bytes at `address`. */
export function sha256Update(address: usize, length: i32): void {
  const held = <i32> (total & 63);
  total += length;
  if (held !== 0) {
    const missing = min(64 - held, length);
    memory.copy(PARTIAL + held, address, missing);
    if (held + missing < 64) return;
    compress(PARTIAL);
    address += missing;
    length -= missing;
  }
  for (; length >= 64; length -= 64) {
    compress(address);
    address += 64;
  }
  memory.copy(PARTIAL, address, length);
}

/** Ends the hash: writes 32 bytes to `digest`, and wipes the state (sections 5.1.1 and 6.2.2). */
export function sha256End(digest: usize): void {
  const held = <i32> (total & 63);
  store<u8>(PARTIAL + held, 0x80);
  memory.fill(PARTIAL + held + 1, 0, 63 - held);
  if (held >= 56) {
    compress(PARTIAL);
    memory.fill(PARTIAL, 0, 56);
  }
  store<u64>(PARTIAL, bswap(total << 3), 56);
  compress(PARTIAL);
  for (let i: usize = 0; i < 32; i += 4) {
    store<u32>(digest + i, bswap(load<u32>(STATE + i)));
  }
  wipe(STATE, 32);
  wipe(SCHEDULE, 256);
  wipe(PARTIAL, 64);
}
