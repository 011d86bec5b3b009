/**
 * SHA-1 (FIPS 180-4, sections 5.1.1, 5.3.1 and 6.1). MTProto uses it for key ids, for the old RSA
 * scheme and in the key exchange. As in sha256.ts, variables swap their names: five rounds are
 * written out, in four loops for the four functions of section 4.1.1.
 */

import { wipe } from "./memory";

const STATE: usize = memory.data(20, 16);
const SCHEDULE: usize = memory.data(320, 16);
const PARTIAL: usize = memory.data(64, 16);

/** The number of bytes so far; the last `total & 63` of them are in PARTIAL. */
let total: u64 = 0;

function ch(x: u32, y: u32, z: u32): u32 {
  return z ^ (x & (y ^ z));
}
function parity(x: u32, y: u32, z: u32): u32 {
  return x ^ y ^ z;
}
function maj(x: u32, y: u32, z: u32): u32 {
  return (x & y) | (z & (x | y));
}

/** Hashes one block of 64 bytes into STATE (section 6.1.2). */
function compress(block: usize): void {
  for (let t: usize = 0; t < 64; t += 4) {
    store<u32>(SCHEDULE + t, bswap(load<u32>(block + t)));
  }
  for (let w = SCHEDULE; w < SCHEDULE + 256; w += 4) {
    store<u32>(
      w,
      rotl(load<u32>(w, 52) ^ load<u32>(w, 32) ^ load<u32>(w, 8) ^ load<u32>(w), 1),
      64,
    );
  }

  let a = load<u32>(STATE, 0), b = load<u32>(STATE, 4), c = load<u32>(STATE, 8);
  let d = load<u32>(STATE, 12), e = load<u32>(STATE, 16);
  for (let w = SCHEDULE + 0; w < SCHEDULE + 80; w += 20) {
    e += rotl(a, 5) + ch(b, c, d) + 0x5a827999 + load<u32>(w, 0);
    b = rotl(b, 30);
    d += rotl(e, 5) + ch(a, b, c) + 0x5a827999 + load<u32>(w, 4);
    a = rotl(a, 30);
    c += rotl(d, 5) + ch(e, a, b) + 0x5a827999 + load<u32>(w, 8);
    e = rotl(e, 30);
    b += rotl(c, 5) + ch(d, e, a) + 0x5a827999 + load<u32>(w, 12);
    d = rotl(d, 30);
    a += rotl(b, 5) + ch(c, d, e) + 0x5a827999 + load<u32>(w, 16);
    c = rotl(c, 30);
  }
  for (let w = SCHEDULE + 80; w < SCHEDULE + 160; w += 20) {
    e += rotl(a, 5) + parity(b, c, d) + 0x6ed9eba1 + load<u32>(w, 0);
    b = rotl(b, 30);
    d += rotl(e, 5) + parity(a, b, c) + 0x6ed9eba1 + load<u32>(w, 4);
    a = rotl(a, 30);
    c += rotl(d, 5) + parity(e, a, b) + 0x6ed9eba1 + load<u32>(w, 8);
    e = rotl(e, 30);
    b += rotl(c, 5) + parity(d, e, a) + 0x6ed9eba1 + load<u32>(w, 12);
    d = rotl(d, 30);
    a += rotl(b, 5) + parity(c, d, e) + 0x6ed9eba1 + load<u32>(w, 16);
    c = rotl(c, 30);
  }
  for (let w = SCHEDULE + 160; w < SCHEDULE + 240; w += 20) {
    e += rotl(a, 5) + maj(b, c, d) + 0x8f1bbcdc + load<u32>(w, 0);
    b = rotl(b, 30);
    d += rotl(e, 5) + maj(a, b, c) + 0x8f1bbcdc + load<u32>(w, 4);
    a = rotl(a, 30);
    c += rotl(d, 5) + maj(e, a, b) + 0x8f1bbcdc + load<u32>(w, 8);
    e = rotl(e, 30);
    b += rotl(c, 5) + maj(d, e, a) + 0x8f1bbcdc + load<u32>(w, 12);
    d = rotl(d, 30);
    a += rotl(b, 5) + maj(c, d, e) + 0x8f1bbcdc + load<u32>(w, 16);
    c = rotl(c, 30);
  }
  for (let w = SCHEDULE + 240; w < SCHEDULE + 320; w += 20) {
    e += rotl(a, 5) + parity(b, c, d) + 0xca62c1d6 + load<u32>(w, 0);
    b = rotl(b, 30);
    d += rotl(e, 5) + parity(a, b, c) + 0xca62c1d6 + load<u32>(w, 4);
    a = rotl(a, 30);
    c += rotl(d, 5) + parity(e, a, b) + 0xca62c1d6 + load<u32>(w, 8);
    e = rotl(e, 30);
    b += rotl(c, 5) + parity(d, e, a) + 0xca62c1d6 + load<u32>(w, 12);
    d = rotl(d, 30);
    a += rotl(b, 5) + parity(c, d, e) + 0xca62c1d6 + load<u32>(w, 16);
    c = rotl(c, 30);
  }
  store<u32>(STATE, load<u32>(STATE, 0) + a, 0);
  store<u32>(STATE, load<u32>(STATE, 4) + b, 4);
  store<u32>(STATE, load<u32>(STATE, 8) + c, 8);
  store<u32>(STATE, load<u32>(STATE, 12) + d, 12);
  store<u32>(STATE, load<u32>(STATE, 16) + e, 16);
}

/** Starts a hash. Must precede the first sha1Update(). */
export function sha1Begin(): void {
  store<u32>(STATE, 0x67452301, 0);
  store<u32>(STATE, 0xefcdab89, 4);
  store<u32>(STATE, 0x98badcfe, 8);
  store<u32>(STATE, 0x10325476, 12);
  store<u32>(STATE, 0xc3d2e1f0, 16);
  total = 0;
}

/** Hashes the next `length` bytes at `address`. */
export function sha1Update(address: usize, length: i32): void {
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

/** Ends the hash: writes 20 bytes to `digest`, and wipes the state (sections 5.1.1 and 6.1.2). */
export function sha1End(digest: usize): void {
  const held = <i32> (total & 63);
  store<u8>(PARTIAL + held, 0x80);
  memory.fill(PARTIAL + held + 1, 0, 63 - held);
  if (held >= 56) {
    compress(PARTIAL);
    memory.fill(PARTIAL, 0, 56);
  }
  store<u64>(PARTIAL, bswap(total << 3), 56);
  compress(PARTIAL);
  for (let i: usize = 0; i < 20; i += 4) {
    store<u32>(digest + i, bswap(load<u32>(STATE + i)));
  }
  wipe(STATE, 20);
  wipe(SCHEDULE, 320);
  wipe(PARTIAL, 64);
}
