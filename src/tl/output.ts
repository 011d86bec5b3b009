/**
 * A buffer that grows, and the functions that write TL primitives to it.
 * https://core.telegram.org/mtproto/serialize#base-types
 *
 * They are functions of one plain object because they are the inner loop of encoder.ts. writer.ts
 * has the public form of them. Each refuses a value of another type, or out of range.
 */

import { describe, TlError } from "./tl_error.ts";

/** The longest string that three length bytes allow. */
export const MAX_BYTES = 0xffffff;

/** Byte strings from this length on may stay where they are, bytes. */
const LONG_BYTES = 4096;
/** Up to this length, writing UTF-8 in JavaScript is faster than a call of the runtime. */
const SHORT_STRING = 32;
/** UTF-8 has at most three bytes for a unit of a string. Longer strings are not given that much. */
const LONG_STRING = 2048;

const LONG_TYPE = "a signed bigint of 64 bits";

let encoder: TextEncoder | undefined;

/** A buffer, and how much of it is written. */
export class Output {
  bytes: Uint8Array;
  view: DataView;
  length = 0;
  /** Whether long byte strings stay where they are, as parts of their own. */
  readonly mayShare: boolean;
  /** The parts so far. */
  readonly parts: Uint8Array[] = [];
  /** How many bytes of the buffer are in these. */
  parted = 0;

  constructor(capacity: number, mayShare = false) {
    this.mayShare = mayShare;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes room for `size` more bytes. Returns the position of the first one. */
  reserve(size: number): number {
    const at = this.length;
    const end = at + size;
    if (end > this.bytes.length) this.#grow(end);
    this.length = end;
    return at;
  }

  #grow(end: number): void {
    const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}

/** Writes an `int`: a signed 32-bit integer. */
export function writeInt(output: Output, value: unknown): void {
  if (typeof value !== "number" || (value | 0) !== value) {
    throw unfit(value, "a signed integer of 32 bits");
  }
  const at = output.reserve(4);
  output.view.setInt32(at, value, true);
}

/** Writes a `#` or an id: an unsigned 32-bit integer. */
export function writeUint(output: Output, value: unknown): void {
  if (typeof value !== "number" || value >>> 0 !== value) {
    throw unfit(value, "an unsigned integer of 32 bits");
  }
  const at = output.reserve(4);
  output.view.setUint32(at, value, true);
}

/** Writes a `long`: a signed 64-bit integer. */
export function writeLong(output: Output, value: unknown): void {
  if (typeof value !== "bigint") throw unfit(value, LONG_TYPE);
  const at = output.reserve(8);
  output.view.setBigInt64(at, value, true);
  // Faster than BigInt.asIntN() before.
  if (output.view.getBigInt64(at, true) === value) return;
  output.length = at;
  throw unfit(value, LONG_TYPE);
}

/** Writes a `double`: 64 bits, IEEE 754. */
export function writeDouble(output: Output, value: unknown): void {
  if (typeof value !== "number") throw unfit(value, "a number");
  const at = output.reserve(8);
  output.view.setFloat64(at, value, true);
}

/** Writes `bytes`: length, bytes, padding. At most 2^24 - 1 bytes. */
export function writeBytes(output: Output, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw unfit(value, "a Uint8Array");
  const { length } = value;
  if (length > MAX_BYTES) throw unfit(value, `at most ${MAX_BYTES} bytes`);
  const header = length < 254 ? 1 : 4;
  const isShared = output.mayShare && length >= LONG_BYTES;
  const at = output.reserve(header + (isShared ? 0 : length));
  if (!isShared) output.bytes.set(value, at + header);
  writeLength(output, at, header, length);
  if (isShared) {
    output.parts.push(output.bytes.slice(output.parted, output.length), value);
    output.parted = output.length;
  }
  pad(output, header + length);
}

/** Writes a `string`: its UTF-8 as `bytes`. Half of a character has no UTF-8. */
export function writeString(output: Output, value: unknown): void {
  if (typeof value !== "string") throw unfit(value, "a string");
  const units = value.length;
  if (units <= SHORT_STRING) {
    const at = output.reserve(3 * units + 4);
    const end = shortUtf8(output.bytes, at + 1, value);
    if (end >= 0) return finishBytes(output, at, 1, end - at - 1);
    output.length = at;
  }
  if (!value.isWellFormed()) {
    output.bytes.fill(0, output.length);
    throw new TlError("encode", "half of a character (a lone surrogate), expected whole ones");
  }
  encoder ??= new TextEncoder();
  if (units > LONG_STRING) return writeBytes(output, encoder.encode(value));
  const header = units < 254 ? 1 : 4;
  const at = output.reserve(header + 3 * units + 4);
  const { bytes } = output;
  const { written } = encoder.encodeInto(value, bytes.subarray(at + header));
  // The length was not known before.
  const isLonger = header === 1 && written > 253;
  if (isLonger) bytes.copyWithin(at + 4, at + 1, at + 1 + written);
  finishBytes(output, at, isLonger ? 4 : header, written);
}

/** Writes a text as UTF-8. Returns the end; -1 if a character has two units, or is half of one. */
function shortUtf8(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes[at++] = code;
    else if (code < 0x800) {
      bytes[at++] = 0xc0 | code >> 6;
      bytes[at++] = 0x80 | code & 0x3f;
    } else if (code < 0xd800 || code > 0xdfff) {
      bytes[at++] = 0xe0 | code >> 12;
      bytes[at++] = 0x80 | code >> 6 & 0x3f;
      bytes[at++] = 0x80 | code & 0x3f;
    } else return -1;
  }
  return at;
}

/** Writes bytes without a length: `int128`, `int256`, or an object that is already encoded. */
export function writeRaw(output: Output, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw unfit(value, "a Uint8Array");
  const at = output.reserve(value.length);
  output.bytes.set(value, at);
}

/** Ends bytes that are in their place: writes their length and padding. */
function finishBytes(output: Output, at: number, header: number, length: number): void {
  output.length = at + header + length;
  pad(output, header + length);
  writeLength(output, at, header, length);
}

/** Writes zeros up to a multiple of four bytes. */
function pad(output: Output, length: number): void {
  const padding = -length & 3;
  const at = output.reserve(padding);
  for (let i = 0; i < padding; i++) output.bytes[at + i] = 0;
}

/** Writes the length of bytes in front of them. */
function writeLength({ bytes }: Output, at: number, header: number, length: number): void {
  bytes[at] = header === 1 ? length : 254;
  if (header === 1) return;
  bytes[at + 1] = length;
  bytes[at + 2] = length >> 8;
  bytes[at + 3] = length >> 16;
}

/** Returns the error for a value of another type. */
export function unfit(value: unknown, expected: string): TlError {
  return new TlError("encode", `${describe(value)}, expected ${expected}`);
}
