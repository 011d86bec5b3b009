/**
 * Numbers and bytes as Qt serialises them (QDataStream): big endian, bytes after their length as
 * u32. https://doc.qt.io/qt-6/datastreamformat.html
 */
import { concatBytes } from "../../crypto/mod.ts";
import { damaged } from "./foreign_session.ts";

/** The length of a null array, which has no bytes. */
const NULL_BYTES = 0xffffffff;

/** Reads values that Qt has serialised. */
export class QtReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  /** A reader at the start of `bytes`. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads a copy of the next `length` bytes. */
  raw(length: number): Uint8Array {
    const end = this.#position + length;
    if (end > this.#bytes.length) throw damaged("a part of it ends too early");
    const bytes = this.#bytes.slice(this.#position, end);
    this.#position = end;
    return bytes;
  }

  /** Reads a signed number of 32 bits. */
  int32(): number {
    return new DataView(this.raw(4).buffer).getInt32(0);
  }

  /** Reads a signed number of 64 bits. */
  int64(): bigint {
    return new DataView(this.raw(8).buffer).getBigInt64(0);
  }

  /** Reads bytes with their length before them. */
  bytes(): Uint8Array {
    const length = this.int32() >>> 0;
    return this.raw(length === NULL_BYTES ? 0 : length);
  }
}

/** Serialises a signed number of 32 bits. */
export function int32(value: number, littleEndian = false): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, value, littleEndian);
  return new Uint8Array(view.buffer);
}

/** Serialises bytes, with their length before them. */
export function qtBytes(bytes: Uint8Array): Uint8Array {
  return concatBytes(int32(bytes.length), bytes);
}
