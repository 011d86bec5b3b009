/**
 * AES-256 (FIPS 197): the key schedule, and the encryption and decryption of one block.
 *
 * A "vector permute" AES (M. Hamburg, "Accelerating AES with Vector Permute Instructions", CHES
 * 2009): it computes the S-box of 16 bytes at once, by look-ups in tables of 16 bytes that stay in
 * registers (i8x16.relaxed_swizzle). No address depends on a secret, so the caches reveal nothing,
 * and it is faster than the usual tables of 4 KiB.
 *
 * GF(256) is GF(16) extended by two elements A and B with norms 3 and 1 and Tr(A·B^16) = 3. A byte
 * x is two nibbles (i, k) of GF(16), x = i·A + k·B. Its norm to GF(16) is N = k² + 3ik + 3i², and
 * with j = i + k
 *     io = 1/(1/i + 3/k) + j = N / (k + 3i)        jo = 1/(1/j + 3/k) + i = N / (k + 3i + 3k)
 * so that 1/x = P·(1/io) + Q·(1/jo) for two constants P and Q. The tables that map io and jo to the
 * result multiply by P, Q, the S-box's linear map and a MixColumns coefficient, and convert back to
 * (i, k), all in one look-up. The tables have 0x80 for 1/0: swizzle returns 0 for such an index,
 * which is the inverse of infinity. No index is between 16 and 127, where engines may differ. So
 * the relaxed swizzle is correct; it is one processor instruction, the plain one is three.
 *
 * Bytes move by look-ups, too, with their order in the place of the indexes: V8 puts the order of a
 * v128.shuffle together anew each time, as it does with other constants of 16 bytes.
 *
 * The round keys include the S-box's constant 0x63. Between two rounds a block is in (i, k); for
 * decryption, in (i, k) after the inverse of the S-box's linear map. The round keys are converted
 * to match.
 */

import { wipe } from "./memory";

