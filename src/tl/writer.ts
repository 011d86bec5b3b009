/**
 * Writes TL primitives to bytes: https://core.telegram.org/mtproto/serialize#base-types
 * Little-endian, padded to four bytes. encoder.ts writes objects.
 */

import { describe, TlError } from "./tl_error.ts";

/** The longest string that three length bytes allow. */
export const MAX_BYTES = 0xffffff;

const SHORT_STRING = 64;
/** Byte strings from this length on may stay where they are, bytes. */
const LONG_BYTES = 4096;

let encoder: TextEncoder | undefined;
let encoded: Uint8Array | undefined;

/**
 * Writes TL primitives one after another into a buffer that grows.
 *
 * Every method throws a {@linkcode TlError} if the value has another type or is out of range.
 *
 * @example
 * ```ts
 * import { TlReader, TlWriter } from "@tessera/mtproto/tl";
 *
 * const writer = new TlWriter();
 * writer.uint32(0x7abe77ec);
 * writer.int64(5n);
 * const reader = new TlReader(writer.finish());
 * console.log(reader.uint32() === 0x7abe77ec, reader.int64()); // true 5n
 * ```
 */
export class TlWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;
  readonly #mayShare: boolean;
  /** The parts so far, if some are not copied. */
  #parts: Uint8Array[] = [];
  /** How many bytes of the buffer are in these. */
  #parted = 0;

  /**
   * Begins empty.
   *
   * @param capacity The first size of the buffer, bytes.
   * @param mayShare Whether {@linkcode TlWriter.takeParts} returns long byte strings themselves,
   * not copies: they must not change later. The other methods leave them out then.
   */
  constructor(capacity = 256, mayShare = false) {
    this.#mayShare = mayShare;
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** The number of bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Writes an `int`: a signed 32-bit integer. */
  int32(value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) {
      throw unfit(value, "a signed integer of 32 bits");
    }
    const at = this.#reserve(4);
    this.#view.setInt32(at, value, true);
  }

  /** Writes a `#` or the id of a constructor: an unsigned 32-bit integer. */
  uint32(value: number): void {
    if (typeof value !== "number" || value >>> 0 !== value) {
      throw unfit(value, "an unsigned integer of 32 bits");
    }
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  /** Writes a `long`: a signed 64-bit integer. */
  int64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      throw unfit(value, "a signed bigint of 64 bits");
    }
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  /** Writes a `double`: 64 bits, IEEE 754. */
  double(value: number): void {
    if (typeof value !== "number") throw unfit(value, "a number");
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  /** Writes `bytes`: length, bytes, padding. At most 2^24 - 1 bytes. */
  bytes(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw unfit(value, "a Uint8Array");
    const length = value.length;
    if (length > MAX_BYTES) throw unfit(value, `at most ${MAX_BYTES} bytes`);
    const header = length < 254 ? 1 : 4;
    if (this.#mayShare && length >= LONG_BYTES) return this.#share(value);
    const at = this.#reserve((header + length + 3) & ~3);
    this.#header(at, length);
    this.#bytes.set(value, at + header);
  }

  /** Writes a `string`: its UTF-8 as `bytes`. Half of a character has no UTF-8. */
  string(value: string): void {
    if (typeof value !== "string") throw unfit(value, "a string");
    if (value.length <= SHORT_STRING && this.#shortAscii(value)) return;
    if (!value.isWellFormed()) {
      throw new TlError("encode", "half of a character (a lone surrogate), expected whole ones");
    }
    encoder ??= new TextEncoder();
    // Most strings fit into one shared buffer, which is several times faster than a new one.
    encoded ??= new Uint8Array(4096);
    const { read, written } = encoder.encodeInto(value, encoded);
    this.bytes(read === value.length ? encoded.subarray(0, written) : encoder.encode(value));
  }

  /** Writes bytes without a length: `int128`, `int256`, or an object that is already encoded. */
  raw(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw unfit(value, "a Uint8Array");
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
  }

  /** Returns a copy of the bytes written so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Returns the bytes written so far, without a copy if they fill the buffer. Begins again. */
  take(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    const taken = bytes.length * 2 > this.#bytes.length ? bytes : bytes.slice();
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
    this.#length = 0;
    return taken;
  }

  /** Returns what was written, in parts: the byte strings that are not copied are parts. */
  takeParts(): Uint8Array[] {
    return [...this.#parts, this.#bytes.subarray(this.#parted, this.#length)];
  }

  /** Writes a long byte string as a part of its own. */
  #share(value: Uint8Array): void {
    this.#header(this.#reserve(4), value.length);
    this.#parts.push(this.#bytes.slice(this.#parted, this.#length), value);
    this.#parted = this.#length;
    this.#reserve(-value.length & 3);
  }

  /** Wipes the written bytes, and begins again. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#length);
    this.#length = 0;
  }

  /** Makes room for `size` more bytes, all zero. Returns the position of the first one. */
  #reserve(size: number): number {
    const at = this.#length;
    const end = at + size;
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length = end;
    return at;
  }

  #header(at: number, length: number): void {
    if (length < 254) this.#bytes[at] = length;
    else this.#view.setUint32(at, (length << 8 | 254) >>> 0, true);
  }

  /** Most strings are short and ASCII; writing them here is faster than with a `TextEncoder`. */
  #shortAscii(value: string): boolean {
    const length = value.length;
    for (let i = 0; i < length; i++) {
      if (value.charCodeAt(i) > 127) return false;
    }
    const at = this.#reserve((length + 4) & ~3);
    const bytes = this.#bytes;
    bytes[at] = length;
    for (let i = 0; i < length; i++) bytes[at + 1 + i] = value.charCodeAt(i);
    return true;
  }
}

function unfit(value: unknown, expected: string): TlError {
  return new TlError("encode", `${describe(value)}, expected ${expected}`);
}
