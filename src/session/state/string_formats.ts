/**
 * The session strings of Telethon 1 and GramJS. Both hold one data center and its key, and begin
 * with "1":
 *
 * - Telethon 1: base64url of dcId u8, the packed IPv4 or IPv6 address, port u16, authKey 256.
 * - GramJS: base64 of dcId u8, length u16, the address as text, port u16, authKey 256. GramJS reads
 *   the port as a signed number, and so cannot use one above 32,767.
 *
 * Numbers are big endian; a key of zeros stands for no key. Strings of other libraries are not
 * read, but recognised, so that the error can name the library.
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
import { SessionError } from "../session_error.ts";
import { packIp, unpackIp } from "./ip_address.ts";
import type { DataCenterState } from "./session_state.ts";
import { isSealed, stateTextVersion } from "./text_kind.ts";

const IPV4_LENGTH = 1 + 4 + 2 + AUTH_KEY_LENGTH;
const IPV6_LENGTH = 1 + 16 + 2 + AUTH_KEY_LENGTH;
/** The number of bytes of a GramJS string, without the address. */
const GRAMJS_LENGTH = 1 + 2 + 2 + AUTH_KEY_LENGTH;
/**
 * Bytes of Pyrogram's three layouts: user id of 32 bits, of 64 bits, and the present one with an
 * api id.
 */
export const PYROGRAM_LENGTHS: readonly number[] = [
  1 + 1 + AUTH_KEY_LENGTH + 4 + 1,
  1 + 1 + AUTH_KEY_LENGTH + 8 + 1,
  1 + 4 + 1 + AUTH_KEY_LENGTH + 8 + 1,
];
/** The most characters of a string: the host of GramJS has up to 65,535. */
const MAX_STRING_LENGTH = 100_000;
const HOST = /^[0-9A-Za-z.:_-]+$/;

function decode(base64: string): Uint8Array | undefined {
  if (base64.length > MAX_STRING_LENGTH) return undefined;
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

/** The format of a string, the host in it, and where the host ends. */
interface HostPart {
  readonly format: "telethon" | "gramjs";
  readonly host: string;
  readonly end: number;
}

/**
 * Reads the host. GramJS comes first: only its strings have a length field that fits their length.
 */
function readHost(bytes: Uint8Array): HostPart | undefined {
  const textLength = readU16(bytes, 1);
  if (bytes.length === GRAMJS_LENGTH + textLength) {
    const host = decodeUtf8(bytes.subarray(3, 3 + textLength));
    if (HOST.test(host)) return { format: "gramjs", host, end: 3 + textLength };
  }
  if (bytes.length !== IPV4_LENGTH && bytes.length !== IPV6_LENGTH) return undefined;
  const end = bytes.length - AUTH_KEY_LENGTH - 2;
  return { format: "telethon", host: unpackIp(bytes.subarray(1, end)), end };
}

/**
 * Reads a Telethon 1 or GramJS session string.
 *
 * @throws {SessionError} if the text is of neither; `format` names another library that was
 * recognised.
 */
export function readSessionString(text: string): DataCenterState {
  const found = findSessionString(text);
  if (found === undefined) throw notReadHere(text);
  return found.dc;
}

/** The data center in a session string, and the library that wrote the string. */
export interface SessionString {
  readonly format: "telethon" | "gramjs";
  readonly dc: DataCenterState;
}

/**
 * Reads a text if it is a Telethon 1 or GramJS session string; returns `undefined` if it is not.
 *
 * @throws {SessionError} if the text has the form of such a string, but its data center or port is
 * 0.
 */
export function findSessionString(text: string): SessionString | undefined {
  const bytes = text.startsWith("1") ? decode(text.slice(1)) : undefined;
  const address = bytes === undefined ? undefined : readHost(bytes);
  if (bytes === undefined || address === undefined) return undefined;
  const { format, host, end } = address;
  const id = bytes[0];
  const port = readU16(bytes, end);
  if (id === 0 || port === 0) {
    throw new SessionError(
      `Cannot read the session string: it is damaged (DC ${id}, port ${port}), ` +
        "expected both above 0",
    );
  }
  const authKey = bytes.slice(end + 2);
  const hasKey = authKey.some((byte) => byte !== 0);
  return { format, dc: { id, host, port, ...(hasKey && { authKey }) } };
}

/**
 * Writes a data center and its key as Telethon 1 does. A host name does not fit into that format,
 * and is written as GramJS does.
 *
 * @throws {SessionError} if the number of the data center or the port does not fit.
 */
export function writeSessionString(dc: DataCenterState, authKey: Uint8Array): string {
  const { id, host, port } = dc;
  if (!(id >= 1 && id <= 0xff && port >= 1 && port <= 0xffff)) {
    throw new SessionError(
      `Cannot write a session string: DC ${id} or port ${port} does not fit, ` +
        "expected at most 255 and 65535",
    );
  }
  const ip = packIp(host);
  if (ip === undefined) return writeGramJsString(dc, authKey);
  const bytes = concatBytes(Uint8Array.of(id), ip, writeU16(port), authKey);
  return "1" + encodeBase64Url(bytes, { padding: true });
}

/** Writes a data center and its key as GramJS does. */
export function writeGramJsString(dc: DataCenterState, authKey: Uint8Array): string {
  const host = encodeUtf8(dc.host);
  const parts = [Uint8Array.of(dc.id), writeU16(host.length), host, writeU16(dc.port), authKey];
  return "1" + encodeBase64(concatBytes(...parts));
}

/** The library that wrote a string, as far as a few bytes tell. */
function recognise(text: string): string | undefined {
  if (stateTextVersion(text) !== undefined) return "tessera";
  const bytes = decode(text);
  if (bytes === undefined) return undefined;
  if (bytes.length < AUTH_KEY_LENGTH) return undefined;
  // MTKruto: the DC as a TL string ("2" or "2-test"), with runs of zeros shortened.
  const isDigit = bytes[1] >= 0x30 && bytes[1] <= 0x39;
  if (isDigit && (bytes[0] === 1 || bytes[0] === 6)) return "MTKruto";
  if (PYROGRAM_LENGTHS.includes(bytes.length)) return "Pyrogram";
  // mtcute: version u8, flags i32 little endian, of which only the lowest bits are used.
  if (bytes[0] >= 1 && bytes[0] <= 3 && bytes[2] + bytes[3] + bytes[4] === 0) return "mtcute";
  return undefined;
}

/**
 * Describes a text that cannot be read, and names the library that wrote it, if it is recognised.
 */
export function describeUnknown(text: string): { reason: string; format?: string } {
  if (isSealed(text)) return { reason: "it is sealed" };
  const format = recognise(text);
  if (format !== undefined) return { reason: `it is one of ${format}`, format };
  if (text.endsWith(".session") || /[\\/]/.test(text) && /[^0-9A-Za-z+/=_-]/.test(text)) {
    return { reason: "it looks like the path of a file" };
  }
  const wasOne = text.startsWith("1") && text.length > 300;
  const state = wasOne ? "cut short or changed" : "of no known format";
  return { reason: `its ${text.length} characters are ${state}` };
}

function notReadHere(text: string): SessionError {
  const { reason, format } = describeUnknown(text);
  const expected = isSealed(text)
    ? "expected the result of unsealText()"
    : `expected one of Telethon 1 or GramJS (they begin with "1"), or "" for a new one`;
  const known = format === undefined ? "" : ", which importSession() reads";
  const message = `Cannot read the session string: ${reason}${known}, ${expected}`;
  return new SessionError(message, { format });
}