// deno-fmt-ignore
const TABLES: usize = memory.data<u8>([
  // 0: n -> 1/n in GF(16)
  0x80, 0x01, 0x0c, 0x08, 0x06, 0x0f, 0x04, 0x0e, 0x03, 0x0d, 0x0b, 0x0a, 0x02, 0x09, 0x07, 0x05,
  // 16: n -> 3/n in GF(16)
  0x80, 0x03, 0x0d, 0x01, 0x0a, 0x08, 0x0c, 0x0b, 0x05, 0x0e, 0x04, 0x07, 0x06, 0x02, 0x09, 0x0f,
  // 32: to (i, k): low nibble of a byte
  0x00, 0xce, 0xad, 0x63, 0x73, 0xbd, 0xde, 0x10, 0xa8, 0x66, 0x05, 0xcb, 0xdb, 0x15, 0x76, 0xb8,
  // 48: to (i, k): high nibble of a byte
  0x00, 0xd6, 0x43, 0x95, 0x32, 0xe4, 0x71, 0xa7, 0xd8, 0x0e, 0x9b, 0x4d, 0xea, 0x3c, 0xa9, 0x7f,
  // 64: io -> S-box as a plain byte
  0x00, 0xf4, 0x72, 0x50, 0xcc, 0x68, 0x22, 0x9c, 0x1a, 0x86, 0x4a, 0xbe, 0xee, 0xa4, 0x38, 0xd6,
  // 80: jo
  0x00, 0x52, 0x37, 0x05, 0x3e, 0x69, 0x32, 0x3b, 0x5e, 0x65, 0x5b, 0x09, 0x0c, 0x57, 0x6c, 0x60,
  // 96: io -> 1 · S-box, in (i, k)
  0x00, 0x0c, 0x0a, 0xe4, 0x31, 0xd9, 0xee, 0xd5, 0xd3, 0x06, 0x37, 0x3b, 0xdf, 0xe8, 0x3d, 0xe2,
  // 112: jo
  0x00, 0x49, 0x85, 0xbd, 0xe3, 0x17, 0x38, 0x5e, 0x92, 0xcc, 0x2f, 0x66, 0xdb, 0xf4, 0xaa, 0x71,
  // 128: io -> 2 · S-box, in (i, k)
  0x00, 0x1c, 0xda, 0x9b, 0xbb, 0x3c, 0x41, 0x20, 0xe6, 0xc6, 0x7d, 0x61, 0xfa, 0x87, 0xa7, 0x5d,
  // 144: jo
  0x00, 0xe8, 0x07, 0x05, 0x7c, 0x91, 0x02, 0x79, 0x96, 0xef, 0x93, 0x7b, 0x7e, 0xed, 0x94, 0xea,
  // 160: to (i, k), S-box's linear map undone: low nibble of a byte
  0x00, 0x37, 0x7d, 0x4a, 0x25, 0x12, 0x58, 0x6f, 0x49, 0x7e, 0x34, 0x03, 0x6c, 0x5b, 0x11, 0x26,
  // 176: the same: high nibble
  0x00, 0xe8, 0x54, 0xbc, 0xa3, 0x4b, 0xf7, 0x1f, 0xfe, 0x16, 0xaa, 0x42, 0x5d, 0xb5, 0x09, 0xe1,
  // 192: io -> 1/x as a plain byte
  0x00, 0x73, 0xeb, 0x36, 0xcc, 0x89, 0xdd, 0xfa, 0x62, 0x98, 0x54, 0x27, 0x11, 0x45, 0xbf, 0xae,
  // 208: jo
  0x00, 0xa2, 0x1a, 0x63, 0x02, 0xc3, 0x79, 0x61, 0xd9, 0xb8, 0xba, 0x18, 0x7b, 0xc1, 0xa0, 0xdb,
  // 224: io -> 14 / x, linear map undone, in (i, k)
  0x00, 0xdb, 0x59, 0xce, 0x8f, 0x9a, 0x97, 0x41, 0xc3, 0x82, 0x0d, 0xd6, 0x18, 0x15, 0x54, 0x4c,
  // 240: jo
  0x00, 0xa6, 0x92, 0xd2, 0x84, 0xf0, 0x40, 0x56, 0x62, 0x34, 0xb0, 0x16, 0xc4, 0x74, 0x22, 0xe6,
  // 256: io -> 11 / x, linear map undone, in (i, k)
  0x00, 0x54, 0x9a, 0xd6, 0x0d, 0x8f, 0x4c, 0xdb, 0x15, 0xce, 0xc3, 0x97, 0x41, 0x82, 0x59, 0x18,
  // 272: jo
  0x00, 0x22, 0xf0, 0x16, 0xb0, 0x84, 0xe6, 0xa6, 0x74, 0xd2, 0x62, 0x40, 0x56, 0x34, 0x92, 0xc4,
  // 288: io -> 13 / x, linear map undone, in (i, k)
  0x00, 0xdf, 0x55, 0xb1, 0x0a, 0x64, 0xe4, 0xbb, 0x31, 0x8a, 0x80, 0x5f, 0xee, 0x6e, 0xd5, 0x3b,
  // 304: jo
  0x00, 0x1c, 0xd7, 0x6a, 0xdc, 0xaa, 0xbd, 0xb6, 0x7d, 0xcb, 0x17, 0x0b, 0x61, 0x76, 0xc0, 0xa1,
  // 320: io -> 9 / x, linear map undone, in (i, k)
  0x00, 0x05, 0x9c, 0x4d, 0xb9, 0xf1, 0xd1, 0xf4, 0x6d, 0x99, 0x20, 0x25, 0x68, 0x48, 0xbc, 0xd4,
  // 336: jo
  0x00, 0x4f, 0x69, 0x13, 0x95, 0xc9, 0x7a, 0x86, 0xa0, 0x26, 0xb3, 0xfc, 0xef, 0x5c, 0xda, 0x35,
  // 352: ShiftRows
  0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11,
  // 368: ShiftRows, then the next row
  5, 10, 15, 0, 9, 14, 3, 4, 13, 2, 7, 8, 1, 6, 11, 12,
  // 384: ShiftRows, then the row before
  15, 0, 5, 10, 3, 4, 9, 14, 7, 8, 13, 2, 11, 12, 1, 6,
  // 400: the next row
  1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12,
  // 416: InvShiftRows
  0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3,
  // 432: InvShiftRows, then the next row
  13, 10, 7, 0, 1, 14, 11, 4, 5, 2, 15, 8, 9, 6, 3, 12,
  // 448: InvShiftRows, then the second next row
  10, 7, 0, 13, 14, 11, 4, 1, 2, 15, 8, 5, 6, 3, 12, 9,
  // 464: InvShiftRows, then the row before
  7, 0, 13, 10, 11, 4, 1, 14, 15, 8, 5, 2, 3, 12, 9, 6,
  // 480: the low nibble of each byte
  15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
  // 496: the second next row
  2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
  // 512: the row before
  3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14,
  // 528: the word before
  0x80, 0x80, 0x80, 0x80, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  // 544: the second word before
  0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 1, 2, 3, 4, 5, 6, 7,
  // 560: the last word in all places
  12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15,
  // 576: the same, its bytes rotated
  13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12,
], 16);

