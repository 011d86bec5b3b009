/**
 * Session strings of mtcute 3: base64url of version u8, flags i32, the address as TL bytes
 * (mtcute_address.ts), the media address, the user (id i64, is bot as TL Bool), authKey as TL
 * bytes. Numbers are little endian, as in TL. Versions 1 and 2 have each address as a TL dcOption;
 * they are import only.
 */
import { AUTH_KEY_LENGTH, encodeBase64Url } from "../../crypto/mod.ts";
import { TlReader, TlWriter } from "../../tl/mod.ts";
import { SessionError } from "../session_error.ts";
import type { SessionUser } from "../state/session_state.ts";
import { damaged, type ForeignSession } from "./foreign_session.ts";
import type { HomeKey } from "./home_key.ts";
import { type MtcuteAddress, readMtcuteAddress, writeMtcuteAddress } from "./mtcute_address.ts";

const VERSION = 3;
/** The flags of a string. Version 3 has the test mode in the address. */
const USER = 1;
const OLD_TEST_MODE = 2;
const MEDIA_ADDRESS = 4;

const BOOL_TRUE = 0x997275b5;
const BOOL_FALSE = 0xbc799737;
const DC_OPTION = 0x18b7a10d;
/** The flag of a dcOption with the secret of a proxy. */
const DC_OPTION_SECRET = 1 << 10;

/**
 * Reads the bytes of a string of mtcute; returns `undefined` for other bytes.
 *
 * @throws {SessionError} if the bytes begin like such a string and are damaged.
 */
export function readMtcute(bytes: Uint8Array): ForeignSession | undefined {
  if (bytes.length < 5 || bytes[0] < 1 || bytes[0] > VERSION) return undefined;
  if (bytes[2] + bytes[3] + bytes[4] > 0) return undefined;
  try {
    const reader = new TlReader(bytes.subarray(1));
    const flags = reader.int32();
    const readAddress = bytes[0] === VERSION ? readAddressBytes : readDcOption;
    const { id, host, port, isTest } = readAddress(reader);
    if ((flags & MEDIA_ADDRESS) !== 0) readAddress(reader);
    const user = (flags & USER) !== 0 ? readUser(reader) : undefined;
    const authKey = reader.bytes();
    if (authKey.length !== AUTH_KEY_LENGTH) throw damaged(`its key has ${authKey.length} bytes`);
    const testMode = (flags & OLD_TEST_MODE) !== 0 || isTest;
    const dcs = [{ id, host, port, authKey: authKey.slice() }];
    const state = { dcId: id, dcs, testMode, ...(user && { user: { ...user, dcId: id } }) };
    return { format: "mtcute", state };
  } catch (cause) {
    throw cause instanceof SessionError ? cause : damaged("it looks like one of mtcute", cause);
  }
}

function readAddressBytes(reader: TlReader): MtcuteAddress {
  return readMtcuteAddress(reader.bytes());
}

function readDcOption(reader: TlReader): MtcuteAddress {
  if (reader.uint32() !== DC_OPTION) throw damaged("its address is not a dcOption");
  const flags = reader.int32();
  const address = { id: reader.int32(), host: reader.string(), port: reader.int32() };
  if ((flags & DC_OPTION_SECRET) !== 0) reader.bytes();
  return { ...address, isTest: false };
}

function readUser(reader: TlReader): SessionUser {
  const id = reader.int64();
  return { id, isBot: reader.uint32() === BOOL_TRUE };
}

/** Writes a string of mtcute, of version 3. */
export function writeMtcute(
  { dc, authKey, testMode }: HomeKey,
  user: SessionUser | undefined,
): string {
  const writer = new TlWriter();
  writer.raw(Uint8Array.of(VERSION));
  writer.int32(user ? USER : 0);
  writer.bytes(writeMtcuteAddress(dc, testMode));
  if (user) {
    writer.int64(user.id);
    writer.uint32(user.isBot ? BOOL_TRUE : BOOL_FALSE);
  }
  writer.bytes(authKey);
  return encodeBase64Url(writer.finish());
}
