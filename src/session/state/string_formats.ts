/**
 * The session strings that are read and written here. Both hold one data center and its key, and begin with "1":
 *
 * - Telethon 1: base64url of dcId u8, the packed IPv4 or IPv6 address, port u16, authKey 256.
 * - GramJS: base64 of dcId u8, length u16, the address as text, port u16, authKey 256. It takes the port for signed, so
 *   that it cannot keep one above 32767.
 *
 * Numbers are big endian; a key of zeros is none. Strings of other libraries are recognised, to say whose they are.
 */
import {
  AUTH_KEY_LENGTH,
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeBase64Url,
  encodeUtf8,
} from "../../crypto/mod.ts";
import { packIp, unpackIp } from "./ip_address.ts";
import { isSealed } from "../sealing/mod.ts";
import type { DataCenterState } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { stateTextVersion } from "./text_kind.ts";

const IPV4_LENGTH = 1 + 4 + 2 + AUTH_KEY_LENGTH;
const IPV6_LENGTH = 1 + 16 + 2 + AUTH_KEY_LENGTH;
/** The length of a GramJS string's bytes, without the address. */
const GRAMJS_LENGTH = 1 + 2 + 2 + AUTH_KEY_LENGTH;
/** The lengths of Pyrogram's three layouts: user ids of 32 bits, of 64 bits, and today's, with the api id. */
export const PYROGRAM_LENGTHS: readonly number[] = [
  1 + 1 + AUTH_KEY_LENGTH + 4 + 1,
  1 + 1 + AUTH_KEY_LENGTH + 8 + 1,
  1 + 4 + 1 + AUTH_KEY_LENGTH + 8 + 1,
];
const HOST = /^[0-9A-Za-z.:_-]+$/;

function decode(base64: string): Uint8Array | undefined {
  try {
    return decodeBase64(base64);
  } catch {
    return undefined;
  }
}

function readU16(bytes: Uint8Array, offset: number): number {
  return bytes[offset] << 8 | bytes[offset + 1];
}

function writeU16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** The address and what comes after it. GramJS is tried first: its length field decides, whatever the address's length. */
function readHost(bytes: Uint8Array): { host: string; end: number } | undefined {
  const textLength = readU16(bytes, 1);
  if (bytes.length === GRAMJS_LENGTH + textLength) {
    const host = decodeUtf8(bytes.subarray(3, 3 + textLength));
    if (HOST.test(host)) return { host, end: 3 + textLength };
  }
  if (bytes.length !== IPV4_LENGTH && bytes.length !== IPV6_LENGTH) return undefined;
  const end = bytes.length - AUTH_KEY_LENGTH - 2;
  return { host: unpackIp(bytes.subarray(1, end)), end };
}

/**
 * Reads a Telethon 1 or GramJS session string.
 *
 * @throws {SessionError} if it is neither; `format` names the library if it is a known one.
 */
export function readSessionString(text: string): DataCenterState {
  const found = findSessionString(text);
  if (found === undefined) throw notOurs(text);
  return found;
}

/** The same; undefined for a text that is neither. Throws for one that is, and cannot be right. */
export function findSessionString(text: string): DataCenterState | undefined {
  const bytes = text.startsWith("1") ? decode(text.slice(1)) : undefined;
  const address = bytes === undefined ? undefined : readHost(bytes);
  if (bytes === undefined || address === undefined) return undefined;
  const { host, end } = address;
  const id = bytes[0];
  const port = readU16(bytes, end);
  if (id === 0 || port === 0) {
    throw new SessionError(
      `Cannot read the session string: it is damaged (DC ${id}, port ${port}), expected both above 0`,
    );
  }
  const authKey = bytes.slice(end + 2);
  return authKey.some((byte) => byte !== 0) ? { id, host, port, authKey } : { id, host, port };
}

/**
 * Writes Telethon 1's string of a data center and its key. A data center that is known by a host name only does not fit
 * there, and is written as GramJS does.
 *
 * @throws {SessionError} if the number of the data center or the port does not fit.
 */
export function writeSessionString(dc: DataCenterState, authKey: Uint8Array): string {
  const { id, host, port } = dc;
  if (!(id >= 1 && id <= 0xff && port >= 1 && port <= 0xffff)) {
    throw new SessionError(
      `Cannot write a session string: DC ${id} or port ${port} does not fit, expected at most 255 and 65535`,
    );
  }
  const ip = packIp(host);
  if (ip !== undefined) {
    const bytes = concatBytes(Uint8Array.of(id), ip, writeU16(port), authKey);
    return "1" + encodeBase64Url(bytes, { padding: true });
  }
  const name = encodeUtf8(host);
  const parts = [Uint8Array.of(id), writeU16(name.length), name, writeU16(port), authKey];
  return "1" + encodeBase64(concatBytes(...parts));
}

/** The library whose string this is, where that is easy to see. */
function recognise(text: string): string | undefined {
  if (stateTextVersion(text) !== undefined) return "tessera";
  const bytes = decode(text);
  if (bytes === undefined) return undefined;
  if (bytes.length < AUTH_KEY_LENGTH) return undefined;
  // MTKruto: the TL string of the DC ("2" or "2-test"), runs of zeros shortened.
  const isDigit = bytes[1] >= 0x30 && bytes[1] <= 0x39;
  if (isDigit && (bytes[0] === 1 || bytes[0] === 6)) return "MTKruto";
  if (PYROGRAM_LENGTHS.includes(bytes.length)) return "Pyrogram";
  // mtcute: version u8, flags i32 little endian, of which only the lowest are used.
  if (bytes[0] >= 1 && bytes[0] <= 3 && bytes[2] + bytes[3] + bytes[4] === 0) return "mtcute";
  return undefined;
}

/** What a text is that cannot be read, and the library that it is of, where that is easy to see. */
export function describeUnknown(text: string): { what: string; format?: string } {
  if (isSealed(text)) return { what: "it is sealed" };
  const format = recognise(text);
  if (format !== undefined) return { what: `it is one of ${format}`, format };
  if (text.endsWith(".session") || /[\\/]/.test(text) && /[^0-9A-Za-z+/=_-]/.test(text)) {
    return { what: "it looks like the path of a file" };
  }
  const wasOne = text.startsWith("1") && text.length > 300;
  const state = wasOne ? "cut short or changed" : "of no known format";
  return { what: `its ${text.length} characters are ${state}` };
}

function notOurs(text: string): SessionError {
  const { what, format } = describeUnknown(text);
  const expected = isSealed(text)
    ? "expected what unsealText() gives"
    : `expected one of Telethon 1 or GramJS (they begin with "1"), or "" for a new one`;
  const known = format === undefined ? "" : ", which importSession() reads";
  return new SessionError(`Cannot read the session string: ${what}${known}, ${expected}`, {
    format,
  });
}
