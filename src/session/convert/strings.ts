/**
 * Session strings of other libraries, read and written. Numbers are big endian unless said otherwise.
 *
 * - Telethon 1 and GramJS: see ../string_formats.ts.
 * - Pyrogram, Kurigram: base64url of dcId u8, apiId u32, test mode u8, authKey 256, user id u64, is bot u8; older ones without
 *   the apiId, the oldest with a user id of 32 bits.
 * - mtcute 3: base64url of version u8, flags i32 (little endian, as all of TL: 1 user, 2 test mode of old, 4 media address), the
 *   address as TL bytes (version, dcId, flags u8 each, the host as TL string, port i32), the media address, the user (id
 *   i64, is bot as TL Bool), authKey as TL bytes. Versions 1 and 2 have each address as a TL dcOption; only read.
 * - MTKruto: base64url of the dcId as TL string ("2", "2-test"), authKey as TL bytes, apiId i32, is bot u8, user id i64 (the
 *   last three little endian; strings before 2024 end with the key), each run of zeros as a zero and its length.
 */
import {
  AUTH_KEY_LENGTH,
  concatBytes,
  decodeBase64,
  encodeBase64,
  encodeBase64Url,
  encodeUtf8,
} from "../../crypto/mod.ts";
import { TlReader, TlWriter } from "../../tl/mod.ts";
import type { Session, SessionUser } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { readStateText, writeStateText } from "../state/state_text.ts";
import { stateTextVersion } from "../state/text_kind.ts";
import { readGotd } from "./gotd.ts";
import {
  describeUnknown,
  findSessionString,
  PYROGRAM_LENGTHS,
  writeSessionString,
} from "../state/string_formats.ts";
import {
  damaged,
  type ForeignSession,
  homeKeyOf,
  stateAt,
  type StringFormat,
  userOf,
} from "./foreign.ts";

const BOOL_TRUE = 0x997275b5;
const BOOL_FALSE = 0xbc799737;
const MTCUTE_VERSION = 3;
const DC_OPTION = 0x18b7a10d;

/** Reads a session string of any format. */
export function readAnyString(text: string): ForeignSession {
  if (stateTextVersion(text) !== undefined) {
    return { format: "tessera", state: readStateText(text) };
  }
  const gotd = readGotd(text);
  if (gotd !== undefined) return gotd;
  // A "1" can begin other formats, too: Telethon's and GramJS's own lengths come first.
  let damage: unknown;
  try {
    const found = readOnes(text);
    if (found) return found;
  } catch (error) {
    damage = error;
  }
  const bytes = decode(text);
  const found = bytes !== undefined &&
    (readMtkruto(bytes) ?? readPyrogram(bytes) ?? readMtcute(bytes));
  if (found) return found;
  throw damage ?? unreadable(text);
}

function unreadable(text: string): SessionError {
  const { what, format } = describeUnknown(text);
  const said = format === undefined
    ? `${what}, expected a session of Telethon, GramJS, Pyrogram, mtcute, MTKruto, gotd, grammers, Telegram Desktop or tessera`
    : `it looks like one of ${format}, cut short or changed`;
  return new SessionError(`Cannot import the session: ${said}`, { format });
}

/** Telethon's and GramJS's; undefined for what is neither. */
function readOnes(text: string): ForeignSession | undefined {
  const dc = findSessionString(text);
  if (dc === undefined) return undefined;
  const bytes = decodeBase64(text.slice(1));
  const isGramJs = bytes.length === 1 + 2 + (bytes[1] << 8 | bytes[2]) + 2 + AUTH_KEY_LENGTH;
  return { format: isGramJs ? "gramjs" : "telethon", state: { dcId: dc.id, dcs: [dc] } };
}