// The offset of each table.
const INVERSE: usize = 0;
const INVERSE_3: usize = 16;
const ENTER_LOW: usize = 32;
const ENTER_HIGH: usize = 48;
const SBOX_IO: usize = 64;
const SBOX_JO: usize = 80;
const S1_IO: usize = 96;
const S1_JO: usize = 112;
const S2_IO: usize = 128;
const S2_JO: usize = 144;
const UNDO_LOW: usize = 160;
const UNDO_HIGH: usize = 176;
const BYTE_IO: usize = 192;
const BYTE_JO: usize = 208;
const D14_IO: usize = 224;
const D14_JO: usize = 240;
const D11_IO: usize = 256;
const D11_JO: usize = 272;
const D13_IO: usize = 288;
const D13_JO: usize = 304;
const D9_IO: usize = 320;
const D9_JO: usize = 336;
const ROWS: usize = 352;
const ROWS_NEXT: usize = 368;
const ROWS_BEFORE: usize = 384;
const NEXT: usize = 400;
const INVERSE_ROWS: usize = 416;
const INVERSE_ROWS_NEXT: usize = 432;
const INVERSE_ROWS_SECOND: usize = 448;
const INVERSE_ROWS_BEFORE: usize = 464;
const NIBBLE: usize = 480;
const SECOND: usize = 496;
const BEFORE: usize = 512;
const WORD_BEFORE: usize = 528;
const SECOND_WORD_BEFORE: usize = 544;
const LAST_WORD: usize = 560;
const LAST_WORD_ROTATED: usize = 576;

/** The 15 round keys, in the form of encryptBlock() or decryptBlock(). */
const ROUND_KEYS: usize = memory.data(240, 16);

function table(offset: usize): v128 {
  return v128.load(TABLES + offset);
}

function lookUp(table: v128, nibbles: v128): v128 {
  return i8x16.relaxed_swizzle(table, nibbles);
}

function low(bytes: v128): v128 {
  return v128.and(bytes, table(NIBBLE));
}

// Shifts 16-bit lanes, then masks: V8 has no fast shift of bytes.
function high(bytes: v128): v128 {
  return v128.and(i16x8.shr_u(bytes, 4), table(NIBBLE));
}

/** Applies a linear map of bytes, given by its results for each nibble. */
function linear(bytes: v128, lowTable: usize, highTable: usize): v128 {
  return v128.xor(lookUp(table(lowTable), low(bytes)), lookUp(table(highTable), high(bytes)));
}

/** Computes 1/(1/n + 3/k). For n = i, the sum with j is io; for n = j, the sum with i is jo. */
function half(inverse: v128, n: v128, threeByK: v128): v128 {
  return lookUp(inverse, v128.xor(lookUp(inverse, n), threeByK));
}

