/**
 * Session strings of MTKruto: base64url of the dcId as TL string ("2", "2-test"), authKey as TL
 * bytes, apiId i32, is bot u8, user id i64, each run of zeros as a zero and its length. The last
 * three are little endian; strings before 2024 end with the key.
 */
import { AUTH_KEY_LENGTH, encodeBase64Url } from "../../crypto/mod.ts";
import { TlReader, TlWriter } from "../../tl/mod.ts";
import type { SessionUser } from "../state/session_state.ts";
import { type ForeignSession, stateAt } from "./foreign_session.ts";
import type { HomeKey } from "./home_key.ts";

/** The most bytes of a string: the fields, with each zero as two bytes. */
const MAX_LENGTH = 2 * (8 + 4 + AUTH_KEY_LENGTH + 4 + 1 + 8);

/** Reads the bytes of a string of MTKruto; returns `undefined` for other bytes. */
export function readMtkruto(bytes: Uint8Array): ForeignSession | undefined {
  if (bytes.length > MAX_LENGTH) return undefined;
  let dc: string;
  let authKey: Uint8Array;
  let user: SessionUser | undefined;
  try {
    const reader = new TlReader(unpackZeros(bytes));
    dc = reader.string();
    authKey = reader.bytes();
    if (reader.remaining > 0) {
      reader.int32(); // the api id
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

/** Writes a string of MTKruto. An unknown user has the id 0. */
export function writeMtkruto(
  { dc, authKey, testMode }: HomeKey,
  user: SessionUser | undefined,
  apiId = 0,
): string {
  const writer = new TlWriter();
  writer.string(`${dc.id}${testMode ? "-test" : ""}`);
  writer.bytes(authKey);
  writer.int32(apiId);
  writer.raw(Uint8Array.of(user?.isBot ? 1 : 0));
  writer.int64(user?.id ?? 0n);
  return encodeBase64Url(packZeros(writer.finish()));
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
