/**
 * The text that a session is kept as, in every store, file and string of ours: `tessera1.`, the state as JSON in base64url,
 * a dot, and the first eight bytes of the SHA-256 of that JSON, by which damage is noticed. It holds all of the state, and
 * is a secret. Peers are not in it.
 */
import {
  AUTH_KEY_LENGTH,
  bytesToHex,
  decodeBase64,
  decodeUtf8,
  encodeBase64Url,
  encodeUtf8,
  sha256,
} from "../../crypto/mod.ts";
import { isSealed } from "../sealing/mod.ts";
import type { DataCenterState, SessionState, SessionUser, UpdateState } from "../session.ts";
import { SessionError, type SessionErrorOptions } from "../session_error.ts";
import { stateTextVersion } from "./text_kind.ts";

const PREFIX = "tessera1.";
const LONGEST_LONG = 20;

/** The state as a text; keys whose value is undefined are left out. */
export function writeStateText(state: SessionState): string {
  const { dcId, dcs, user, testMode, updates, futureAuthTokens } = state;
  const plain = {
    dcId,
    dcs: dcs.map(({ id, host, port, authKey, serverSalt, timeOffset }) => ({
      id,
      host,
      port,
      authKey: authKey && encodeBase64Url(authKey),
      serverSalt: serverSalt?.toString(),
      timeOffset,
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
 * The state of a text.
 *
 * @throws {SessionError} if the text is not one of ours, of a later version, or damaged.
 */
export function readStateText(text: string): SessionState {
  if (isSealed(text)) {
    throw unreadable("it is sealed, expected the option secret", { lacks: "secret" });
  }
  const version = stateTextVersion(text);
  if (version === undefined) throw unreadable(`it is not one of ours, expected "${PREFIX}…"`);
  if (!text.startsWith(PREFIX)) {
    throw unreadable(`it is of version ${version}, expected 1: it was written by a later tessera`);
  }
  const [body, sum] = text.slice(PREFIX.length).split(".");
  try {
    const json = decodeBase64(body);
    if (sumOf(json) !== sum) throw new TypeError("The check sum is another");
    return toState(JSON.parse(decodeUtf8(json)));
  } catch (cause) {
    throw unreadable("it is damaged, expected it as it was written", { cause });
  }
}

function unreadable(what: string, options?: SessionErrorOptions): SessionError {
  return new SessionError(`Cannot read the session: ${what}`, options);
}

function sumOf(json: Uint8Array): string {
  return bytesToHex(sha256(json).subarray(0, 8));
}

/** Looks at every field: the check sum says that it is what was written, not that it was written well. */
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
  const { id, host, port, authKey, serverSalt, timeOffset } = fields(plain);
  const dc: DataCenterState = { id: number(id), host: text(host), port: number(port) };
  if (authKey !== undefined) {
    dc.authKey = decodeBase64(text(authKey));
    if (dc.authKey.length !== AUTH_KEY_LENGTH) throw new TypeError("The key has another length");
  }
  if (serverSalt !== undefined) dc.serverSalt = long(serverSalt);
  if (timeOffset !== undefined) dc.timeOffset = number(timeOffset);
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
  if (digits.length > LONGEST_LONG) throw new TypeError("Expected a 64-bit number");
  return BigInt(digits);
}
