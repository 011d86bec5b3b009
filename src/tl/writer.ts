/**
 * Writes TL primitives to bytes: https://core.telegram.org/mtproto/serialize#base-types
 * Little-endian, padded to four bytes. encoder.ts writes objects.
 */

import {
  Output,
  writeBytes,
  writeDouble,
  writeInt,
  writeLong,
  writeRaw,
  writeString,
  writeUint,
} from "./output.ts";

/** Returns the buffer of a writer, for the encoder of objects. */
export let outputOf: (writer: TlWriter) => Output;

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
  #output: Output;

  static {
    outputOf = (writer) => writer.#output;
  }

  /**
   * Begins empty.
   *
   * @param capacity The first size of the buffer, bytes.
   * @param mayShare Whether {@linkcode TlWriter.takeParts} returns long byte strings themselves,
   * not copies: they must not change later. The other methods leave them out then.
   */
  constructor(capacity = 256, mayShare = false) {
    this.#output = new Output(capacity, mayShare);
  }

  /** The number of bytes written so far. */
  get length(): number {
    return this.#output.length;
  }

  /** Writes an `int`: a signed 32-bit integer. */
  int32(value: number): void {
    writeInt(this.#output, value);
  }

  /** Writes a `#` or the id of a constructor: an unsigned 32-bit integer. */
  uint32(value: number): void {
    writeUint(this.#output, value);
  }

  /** Writes a `long`: a signed 64-bit integer. */
  int64(value: bigint): void {
    writeLong(this.#output, value);
  }

  /** Writes a `double`: 64 bits, IEEE 754. */
  double(value: number): void {
    writeDouble(this.#output, value);
  }

  /** Writes `bytes`: length, bytes, padding. At most 2^24 - 1 bytes. */
  bytes(value: Uint8Array): void {
    writeBytes(this.#output, value);
  }

  /** Writes a `string`: its UTF-8 as `bytes`. Half of a character has no UTF-8. */
  string(value: string): void {
    writeString(this.#output, value);
  }

  /** Writes bytes without a length: `int128`, `int256`, or an object that is already encoded. */
  raw(value: Uint8Array): void {
    writeRaw(this.#output, value);
  }

  /** Returns a copy of the bytes written so far. */
  finish(): Uint8Array {
    return this.#output.bytes.slice(0, this.length);
  }

  /** Returns the bytes written so far, without a copy if they fill the buffer. Begins again. */
  take(): Uint8Array {
    const { bytes } = this.#output;
    const written = bytes.subarray(0, this.length);
    const taken = written.length * 2 > bytes.length ? written : written.slice();
    this.#output = new Output(0);
    return taken;
  }

  /** Returns what was written, in parts: the byte strings that are not copied are parts. */
  takeParts(): Uint8Array[] {
    const { parts, bytes, parted } = this.#output;
    return [...parts, bytes.subarray(parted, this.length)];
  }

  /** Wipes the written bytes, and begins again. */
  clear(): void {
    this.#output.bytes.fill(0, 0, this.length);
    this.#output.length = 0;
  }
}