/** Applies the S-box to 16 plain bytes. */
function subBytes(bytes: v128): v128 {
  const inverse = table(INVERSE);
  const state = linear(bytes, ENTER_LOW, ENTER_HIGH);
  const i = high(state), k = low(state), j = v128.xor(i, k);
  const threeByK = lookUp(table(INVERSE_3), k);
  const io = v128.xor(half(inverse, i, threeByK), j);
  const jo = v128.xor(half(inverse, j, threeByK), i);
  return v128.xor(
    v128.xor(lookUp(table(SBOX_IO), io), lookUp(table(SBOX_JO), jo)),
    i8x16.splat(0x63),
  );
}

/** Doubles every byte in GF(256), section 4.3. */
function double(bytes: v128): v128 {
  const carry = v128.and(i8x16.shr_s(bytes, 7), i8x16.splat(0x1b));
  return v128.xor(i8x16.shl(bytes, 1), carry);
}

/** Applies InvMixColumns to plain bytes (5.3.3): 14·s0 + 11·s1 + 13·s2 + 9·s3 of each column. */
function invMixColumns(s: v128): v128 {
  const s2 = double(s), s4 = double(s2), s8 = double(s4);
  const s9 = v128.xor(s8, s), s11 = v128.xor(s9, s2), s13 = v128.xor(s9, s4);
  const s14 = v128.xor(v128.xor(s8, s4), s2);
  return v128.xor(
    v128.xor(s14, lookUp(s11, table(NEXT))),
    v128.xor(lookUp(s13, table(SECOND)), lookUp(s9, table(BEFORE))),
  );
}

/** Adds each word of a round key to all words after it, like the recursion of section 5.2. */
function addWords(key: v128): v128 {
  const twice = v128.xor(key, lookUp(key, table(WORD_BEFORE)));
  return v128.xor(twice, lookUp(twice, table(SECOND_WORD_BEFORE)));
}

/** Expands the 32 bytes at `key` to plain round keys: KeyExpansion, section 5.2. */
function expandKey(key: usize): void {
  let before = v128.load(key), last = v128.load(key, 16);
  v128.store(ROUND_KEYS, before);
  v128.store(ROUND_KEYS, last, 16);
  let constant: u32 = 1;
  for (let round: usize = 32; round < 240; round += 16) {
    let word = subBytes(last);
    if (round & 16) {
      word = lookUp(word, table(LAST_WORD));
    } else {
      word = v128.xor(lookUp(word, table(LAST_WORD_ROTATED)), i32x4.splat(constant));
      constant <<= 1;
    }
    const next = v128.xor(addWords(before), word);
    v128.store(ROUND_KEYS + round, next);
    before = last;
    last = next;
  }
}

/** Prepares encryptBlock() with the 32 bytes at `key`. Does not wipe them. */
export function aesEncryptKey(key: usize): void {
  expandKey(key);
  const constant = i8x16.splat(0x63);
  v128.store(ROUND_KEYS, linear(v128.load(ROUND_KEYS), ENTER_LOW, ENTER_HIGH));
  for (let round = ROUND_KEYS + 16; round < ROUND_KEYS + 224; round += 16) {
    const roundKey = v128.xor(v128.load(round), constant);
    v128.store(round, linear(roundKey, ENTER_LOW, ENTER_HIGH));
  }
  v128.store(ROUND_KEYS, v128.xor(v128.load(ROUND_KEYS, 224), constant), 224);
}

/**
 * Prepares decryptBlock() with the 32 bytes at `key`. Does not wipe them. The round keys are those
 * of the "equivalent inverse cipher", section 5.3.5.
 */
export function aesDecryptKey(key: usize): void {
  expandKey(key);
  const constant = i8x16.splat(0x63);
  for (let round = ROUND_KEYS + 16; round < ROUND_KEYS + 224; round += 16) {
    const roundKey = v128.xor(invMixColumns(v128.load(round)), constant);
    v128.store(round, linear(roundKey, UNDO_LOW, UNDO_HIGH));
  }
  const roundKey = v128.xor(v128.load(ROUND_KEYS, 224), constant);
  v128.store(ROUND_KEYS, linear(roundKey, UNDO_LOW, UNDO_HIGH), 224);
}

