// TL primitives to bytes: https://core.telegram.org/mtproto/serialize#base-types
// Little-endian, everything padded to four bytes. Knows nothing of constructors: see encoder.ts.

import { describe, TlError } from "./tl_error.ts";

/** The longest string that the three length bytes can say. */
export const MAX_BYTES = 0xffffff;

const SHORT_STRING = 64;

let encoder: TextEncoder | undefined;
let encoded: Uint8Array | undefined;

/**
 * Writes TL primitives one after another into a buffer that grows.
 *
 * Every method throws a {@linkcode TlError} when the value is not of its type or out of its range.
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

  /**
   * Begins empty.
   *
   * @param capacity how many bytes to make room for at first
   */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** How many bytes have been written. */
  get length(): number {
    return this.#length;
  }

  /** `int`: a signed 32-bit integer. */
  int32(value: number): void {
    if (typeof value !== "number" || (value | 0) !== value) {
      throw unfit(value, "a signed integer of 32 bits");
    }
    const at = this.#reserve(4);
    this.#view.setInt32(at, value, true);
  }

  /** `#`, or the id of a constructor: an unsigned 32-bit integer. */
  uint32(value: number): void {
    if (typeof value !== "number" || value >>> 0 !== value) {
      throw unfit(value, "an unsigned integer of 32 bits");
    }
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  /** `long`: a signed 64-bit integer. */
  int64(value: bigint): void {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      throw unfit(value, "a signed bigint of 64 bits");
    }
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  /** `double`: 64 bits, IEEE 754. */
  double(value: number): void {
    if (typeof value !== "number") throw unfit(value, "a number");
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  /** `bytes`: length, bytes, padding. At most 2^24 - 1 bytes. */
  bytes(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw unfit(value, "a Uint8Array");
    const length = value.length;
    if (length > MAX_BYTES) throw unfit(value, `at most ${MAX_BYTES} bytes`);
    const header = length < 254 ? 1 : 4;
    const at = this.#reserve((header + length + 3) & ~3);
    this.#header(at, length);
    this.#bytes.set(value, at + header);
  }

  /** `string`: its UTF-8 as `bytes`. */
  string(value: string): void {
    if (typeof value !== "string") throw unfit(value, "a string");
    if (value.length <= SHORT_STRING && this.#shortAscii(value)) return;
    encoder ??= new TextEncoder();
    // Most fit into a buffer that is there already, which is several times faster than into one of their own.
    encoded ??= new Uint8Array(4096);
    const { read, written } = encoder.encodeInto(value, encoded);
    this.bytes(read === value.length ? encoded.subarray(0, written) : encoder.encode(value));
  }

  /** Bytes as they are: `int128`, `int256`, or something already serialised. */
  raw(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) throw unfit(value, "a Uint8Array");
    const at = this.#reserve(value.length);
    this.#bytes.set(value, at);
  }

  /** A copy of what was written so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** Begins again, with zeros in place of what was written. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#length);
    this.#length = 0;
  }

  /** Makes room for `size` more bytes, all zero, and returns where they begin. */
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

  /** Most strings are short and ASCII: writing them here is several times faster than asking a `TextEncoder`. */
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
