/**
 * A place in bytes, and the functions that read TL primitives from there.
 * https://core.telegram.org/mtproto/serialize#base-types
 *
 * They are functions of one plain object, and not methods with private fields, because they are the
 * inner loop of decoder.ts. reader.ts has the public form of them. Those that read a number do not
 * look whether it is there: a DataView does, and throws a RangeError.
 */

import type { EngineLimits, Utf8Decoder } from "../runtime/engine/mod.ts";
import { TlError } from "./tl_error.ts";

const SHORT_TEXT = 24;
const SHORT_BYTES = 256;
/** So many are copied faster one by one. */
const FEW_BYTES = 64;
const SHARED_BUFFER = 1024;

/** An array for the characters of a string of each short length. */
const CODES = Array.from({ length: SHORT_TEXT + 1 }, (_, length) => new Array(length).fill(0));

/** The buffer that short copies share, of whichever cursor, and how much of it they use. */
let shared = new Uint8Array(0);
let sharedLength = 0;

let limits: EngineLimits = { shortText: SHORT_TEXT, smallArray: 0 };
let decoder: TextDecoder | undefined;
let decodeUtf8: Utf8Decoder = (bytes, start, end) => {
  decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
  return decoder.decode(bytes.subarray(start, end));
};

/** Reads texts and byte strings by what is fast in this runtime from now on. */
export function useEngine(engine: EngineLimits, native: Utf8Decoder | undefined): void {
  limits = native === undefined ? { ...engine, shortText: SHORT_TEXT } : engine;
  decodeUtf8 = native ?? decodeUtf8;
}

/** A place in bytes, and what the decoder must know there. */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Whether byte strings that are most of the buffer may be views of it. */
  readonly mayShare: boolean;
  /** The position. */
  at = 0;
  /** How many objects and vectors surround the position. */
  depth = 0;
  /** Whether to read each object by its plan, also if there is a generated decoder. */
  isByPlan = false;
  /** The index of the schema; only decoder.ts knows its type. */
  definitions: unknown;
  /** The length of the string that was read last. */
  blobLength = 0;

  constructor(bytes: Uint8Array, mayShare: boolean) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // Methods of a subclass, such as Buffer.slice(), may do something else.
    this.bytes = bytes.constructor === Uint8Array
      ? bytes
      : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.mayShare = mayShare;
  }
}

/** Returns the error for a value of `size` bytes, if fewer are left. */
export function tooShort(cursor: Cursor, size: number): TlError {
  return new TlError("decode", `${cursor.bytes.length - cursor.at} bytes left, expected ${size}`);
}

/** Reads an `int`, or an id as a signed number. */
export function int(cursor: Cursor): number {
  const value = cursor.view.getInt32(cursor.at, true);
  cursor.at += 4;
  return value;
}

/** Reads a `#`, or an id as an unsigned number. */
export function uint(cursor: Cursor): number {
  const value = cursor.view.getUint32(cursor.at, true);
  cursor.at += 4;
  return value;
}

/** Reads a `long`. */
export function long(cursor: Cursor): bigint {
  const value = cursor.view.getBigInt64(cursor.at, true);
  cursor.at += 8;
  return value;
}

/** Reads a `double`. */
export function double(cursor: Cursor): number {
  const value = cursor.view.getFloat64(cursor.at, true);
  cursor.at += 8;
  return value;
}

/** Reads a `string`. Malformed UTF-8 becomes U+FFFD. */
export function string(cursor: Cursor): string {
  const start = blob(cursor);
  const { bytes, blobLength: length } = cursor;
  // Most strings are short and ASCII, and a call of the runtime takes longer than reading them.
  if (length <= limits.shortText) {
    const codes = CODES[length];
    let i = 0;
    for (; i < length; i++) {
      const byte = bytes[start + i];
      if (byte > 127) break;
      codes[i] = byte;
    }
    if (i === length) return String.fromCharCode.apply(null, codes);
  }
  return decodeUtf8(bytes, start, start + length);
}

/** Reads `bytes`. Returns a copy, or a view of bytes that the cursor may share. */
export function byteString(cursor: Cursor): Uint8Array {
  const start = blob(cursor);
  return copy(cursor, start, cursor.blobLength);
}

/** Reads `length` bytes without a length in front. Returns a copy. */
export function raw(cursor: Cursor, length: number): Uint8Array {
  const start = cursor.at;
  if (length > cursor.bytes.length - start) throw tooShort(cursor, length);
  cursor.at = start + length;
  return copy(cursor, start, length);
}

/** Moves over a string and its padding. Returns its first byte, and sets its length. */
function blob(cursor: Cursor): number {
  const { bytes, at } = cursor;
  const left = bytes.length - at;
  if (left < 4) throw tooShort(cursor, 4);
  let length = bytes[at];
  let header = 1;
  if (length > 253) {
    if (length === 255) {
      throw new TlError(
        "decode",
        "a string that begins with 0xff, expected a length of 0 to 254",
      );
    }
    length = bytes[at + 1] | bytes[at + 2] << 8 | bytes[at + 3] << 16;
    header = 4;
  }
  const size = header + length + 3 & ~3;
  if (size > left) throw tooShort(cursor, size);
  cursor.at = at + size;
  cursor.blobLength = length;
  return at + header;
}

/** Returns a copy, or a view of bytes that the cursor may share. */
function copy(cursor: Cursor, start: number, length: number): Uint8Array {
  const { bytes } = cursor;
  const end = start + length;
  if (length > SHORT_BYTES) {
    const isShared = cursor.mayShare && length * 2 > bytes.buffer.byteLength;
    return isShared ? bytes.subarray(start, end) : bytes.slice(start, end);
  }
  if (length <= limits.smallArray) return bytes.slice(start, end);
  // A new buffer takes longer than reading most objects, so short copies share one.
  if (length > shared.length - sharedLength) {
    shared = new Uint8Array(SHARED_BUFFER);
    sharedLength = 0;
  }
  const at = sharedLength;
  sharedLength += length;
  if (length > FEW_BYTES) shared.set(bytes.subarray(start, end), at);
  else for (let i = 0; i < length; i++) shared[at + i] = bytes[start + i];
  return new Uint8Array(shared.buffer, at, length);
}
