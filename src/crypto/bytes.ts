/**
 * Conversions between bytes and hex, base64, UTF-8 and big-endian numbers, and a comparison in
 * constant time. Nothing here is specific to Telegram.
 */

/** Returns a new byte string with the parts one after the other. */
export function concatBytes(...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/**
 * Returns whether two byte strings are equal. Its time depends on their lengths only: it compares
 * every byte, also after the first difference. Use it for secrets, and for values computed from
 * secrets.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** Returns the bytes as lower-case hexadecimal digits, two per byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += (byte < 16 ? "0" : "") + byte.toString(16);
  return hex;
}

/**
 * Reads hexadecimal digits of either case, two per byte.
 *
 * @throws {TypeError} if the text has an odd length or other characters. The error does not quote
 * the text: it may be a key.
 */
export function hexToBytes(hex: string): Uint8Array {
  if (hex.length % 2 !== 0) {
    throw new TypeError(
      `Cannot read hexadecimal text: its length is ${hex.length}, expected an even number`,
    );
  }
  if (!/^[0-9a-f]*$/i.test(hex)) {
    throw new TypeError(
      "Cannot read hexadecimal text: it has other characters, expected 0-9 and a-f only",
    );
  }
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Reads a big-endian unsigned number; an empty byte string is 0. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt("0x" + bytesToHex(bytes));
}

/**
 * Writes a number as exactly `length` big-endian bytes.
 *
 * @throws {RangeError} if the number is negative or needs more bytes. The error does not quote the
 * number: it may be a key.
 */
export function bigIntToBytes(value: bigint, length: number): Uint8Array {
  if (value < 0n) {
    throw new RangeError(
      `Cannot write a number in ${length} bytes: it is negative, expected at least 0`,
    );
  }
  const hex = value === 0n ? "" : value.toString(16);
  if (hex.length > 2 * length) {
    const needed = Math.ceil(hex.length / 2);
    throw new RangeError(
      `Cannot write a number in ${length} bytes: it needs ${needed}, expected at most ${length}`,
    );
  }
  return hexToBytes(hex.padStart(2 * length, "0"));
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function writeBase64(bytes: Uint8Array, alphabet: string, padding: boolean): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) |
      (left > 2 ? bytes[i + 2] : 0);
    text += alphabet[group >> 18] + alphabet[group >> 12 & 63];
    if (left > 1) text += alphabet[group >> 6 & 63];
    if (left > 2) text += alphabet[group & 63];
  }
  return padding ? text.padEnd(4 * Math.ceil(bytes.length / 3), "=") : text;
}

/** Returns the bytes as padded base64 (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  return writeBase64(bytes, BASE64, true);
}

/**
 * Returns the bytes as base64 for URLs and file names (RFC 4648, section 5: `-` and `_`).
 *
 * @param bytes The bytes to write.
 * @param options `padding`: add `=` up to a multiple of four characters; false by default.
 */
export function encodeBase64Url(bytes: Uint8Array, options: { padding?: boolean } = {}): string {
  return writeBase64(bytes, BASE64_URL, options.padding ?? false);
}

/** Returns the value of a base64 character of either alphabet, or -1. */
function base64Digit(code: number): number {
  if (code >= 65 && code <= 90) return code - 65; // A-Z
  if (code >= 97 && code <= 122) return code - 71; // a-z
  if (code >= 48 && code <= 57) return code + 4; // 0-9
  if (code === 43 || code === 45) return 62; // + -
  if (code === 47 || code === 95) return 63; // / _
  return -1;
}

/**
 * Reads base64 of either alphabet, padded or not.
 *
 * @throws {TypeError} if the text has other characters (also white space), wrong padding, an
 * impossible length, or unused bits that are not zero. The error does not quote the text: it may
 * be a session.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  let length = text.length;
  while (length > 0 && text.length - length < 2 && text.charCodeAt(length - 1) === 61) length--;
  const padded = length < text.length;
  if (length % 4 === 1 || (padded && text.length % 4 !== 0)) {
    const padding = text.length - length;
    throw new TypeError(
      `Cannot read base64: it has ${length} digits and ${padding} padding characters, ` +
        "expected groups of four",
    );
  }
  const bytes = new Uint8Array(Math.floor(length * 3 / 4));
  let bits = 0;
  let held = 0;
  let offset = 0;
  for (let i = 0; i < length; i++) {
    const digit = base64Digit(text.charCodeAt(i));
    if (digit < 0) {
      throw new TypeError(
        `Cannot read base64: character ${i} is not a digit, expected A-Z a-z 0-9 + / - _`,
      );
    }
    bits = (bits << 6 | digit) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[offset++] = bits >> held;
    }
  }
  if ((bits & (1 << held) - 1) !== 0) {
    throw new TypeError("Cannot read base64: the unused bits at its end are not 0, expected zeros");
  }
  return bytes;
}

/** Returns the text as UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Reads UTF-8. Malformed sequences become U+FFFD; a byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
