/**
 * The text of a state, in all stores, files and strings of this library: `tessera1.`, the state as
 * JSON in base64url, a dot, and the first eight bytes of the SHA-256 of that JSON in hex, which
 * reveal damage. The text holds the whole state and is a secret. Peers are not in it. The JSON has
 * the time offset in seconds. Its addresses are in address_text.ts. A reader ignores fields that it
 * does not know.
 */
import { parseSecretJson } from "./secret_json.ts";
import {
  AUTH_KEY_LENGTH,
  bytesToHex,
  decodeBase64,
  decodeUtf8,
  encodeBase64Url,
  encodeUtf8,
} from "../../crypto/mod.ts";
import { SessionError, type SessionErrorOptions } from "../session_error.ts";
import { readAddresses, writeAddress } from "./address_text.ts";
import { checkSum } from "./check_sum.ts";
import type { DataCenterState, SessionState, SessionUser, UpdateState } from "./session_state.ts";
import { isSealed, MAX_TEXT_LENGTH, stateTextVersion } from "./text_kind.ts";

const PREFIX = "tessera1.";
const SUM_LENGTH = 8;
/** A 64-bit number. */
const LONG = /^-?\d{1,20}$/;

/** Writes a state as a text. Fields that are `undefined` are left out. */
export function writeStateText(state: SessionState): string {
  const { dcId, dcs, user, testMode, updates, futureAuthTokens } = state;
  const plain = {
    dcId,
    dcs: dcs.map((
      { id, host, port, addresses, addressesDate, authKey, serverSalt, timeOffset },
    ) => ({
      id,
      host,
      port,
      addresses: addresses?.map(writeAddress),
      addressesDate,
      authKey: authKey && encodeBase64Url(authKey),
      serverSalt: serverSalt?.toString(),
      timeOffset: timeOffset === undefined ? undefined : timeOffset / 1000,
    })),
    user: user && { ...user, id: user.id.toString() },
    testMode,
    updates,
    futureAuthTokens: futureAuthTokens?.map((token) => encodeBase64Url(token)),
  };
  const json = encodeUtf8(JSON.stringify(plain));
  return `${PREFIX}${encodeBase64Url(json)}.${sumOf(json)}`;
}

/**
 * Reads the state from a text.
 *
 * @throws {SessionError} if the text is sealed, damaged, of a later version, or not of this
 * library.
 */
export function readStateText(text: string): SessionState {
  if (isSealed(text)) {
    throw unreadable("it is sealed, expected the option secret", { lacks: "secret" });
  }
  const version = stateTextVersion(text);
  if (version === undefined) {
    throw unreadable(
      `it is not a session of tessera, expected a text that begins with "${PREFIX}"`,
    );
  }
  if (!text.startsWith(PREFIX)) {
    throw unreadable(
      `it is of version ${version}, expected 1: a later tessera wrote it. Update this one.`,
    );
  }
  if (text.length > MAX_TEXT_LENGTH) {
    throw unreadable(
      `it has ${text.length} characters, expected at most ${MAX_TEXT_LENGTH}. ` +
        "Restore a copy, or sign in again.",
    );
  }
  const [body, sum] = text.slice(PREFIX.length).split(".");
  try {
    const json = decodeBase64(body);
    if (sumOf(json) !== sum) throw new TypeError("The check sum does not match");
    return toState(parseSecretJson(decodeUtf8(json)));
  } catch (cause) {
    throw unreadable("it is damaged. Restore a copy, or sign in again.", { cause });
  }
}

function unreadable(reason: string, options?: SessionErrorOptions): SessionError {
  return new SessionError(`Cannot read the session: ${reason}`, options);
}

function sumOf(json: Uint8Array): string {
  return bytesToHex(checkSum(json, SUM_LENGTH));
}

/** Checks every field: a right check sum does not prove that the writer wrote them right. */
function toState(plain: unknown): SessionState {
  const { dcId, dcs, user, testMode, updates, futureAuthTokens } = fields(plain);
  return {
    dcId: number(dcId),
    dcs: list(dcs).map(toDc),
    ...(user !== undefined && { user: toUser(fields(user)) }),
    ...(typeof testMode === "boolean" && { testMode }),
    ...(updates !== undefined && { updates: toUpdates(fields(updates)) }),
    ...(futureAuthTokens !== undefined && {
      futureAuthTokens: list(futureAuthTokens).map((token) => decodeBase64(text(token))),
    }),
  };
}

function toDc(plain: unknown): DataCenterState {
  const { id, host, port, addresses, addressesDate, authKey, serverSalt, timeOffset } = fields(
    plain,
  );
  const dc: DataCenterState = { id: number(id), host: text(host), port: number(port) };
  if (addresses !== undefined) dc.addresses = readAddresses(list(addresses));
  if (addressesDate !== undefined) dc.addressesDate = number(addressesDate);
  if (authKey !== undefined) {
    dc.authKey = decodeBase64(text(authKey));
    if (dc.authKey.length !== AUTH_KEY_LENGTH) throw new TypeError("The key has a wrong length");
  }
  if (serverSalt !== undefined) dc.serverSalt = long(serverSalt);
  // Rounded, as 1.001 * 1000 is not 1001: a text that is read and written again stays the same.
  if (timeOffset !== undefined) dc.timeOffset = Math.round(number(timeOffset) * 1000);
  return dc;
}

function toUser({ id, isBot, username, dcId }: Fields): SessionUser {
  return {
    id: long(id),
    isBot: isBot === true,
    ...(username !== undefined && { username: text(username) }),
    ...(dcId !== undefined && { dcId: number(dcId) }),
  };
}

function toUpdates({ pts, qts, date, seq }: Fields): UpdateState {
  return { pts: number(pts), qts: number(qts), date: number(date), seq: number(seq) };
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new TypeError("Expected an object");
  return value as Fields;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new TypeError("Expected a list");
  return value;
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("Expected a number");
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("Expected a text");
  return value;
}

function long(value: unknown): bigint {
  const digits = text(value);
  // BigInt would show the text in its error, and a damaged one may have a part of a key there.
  if (!LONG.test(digits)) throw new TypeError("Expected a 64-bit number");
  return BigInt(digits);
}