/** Wipes the round keys. */
export function aesWipe(): void {
  wipe(ROUND_KEYS, 240);
}

/** Encrypts one block (section 5.1). */
export function encryptBlock(block: v128): v128 {
  const inverse = table(INVERSE), inverse3 = table(INVERSE_3);
  const s1Io = table(S1_IO), s1Jo = table(S1_JO), s2Io = table(S2_IO), s2Jo = table(S2_JO);
  let state = v128.xor(linear(block, ENTER_LOW, ENTER_HIGH), v128.load(ROUND_KEYS));
  let round = ROUND_KEYS + 16;
  while (true) {
    const i = high(state), k = low(state), j = v128.xor(i, k);
    const threeByK = lookUp(inverse3, k);
    const io = v128.xor(half(inverse, i, threeByK), j);
    const jo = v128.xor(half(inverse, j, threeByK), i);
    if (round === ROUND_KEYS + 224) {
      const s = v128.xor(lookUp(table(SBOX_IO), io), lookUp(table(SBOX_JO), jo));
      return v128.xor(
        lookUp(s, table(ROWS)),
        v128.load(round),
      );
    }
    const s1 = v128.xor(lookUp(s1Io, io), lookUp(s1Jo, jo));
    const s2 = v128.xor(lookUp(s2Io, io), lookUp(s2Jo, jo));
    // ShiftRows and MixColumns: 2·s0 + s1, the same of the next row, and s3.
    const pair = v128.xor(
      lookUp(s2, table(ROWS)),
      lookUp(s1, table(ROWS_NEXT)),
    );
    const fourth = lookUp(s1, table(ROWS_BEFORE));
    state = v128.xor(
      v128.xor(pair, v128.xor(fourth, v128.load(round))),
      lookUp(pair, table(NEXT)),
    );
    round += 16;
  }
}

/** Decrypts one block (section 5.3.5). */
export function decryptBlock(block: v128): v128 {
  const inverse = table(INVERSE), inverse3 = table(INVERSE_3);
  let state = v128.xor(linear(block, UNDO_LOW, UNDO_HIGH), v128.load(ROUND_KEYS, 224));
  let round = ROUND_KEYS + 208;
  while (true) {
    const i = high(state), k = low(state), j = v128.xor(i, k);
    const threeByK = lookUp(inverse3, k);
    const io = v128.xor(half(inverse, i, threeByK), j);
    const jo = v128.xor(half(inverse, j, threeByK), i);
    if (round === ROUND_KEYS) {
      const s = v128.xor(lookUp(table(BYTE_IO), io), lookUp(table(BYTE_JO), jo));
      return v128.xor(
        lookUp(s, table(INVERSE_ROWS)),
        v128.load(round),
      );
    }
    // InvShiftRows and InvMixColumns: 14·s0 + 11·s1 + 13·s2 + 9·s3, each moved once.
    const s14 = v128.xor(lookUp(table(D14_IO), io), lookUp(table(D14_JO), jo));
    const s11 = v128.xor(lookUp(table(D11_IO), io), lookUp(table(D11_JO), jo));
    const s13 = v128.xor(lookUp(table(D13_IO), io), lookUp(table(D13_JO), jo));
    const s9 = v128.xor(lookUp(table(D9_IO), io), lookUp(table(D9_JO), jo));
    state = v128.xor(
      v128.xor(
        lookUp(s14, table(INVERSE_ROWS)),
        lookUp(s11, table(INVERSE_ROWS_NEXT)),
      ),
      v128.xor(
        v128.xor(
          lookUp(s13, table(INVERSE_ROWS_SECOND)),
          lookUp(s9, table(INVERSE_ROWS_BEFORE)),
        ),
        v128.load(round),
      ),
    );
    round -= 16;
  }
}