function readPyrogram(bytes: Uint8Array): ForeignSession | undefined {
  const kind = PYROGRAM_LENGTHS.indexOf(bytes.length);
  const at = kind === 2 ? 5 : 1; // where the test mode is
  const isBot = bytes[bytes.length - 1];
  if (kind < 0 || bytes[at] > 1 || isBot > 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const end = at + 1 + AUTH_KEY_LENGTH;
  const id = kind === 0 ? BigInt(view.getUint32(end)) : view.getBigUint64(end);
  const state = stateAt(bytes[0], bytes.subarray(at + 1, end), bytes[at] === 1);
  const user = id === 0n ? undefined : { id, isBot: isBot === 1, dcId: bytes[0] };
  return { format: "pyrogram", state: { ...state, ...(user && { user }) } };
}

function readMtcute(bytes: Uint8Array): ForeignSession | undefined {
  if (bytes.length < 5 || bytes[0] < 1 || bytes[0] > MTCUTE_VERSION) return;
  if (bytes[2] + bytes[3] + bytes[4] > 0) return;
  try {
    const reader = new TlReader(bytes.subarray(1));
    const flags = reader.int32();
    const readAddress = bytes[0] === MTCUTE_VERSION ? readMtcuteAddress : readDcOption;
    const { id, host, port, isTest } = readAddress(reader);
    if ((flags & 4) !== 0) readAddress(reader);
    const user = (flags & 1) !== 0 ? readMtcuteUser(reader) : undefined;
    const authKey = reader.bytes();
    if (authKey.length !== AUTH_KEY_LENGTH) throw damaged(`its key has ${authKey.length} bytes`);
    const testMode = (flags & 2) !== 0 || isTest;
    const dcs = [{ id, host, port, authKey: authKey.slice() }];
    const state = { dcId: id, dcs, testMode, ...(user && { user: { ...user, dcId: id } }) };
    return { format: "mtcute", state };
  } catch (cause) {
    throw cause instanceof SessionError ? cause : damaged("it looks like one of mtcute", cause);
  }
}

interface Address {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly isTest: boolean;
}

function readMtcuteAddress(reader: TlReader): Address {
  const address = new TlReader(reader.bytes());
  const [version, id, flags] = address.raw(3);
  const isTest = version === 2 && (flags & 4) !== 0;
  return { id, host: address.string(), port: address.int32(), isTest };
}

function readDcOption(reader: TlReader): Address {
  if (reader.uint32() !== DC_OPTION) throw damaged("its address is no dcOption");
  const flags = reader.int32();
  const address = { id: reader.int32(), host: reader.string(), port: reader.int32() };
  if ((flags & 1 << 10) !== 0) reader.bytes(); // the secret of a proxy
  return { ...address, isTest: false };
}

function readMtcuteUser(reader: TlReader): SessionUser {
  const id = reader.int64();
  return { id, isBot: reader.uint32() === BOOL_TRUE };
}

function readMtkruto(bytes: Uint8Array): ForeignSession | undefined {
  let dc: string;
  let authKey: Uint8Array;
  let user: SessionUser | undefined;
  try {
    const reader = new TlReader(unpackZeros(bytes));
    dc = reader.string();
    authKey = reader.bytes();
    if (reader.remaining > 0) {
      reader.int32(); // the application's id
      const [isBot] = reader.raw(1);
      user = { isBot: isBot === 1, id: reader.int64() };
    }
  } catch {
    return undefined;
  }
  const [, digits, test] = /^([1-9]\d?)(-test)?$/.exec(dc) ?? [];
  if (digits === undefined || authKey.length !== AUTH_KEY_LENGTH) return undefined;
  const state = stateAt(Number(digits), authKey, test !== undefined);
  if (user !== undefined && user.id > 0n) state.user = { ...user, dcId: state.dcId };
  return { format: "mtkruto", state };
}

/** What else a format needs. */
export interface StringOptions {
  /** The application's id, which Pyrogram's and MTKruto's strings have; Pyrogram has an older kind, too, without it. */
  readonly apiId?: number;
}

/** Writes a session as a string of another library. */
export function writeString(
  session: Session,
  format: StringFormat,
  { apiId }: StringOptions,
): string {
  if (format === "tessera") return writeStateText(session.state);
  const { dc, authKey, testMode } = homeKeyOf(session, format);
  const { user } = session.state;
  switch (format) {
    case "telethon":
      return writeSessionString(dc, authKey);
    case "gramjs": {
      const host = encodeUtf8(dc.host);
      const lengths = [Uint8Array.of(dc.id), u16(host.length), host, u16(dc.port), authKey];
      return "1" + encodeBase64(concatBytes(...lengths));
    }
    case "pyrogram":
      return writePyrogram(dc.id, apiId, testMode, authKey, userOf(session, format));
    case "mtkruto": {
      const writer = new TlWriter();
      writer.string(`${dc.id}${testMode ? "-test" : ""}`);
      writer.bytes(authKey);
      writer.int32(apiId ?? 0);
      writer.raw(Uint8Array.of(user?.isBot ? 1 : 0));
      writer.int64(user?.id ?? 0n);
      return encodeBase64Url(packZeros(writer.finish()));
    }
    case "mtcute": {
      const address = new TlWriter();
      const flags = (dc.host.includes(":") ? 1 : 0) | (testMode ? 4 : 0);
      address.raw(Uint8Array.of(2, dc.id, flags));
      address.string(dc.host);
      address.int32(dc.port);
      const writer = new TlWriter();
      writer.raw(Uint8Array.of(MTCUTE_VERSION));
      writer.int32(user ? 1 : 0);
      writer.bytes(address.finish());
      if (user) {
        writer.int64(user.id);
        writer.uint32(user.isBot ? BOOL_TRUE : BOOL_FALSE);
      }
      writer.bytes(authKey);
      return encodeBase64Url(writer.finish());
    }
  }
}

function writePyrogram(
  dcId: number,
  apiId: number | undefined,
  testMode: boolean,
  authKey: Uint8Array,
  user: SessionUser,
): string {
  const numbers = new DataView(new ArrayBuffer(12));
  numbers.setUint32(0, apiId ?? 0);
  numbers.setBigUint64(4, user.id);
  const bytes = new Uint8Array(numbers.buffer);
  return encodeBase64Url(concatBytes(
    Uint8Array.of(dcId),
    bytes.subarray(0, apiId === undefined ? 0 : 4),
    Uint8Array.of(testMode ? 1 : 0),
    authKey,
    bytes.subarray(4),
    Uint8Array.of(user.isBot ? 1 : 0),
  ));
}

function packZeros(bytes: Uint8Array): Uint8Array {
  const packed: number[] = [];
  let zeros = 0;
  const flush = (): void => {
    if (zeros > 0) packed.push(0, zeros);
    zeros = 0;
  };
  for (const byte of bytes) {
    if (byte === 0 && ++zeros < 255) continue;
    flush();
    if (byte !== 0) packed.push(byte);
  }
  flush();
  return Uint8Array.from(packed);
}

function unpackZeros(bytes: Uint8Array): Uint8Array {
  const unpacked: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0) unpacked.push(bytes[i]);
    else for (let left = bytes[++i] ?? 0; left > 0; left--) unpacked.push(0);
  }
  return Uint8Array.from(unpacked);
}

/** Also of a text that was cut off between two bytes: so that it can be said what it was. */
function decode(text: string): Uint8Array | undefined {
  for (const whole of [text, text.slice(0, text.length & ~3)]) {
    try {
      return decodeBase64(whole);
    } catch {
      // no base64
    }
  }
  return undefined;
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}
