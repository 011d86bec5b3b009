/**
 * Decompresses DEFLATE (RFC 1951) in a gzip (RFC 1952) or zlib (RFC 1950) wrapper, with a limit on
 * the output. It is synchronous, like this floor; the DecompressionStream of the platforms is not.
 * It does not verify the checksum of the wrapper: the msg_key has authenticated the bytes.
 */

/** Thrown for bytes that are not a whole compressed stream, or with too much output. */
export class InflateError extends Error {
  override readonly name = "InflateError";
}

/** A prefix code as a table: index = the next `bits` bits, value = symbol << 4 | code length. */
interface PrefixCode {
  readonly table: Uint16Array;
  readonly bits: number;
}

const MAX_CODE_BITS = 15;
const END_OF_BLOCK = 256;

// RFC 1951, 3.2.5: a row of the two tables is a base and a number of extra bits.
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5]
  .concat([5, 5, 0]);
const LENGTH_BASE = [...basesOf(LENGTH_EXTRA.slice(0, 28), 3), 258];
const DISTANCE_EXTRA = [0, 0, 0, 0].concat(Array.from({ length: 26 }, (_, i) => (i >> 1) + 1));
const DISTANCE_BASE = basesOf(DISTANCE_EXTRA, 1);
// RFC 1951, 3.2.7: the order of the lengths of the code length code.
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function basesOf(extraBits: readonly number[], first: number): number[] {
  let base = first;
  return extraBits.map((bits) => {
    const here = base;
    base += 1 << bits;
    return here;
  });
}

/**
 * Decompresses a gzip or zlib stream.
 *
 * @param data The whole stream.
 * @param limit The most bytes of output.
 * @throws {InflateError} if the stream is damaged or its output is longer
 */
export function inflate(data: Uint8Array, limit: number): Uint8Array {
  return new Inflater(data, deflateStart(data), limit).run();
}

/** Returns the position of the DEFLATE data after a gzip or zlib header. */
function deflateStart(data: Uint8Array): number {
  if (data[0] === 0x1f && data[1] === 0x8b && data[2] === 8) return gzipHeaderLength(data);
  const isZlib = data.length >= 2 && (data[0] & 0x0f) === 8 && (data[0] << 8 | data[1]) % 31 === 0;
  if (isZlib && (data[1] & 0x20) === 0) return 2;
  throw new InflateError("Cannot decompress: the header is unknown, expected gzip or zlib");
}

function gzipHeaderLength(data: Uint8Array): number {
  const flags = data[3];
  let position = 10;
  if (flags & 4) position += 2 + (data[position] | data[position + 1] << 8); // FEXTRA
  for (const field of [8, 16]) { // FNAME, FCOMMENT: each ends with a zero byte
    if (flags & field) {
      const end = data.indexOf(0, position);
      if (end < 0) throw new InflateError("Cannot decompress: the gzip header does not end");
      position = end + 1;
    }
  }
  if (flags & 2) position += 2; // FHCRC
  if (!(position <= data.length)) throw new InflateError("Cannot decompress: the data end early");
  return position;
}

/** Decompresses one stream: reads bits at `#position`, writes bytes at `#length`. */
class Inflater {
  readonly #data: Uint8Array;
  readonly #limit: number;
  #position: number;
  #bits = 0;
  #bitCount = 0;
  #out: Uint8Array;
  #length = 0;

  constructor(data: Uint8Array, position: number, limit: number) {
    this.#data = data;
    this.#position = position;
    this.#limit = limit;
    this.#out = new Uint8Array(Math.min(limit, Math.max(256, data.length * 4)));
  }

  run(): Uint8Array {
    let last = false;
    while (!last) {
      last = this.#take(1) === 1;
      const type = this.#take(2);
      if (type === 0) this.#stored();
      else if (type === 1) this.#compressed(fixedLiterals(), fixedDistances());
      else if (type === 2) this.#compressed(...this.#dynamicCodes());
      else throw new InflateError("Cannot decompress: block type 3 does not exist");
    }
    return this.#out.subarray(0, this.#length);
  }

