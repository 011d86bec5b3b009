/**
 * Reads TL primitives from bytes: https://core.telegram.org/mtproto/serialize#base-types
 * Checks every length against the bytes left before it allocates. decoder.ts reads objects, from
 * the cursor inside a reader.
 */

import { byteString, Cursor, double, int, long, raw, string, tooShort, uint } from "./cursor.ts";
import { TlError } from "./tl_error.ts";

/** Returns the place of a reader, for the decoder of objects. */
export let cursorOf: (reader: TlReader) => Cursor;

/**
 * Reads TL primitives one after another.
 *
 * Every method throws a {@linkcode TlError} if it needs more bytes than are left; the position then
 * does not change.
 *
 * @example
 * ```ts
 * import { TlReader } from "@tessera/mtproto/tl";
 *
 * const reader = new TlReader(Uint8Array.of(3, 97, 98, 99));
 * console.log(reader.string(), reader.remaining); // abc 0
 * ```
 */
export class TlReader {
  readonly #cursor: Cursor;

  static {
    cursorOf = (reader) => reader.#cursor;
  }

  /**
   * Begins at the first byte.
   *
   * @param bytes The bytes to read. They are not copied, so they must not change meanwhile.
   * @param mayShare Whether byte strings that are most of `bytes` are views of it, not copies: it
   * must not change later, either.
   */
  constructor(bytes: Uint8Array, mayShare = false) {
    this.#cursor = new Cursor(bytes, mayShare);
  }

  /** The number of bytes read so far. */
  get position(): number {
    return this.#cursor.at;
  }

  /** The number of bytes left. */
  get remaining(): number {
    return this.#cursor.bytes.length - this.#cursor.at;
  }

  /**
   * Returns the next unsigned 32-bit integer, often an id, without moving. Returns undefined if
   * fewer than four bytes are left.
   */
  peek(): number | undefined {
    return this.remaining < 4 ? undefined : this.#cursor.view.getUint32(this.#cursor.at, true);
  }

  /** Reads an `int`: a signed 32-bit integer. */
  int32(): number {
    return int(this.#with(4));
  }

  /** Reads a `#` or the id of a constructor: an unsigned 32-bit integer. */
  uint32(): number {
    return uint(this.#with(4));
  }

  /** Reads a `long`: a signed 64-bit integer. */
  int64(): bigint {
    return long(this.#with(8));
  }

  /** Reads a `double`: 64 bits, IEEE 754. */
  double(): number {
    return double(this.#with(8));
  }

  /**
   * Reads `bytes`. Returns a copy, unless the reader may share; a short copy may be a view into a
   * larger buffer.
   */
  bytes(): Uint8Array {
    return byteString(this.#cursor);
  }

  /** Reads a `string`. Malformed UTF-8 becomes U+FFFD. */
  string(): string {
    return string(this.#cursor);
  }

  /**
   * Reads bytes without a length in front, such as `int128`.
   *
   * @param length The number of bytes.
   * @returns a copy, as of {@linkcode TlReader.bytes}
   */
  raw(length: number): Uint8Array {
    if (!Number.isInteger(length) || length < 0) {
      throw new TlError("decode", `a length of ${length}, expected a whole number of bytes`);
    }
    return raw(this.#cursor, length);
  }

  /** Returns the cursor, if so many bytes are left. */
  #with(size: number): Cursor {
    if (size > this.remaining) throw tooShort(this.#cursor, size);
    return this.#cursor;
  }
}
