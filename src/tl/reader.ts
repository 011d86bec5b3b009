/**
 * Reads TL primitives from bytes: https://core.telegram.org/mtproto/serialize#base-types
 * Checks every length against the bytes left before it allocates. decoder.ts reads objects.
 */

import { TlError } from "./tl_error.ts";

const SHORT_STRING = 24;
const SHORT_BYTES = 256;
const SHARED_BUFFER = 1024;
const NOTHING = new Uint8Array(0);

let decoder: TextDecoder | undefined;

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
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #mayShare: boolean;
  #position = 0;
  #shared = NOTHING;
  #sharedLength = 0;

  /**
   * Begins at the first byte.
   *
   * @param bytes The bytes to read. They are not copied, so they must not change meanwhile.
   * @param mayShare Whether byte strings that are most of `bytes` are views of it, not copies: it
   * must not change later, either.
   */
  constructor(bytes: Uint8Array, mayShare = false) {
    this.#bytes = bytes;
    this.#mayShare = mayShare;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The number of bytes read so far. */
  get position(): number {
    return this.#position;
  }

  /** The number of bytes left. */
  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  /**
   * Returns the next unsigned 32-bit integer, often an id, without moving. Returns undefined if
   * fewer than four bytes are left.
   */
  peek(): number | undefined {
    return this.remaining < 4 ? undefined : this.#view.getUint32(this.#position, true);
  }

  /** Reads an `int`: a signed 32-bit integer. */
  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** Reads a `#` or the id of a constructor: an unsigned 32-bit integer. */
  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Reads a `long`: a signed 64-bit integer. */
  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true);
  }

  /** Reads a `double`: 64 bits, IEEE 754. */
  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /**
   * Reads `bytes`. Returns a copy, unless the reader may share; a short copy may be a view into a
   * larger buffer.
   */
  bytes(): Uint8Array {
    const length = this.#blobLength();
    return this.#copy(this.#takeBlob(length), length);
  }

  /** Reads a `string`. Malformed UTF-8 becomes U+FFFD. */
  string(): string {
    const length = this.#blobLength();
    const start = this.#takeBlob(length);
    if (length <= SHORT_STRING) {
      const text = this.#shortAscii(start, length);
      if (text !== undefined) return text;
    }
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return decoder.decode(this.#bytes.subarray(start, start + length));
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
    return this.#copy(this.#take(length), length);
  }

  /** A new buffer takes longer than reading most objects, so short copies share one. */
  #copy(start: number, length: number): Uint8Array {
    if (length > SHORT_BYTES) {
      const isShared = this.#mayShare && length * 2 > this.#bytes.buffer.byteLength;
      const end = start + length;
      return isShared ? this.#bytes.subarray(start, end) : this.#bytes.slice(start, end);
    }
    if (length > this.#shared.length - this.#sharedLength) {
      this.#shared = new Uint8Array(Math.min(length + this.remaining, SHARED_BUFFER));
      this.#sharedLength = 0;
    }
    const at = this.#sharedLength;
    this.#sharedLength += length;
    this.#shared.set(this.#bytes.subarray(start, start + length), at);
    return this.#shared.subarray(at, this.#sharedLength);
  }

  #take(size: number): number {
    const start = this.#position;
    if (size > this.#bytes.length - start) throw this.#short(size);
    this.#position = start + size;
    return start;
  }

  /** Returns the length of the next string, without moving. */
  #blobLength(): number {
    if (this.remaining < 4) throw this.#short(4);
    const head = this.#view.getUint32(this.#position, true);
    const first = head & 0xff;
    if (first === 255) {
      throw new TlError("decode", "a string that begins with 0xff, expected a length of 0 to 254");
    }
    return first === 254 ? head >>> 8 : first;
  }

  /** Moves over a string of that length and its padding. Returns the position of its first byte. */
  #takeBlob(length: number): number {
    const header = this.#bytes[this.#position] === 254 ? 4 : 1;
    return this.#take((header + length + 3) & ~3) + header;
  }

  /** Most strings are short and ASCII; reading them here is faster than with a `TextDecoder`. */
  #shortAscii(start: number, length: number): string | undefined {
    const codes = new Array<number>(length);
    for (let i = 0; i < length; i++) {
      const byte = this.#bytes[start + i];
      if (byte > 127) return undefined;
      codes[i] = byte;
    }
    return String.fromCharCode.apply(null, codes);
  }

  #short(size: number): TlError {
    return new TlError("decode", `${this.remaining} bytes left, expected ${size}`);
  }
}