  #stored(): void {
    this.#position -= this.#bitCount >> 3; // give back whole bytes that were read ahead
    this.#bits = this.#bitCount = 0;
    const start = this.#position + 4;
    const length = this.#data[start - 4] | this.#data[start - 3] << 8;
    const complement = this.#data[start - 2] | this.#data[start - 1] << 8;
    if ((length ^ 0xffff) !== complement || start + length > this.#data.length) {
      throw new InflateError("Cannot decompress: a stored block is damaged");
    }
    this.#reserve(length);
    this.#out.set(this.#data.subarray(start, start + length), this.#length);
    this.#length += length;
    this.#position = start + length;
  }

  #compressed(literals: PrefixCode, distances: PrefixCode): void {
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol < END_OF_BLOCK) {
        if (this.#length === this.#out.length) this.#reserve(1);
        this.#out[this.#length++] = symbol;
        continue;
      }
      if (symbol === END_OF_BLOCK) return;
      const row = symbol - 257;
      const column = row < LENGTH_BASE.length ? row : -1;
      if (column < 0) throw new InflateError("Cannot decompress: a length code does not exist");
      const length = LENGTH_BASE[column] + this.#take(LENGTH_EXTRA[column]);
      const code = this.#symbol(distances);
      if (code >= DISTANCE_BASE.length) {
        throw new InflateError("Cannot decompress: a distance code does not exist");
      }
      this.#repeat(length, DISTANCE_BASE[code] + this.#take(DISTANCE_EXTRA[code]));
    }
  }

  #repeat(length: number, distance: number): void {
    if (distance > this.#length) {
      throw new InflateError("Cannot decompress: a distance reaches before the first byte");
    }
    this.#reserve(length);
    let from = this.#length - distance;
    // Byte by byte, because source and target may overlap.
    for (let i = 0; i < length; i++) this.#out[this.#length++] = this.#out[from++];
  }

  #dynamicCodes(): [PrefixCode, PrefixCode] {
    const literalCount = this.#take(5) + 257;
    const distanceCount = this.#take(5) + 1;
    const codeLengthCount = this.#take(4) + 4;
    const codeLengths = new Uint8Array(19);
    for (let i = 0; i < codeLengthCount; i++) codeLengths[CODE_LENGTH_ORDER[i]] = this.#take(3);
    const code = prefixCode(codeLengths);

    const lengths = new Uint8Array(literalCount + distanceCount);
    for (let i = 0; i < lengths.length;) {
      const symbol = this.#symbol(code);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) {
        throw new InflateError("Cannot decompress: the first code length repeats nothing");
      }
      const repeated = symbol === 16 ? lengths[i - 1] : 0;
      const times = symbol === 16
        ? 3 + this.#take(2)
        : symbol === 17
        ? 3 + this.#take(3)
        : 11 + this.#take(7);
      if (i + times > lengths.length) {
        throw new InflateError("Cannot decompress: too many code lengths");
      }
      lengths.fill(repeated, i, i += times);
    }
    return [
      prefixCode(lengths.subarray(0, literalCount)),
      prefixCode(lengths.subarray(literalCount)),
    ];
  }

  #take(count: number): number {
    this.#need(count);
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#bitCount -= count;
    return value;
  }

  #symbol(code: PrefixCode): number {
    // Near the end, fewer bits than the longest code may be left. The check below detects the
    // missing ones.
    while (this.#bitCount < code.bits && this.#position < this.#data.length) this.#need(code.bits);
    const entry = code.table[this.#bits & ((1 << code.bits) - 1)];
    const length = entry & 15;
    if (length === 0 || length > this.#bitCount) {
      throw new InflateError(
        "Cannot decompress: the data end early or hold a code that does not exist",
      );
    }
    this.#bits >>>= length;
    this.#bitCount -= length;
    return entry >> 4;
  }

  /** Reads bytes until `#bits` has `count` bits. It holds at most 24, so it never overflows. */
  #need(count: number): void {
    while (this.#bitCount < count) {
      if (this.#position >= this.#data.length) {
        throw new InflateError("Cannot decompress: the data end early");
      }
      this.#bits |= this.#data[this.#position++] << this.#bitCount;
      this.#bitCount += 8;
    }
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#limit) {
      throw new InflateError(`Cannot decompress: the output exceeds ${this.#limit} bytes`);
    }
    if (needed <= this.#out.length) return;
    const larger = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#out.length * 2)));
    larger.set(this.#out.subarray(0, this.#length));
    this.#out = larger;
  }
}

/** Builds the prefix code of RFC 1951, 3.2.2, with reversed codes: the top bit is sent first. */
function prefixCode(lengths: Uint8Array): PrefixCode {
  const counts = new Uint16Array(MAX_CODE_BITS + 1);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  let bits = 1;
  const next = new Uint16Array(MAX_CODE_BITS + 2);
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    next[length + 1] = (next[length] + counts[length]) << 1;
    if (counts[length] > 0) bits = length;
    if (next[length] + counts[length] > 1 << length) {
      throw new InflateError("Cannot decompress: a prefix code is over-subscribed");
    }
  }
  const table = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    let code = next[length]++;
    let reversed = 0;
    for (let i = 0; i < length; i++, code >>= 1) reversed = reversed << 1 | code & 1;
    for (let i = reversed; i < table.length; i += 1 << length) table[i] = symbol << 4 | length;
  }
  return { table, bits };
}

let fixed: { literals: PrefixCode; distances: PrefixCode } | undefined;

function fixedCodes(): { literals: PrefixCode; distances: PrefixCode } {
  return fixed ??= {
    literals: prefixCode(
      Uint8Array.from({ length: 288 }, (_, i) => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8),
    ),
    distances: prefixCode(new Uint8Array(30).fill(5)),
  };
}

const fixedLiterals = (): PrefixCode => fixedCodes().literals;
const fixedDistances = (): PrefixCode => fixedCodes().distances;
