/**
 * Bytes in and out of other shapes: hex, base64, UTF-8 and big-endian numbers, plus a comparison that takes the same
 * time whatever it finds. Nothing here is particular to Telegram; it is what every floor above needs of a byte string.
 */

/** Joins byte strings into a new one. */
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
 * Whether two byte strings are equal, in a time that depends on their lengths only: every byte is looked at, also after
 * the first difference. Use it wherever one side is a secret or was computed from one.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/** Writes bytes as lower-case hexadecimal digits, two per byte. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += (byte < 16 ? "0" : "") + byte.toString(16);
  return hex;
}

/**
 * Reads hexadecimal digits of either case, two per byte.
 *
 * @throws {TypeError} if the text has an odd length or anything but hexadecimal digits. The text itself is not quoted: it
 * may be a key.
 */
export function hexToBytes(hex: string): Uint8Array {
  if (hex.length % 2 !== 0) {
    throw new TypeError(
      `Cannot read hexadecimal text: its length is ${hex.length}, expected an even number`,
    );
  }
  if (!/^[0-9a-f]*$/i.test(hex)) {
    throw new TypeError(
      "Cannot read hexadecimal text: it has other characters, expected only 0-9 and a-f",
    );
  }
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Reads a big-endian unsigned number; no bytes are 0. */
export function bytesToBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt("0x" + bytesToHex(bytes));
}

/**
 * Writes a number as exactly `length` big-endian bytes.
 *
 * @throws {RangeError} if the number is negative or needs more bytes. The number itself is not quoted: it may be a key.
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

/** Writes bytes as base64 (RFC 4648, section 4), padded. */
export function encodeBase64(bytes: Uint8Array): string {
  return writeBase64(bytes, BASE64, true);
}

/**
 * Writes bytes as base64 for addresses and file names (RFC 4648, section 5: `-` and `_`).
 *
 * @param options `padding`: end with `=` up to a multiple of four characters; left out by default.
 */
export function encodeBase64Url(bytes: Uint8Array, options: { padding?: boolean } = {}): string {
  return writeBase64(bytes, BASE64_URL, options.padding ?? false);
}

/** The value of a base64 character of either alphabet, or -1. */
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
 * @throws {TypeError} if the text has other characters (white space too), wrong padding, a length that no bytes give, or
 * bits left over that are not zero. The text itself is not quoted: it may be a session.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  let length = text.length;
  while (length > 0 && text.length - length < 2 && text.charCodeAt(length - 1) === 61) length--;
  const padded = length < text.length;
  if (length % 4 === 1 || (padded && text.length % 4 !== 0)) {
    const padding = text.length - length;
    throw new TypeError(
      `Cannot read base64: ${length} digits and ${padding} padding, expected whole bytes`,
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
        `Cannot read base64: character ${i} is none of its digits, expected A-Z a-z 0-9 + / - _`,
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
    throw new TypeError("Cannot read base64: bits are left over at its end, expected zeros");
  }
  return bytes;
}

/** Writes text as UTF-8. */
export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Reads UTF-8; malformed sequences become U+FFFD, and a byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
