/**
 * Session strings of Pyrogram and Kurigram: base64url of dcId u8, apiId u32, test mode u8, authKey
 * 256, user id u64, is bot u8. Older strings have no apiId, the oldest a user id of 32 bits.
 * Numbers are big endian.
 */
import { AUTH_KEY_LENGTH, concatBytes, encodeBase64Url } from "../../crypto/mod.ts";
import type { SessionUser } from "../state/session_state.ts";
import { PYROGRAM_LENGTHS } from "../state/string_formats.ts";
import { type ForeignSession, stateAt } from "./foreign_session.ts";
import type { HomeKey } from "./home_key.ts";

/** Reads the bytes of a string of Pyrogram; returns `undefined` for other bytes. */
export function readPyrogram(bytes: Uint8Array): ForeignSession | undefined {
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

/** Writes a string of Pyrogram: the present layout, or without an `apiId` the one before. */
export function writePyrogram(
  { dc, authKey, testMode }: HomeKey,
  user: SessionUser,
  apiId: number | undefined,
): string {
  const numbers = new DataView(new ArrayBuffer(12));
  numbers.setUint32(0, apiId ?? 0);
  numbers.setBigUint64(4, user.id);
  const bytes = new Uint8Array(numbers.buffer);
  return encodeBase64Url(concatBytes(
    Uint8Array.of(dc.id),
    bytes.subarray(0, apiId === undefined ? 0 : 4),
    Uint8Array.of(testMode ? 1 : 0),
    authKey,
    bytes.subarray(4),
    Uint8Array.of(user.isBot ? 1 : 0),
  ));
}
