/**
 * Telegram Desktop's folder `tdata`, with up to six accounts, and a passcode or none.
 *
 * - `key_datas`: a salt; the local key, encrypted with a key that is made of the passcode; encrypted with the local key, how
 *   many accounts there are, the index of each in the order of the list, and the index of the active one (i32 each).
 * - `<name>s`, with 16 digits that the MD5 of `data`, `data#2`, … begins with (the two of each byte swapped), for each account:
 *   block 75, that is bytes of -1 (i64; without it, ids have 32 bits), user id (i64), dcId (i32), keys (count, then dcId and
 *   256 bytes each), keys that are to be destroyed.
 * - `<name>/maps`: what else is stored; without it the account counts as none. `<name>/configs` begins with the test mode.
 */
import { AUTH_KEY_LENGTH, concatBytes, encodeUtf8 } from "../../crypto/mod.ts";
import { PRODUCTION_DCS, TEST_DCS } from "../../connection/mod.ts";
import { type FileSystem, systemRandom } from "../../runtime/mod.ts";
import type { Session, SessionState } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { damaged, type ForeignSession, homeKeyOf, stateAt } from "./foreign.ts";
import { md5 } from "./md5.ts";
import {
  decryptLocal,
  encryptLocal,
  findTdataFile,
  int32,
  LOCAL_KEY_LENGTH,
  passcodeKey,
  qtBytes,
  QtReader,
  readTdataFile,
  writeTdataFile,
} from "./tdata_file.ts";

const KEY_DATA = "key_data";
const AUTHORIZATION = 75;
const WIDE_IDS = -1n;
const MOST_ACCOUNTS = 6;
const SALT_LENGTH = 32;
const TEST_ENVIRONMENT = 1;

/** How a folder is opened. */
export interface TdataOptions {
  /** The passcode that locks it. */
  readonly passcode?: string;
  /** Which account, from 1. */
  readonly account?: number;
}

/** The folder of Telegram Desktop that a path is, or that is in it; undefined if there is none. */
export function findTdata(files: FileSystem, path: string): string | undefined {
  return [path, `${path}/tdata`].find((one) =>
    findTdataFile(files, `${one}/${KEY_DATA}`) !== undefined ||
    findTdataFile(files, `${one}/${nameOf(0)}/map`) !== undefined
  );
}

/** Reads one account of a folder. Throws an error that lists them if there are several, and it was not said which. */
export async function readTdata(
  files: FileSystem,
  folder: string,
  { passcode = "", account }: TdataOptions,
): Promise<ForeignSession> {
  if (findTdataFile(files, `${folder}/${KEY_DATA}`) === undefined) {
    throw new SessionError(
      `Cannot import "${folder}": it is of a Telegram Desktop before 2.0, expected one that a newer version has opened`,
      { format: "Telegram Desktop" },
    );
  }
  const reader = new QtReader(readTdataFile(files, `${folder}/${KEY_DATA}`, "its key_data"));
  const [salt, encryptedKey, encryptedInfo] = [reader.bytes(), reader.bytes(), reader.bytes()];
  const localKey = decryptLocal(encryptedKey, await passcodeKey(salt, passcode));
  if (localKey === undefined) throw wrongPasscode(folder, passcode);
  if (localKey.length !== LOCAL_KEY_LENGTH) throw damaged("its local key has a wrong length");
  const indices = readIndices(decryptWith(localKey, encryptedInfo, "its list of accounts"));
  if (account === undefined && indices.length > 1) {
    const list = indices.map((index, at) =>
      `${at + 1}: ${describe(files, folder, index, localKey)}`
    );
    throw new SessionError(
      `Cannot import "${folder}": it has ${indices.length} accounts (${
        list.join("; ")
      }), expected the option account with one of these numbers`,
      { format: "Telegram Desktop" },
    );
  }
  const index = indices[(account ?? 1) - 1];
  if (index === undefined) {
    throw new SessionError(
      `Cannot import account ${account} of "${folder}": there is none, expected a number from 1 to ${indices.length}`,
      { format: "Telegram Desktop" },
    );
  }
  return { format: "tdata", state: readAccount(files, folder, index, localKey) };
}

/** The checksum was right: it is not damage that keeps the key from being decrypted. */
function wrongPasscode(folder: string, passcode: string): SessionError {
  const isLacking = passcode === "";
  const what = isLacking
    ? "it is locked with a passcode, expected the option passcode"
    : "the passcode is a wrong one, expected what unlocks Telegram Desktop";
  return new SessionError(`Cannot import "${folder}": ${what}`, {
    format: "Telegram Desktop",
    ...(isLacking && { lacks: "passcode" }),
  });
}

function decryptWith(localKey: Uint8Array, encrypted: Uint8Array, what: string): Uint8Array {
  const plain = decryptLocal(encrypted, localKey);
  if (plain === undefined) throw damaged(`${what} is of another folder`);
  return plain;
}

function readIndices(info: Uint8Array): number[] {
  const reader = new QtReader(info);
  const count = reader.int32();
  if (count < 1 || count > MOST_ACCOUNTS) throw damaged(`it has ${count} accounts`);
  return Array.from({ length: count }, () => reader.int32());
}

/** What an account is called in the list of accounts: an id, and no secret. */
function describe(files: FileSystem, folder: string, index: number, localKey: Uint8Array): string {
  try {
    const { user, dcId } = readAccount(files, folder, index, localKey);
    return `user ${user?.id ?? "unknown"}, data center ${dcId}`;
  } catch (error) {
    if (error instanceof SessionError) return "cannot be read";
    throw error;
  }
}

function readAccount(
  files: FileSystem,
  folder: string,
  index: number,
  localKey: Uint8Array,
): SessionState {
  const name = nameOf(index);
  const open = (path: string, what: string): QtReader => {
    const encrypted = new QtReader(readTdataFile(files, `${folder}/${path}`, what)).bytes();
    return new QtReader(decryptWith(localKey, encrypted, what));
  };
  const outer = open(name, "the file of the account");
  if (outer.int32() !== AUTHORIZATION) throw damaged("the file of the account begins otherwise");
  const reader = new QtReader(outer.bytes());
  const first = reader.raw(8);
  const isWide = new DataView(first.buffer).getBigInt64(0) === WIDE_IDS;
  const narrow = new QtReader(first);
  const userId = isWide ? reader.int64() : BigInt(narrow.int32());
  const dcId = isWide ? reader.int32() : narrow.int32();
  const keys = new Map<number, Uint8Array>();
  for (let left = reader.int32(); left > 0; left--) {
    keys.set(reader.int32(), reader.raw(AUTH_KEY_LENGTH));
  }
  const authKey = keys.get(dcId);
  if (authKey === undefined) {
    throw new SessionError(
      "Cannot import the session: the account has no key, expected one that has signed in",
    );
  }
  const config = `${name}/config`;
  const testMode = findTdataFile(files, `${folder}/${config}`) !== undefined &&
    isTest(open(config, "the configuration of the account").bytes());
  const state = stateAt(dcId, authKey, testMode);
  // Numbers above these are connections of Telegram Desktop's own to the same data centers.
  const known = new Set((testMode ? TEST_DCS : PRODUCTION_DCS).map(({ id }) => id));
  for (const [id, key] of keys) {
    if (id !== dcId && known.has(id)) state.dcs.push(...stateAt(id, key, testMode).dcs);
  }
  if (userId > 0n) state.user = { id: userId, isBot: false, dcId };
  return state;
}

function isTest(config: Uint8Array): boolean {
  const reader = new QtReader(config);
  reader.int32(); // the version
  return reader.int32() === TEST_ENVIRONMENT;
}

/** Writes sessions as the accounts of a new folder. */
export async function writeTdata(
  files: FileSystem,
  folder: string,
  sessions: readonly Session[],
  passcode = "",
): Promise<void> {
  if (sessions.length > MOST_ACCOUNTS) {
    throw new SessionError(
      `Cannot write ${sessions.length} sessions as "tdata": expected at most ${MOST_ACCOUNTS}`,
    );
  }
  const accounts = sessions.map(writeAccount);
  const localKey = systemRandom(LOCAL_KEY_LENGTH);
  const salt = systemRandom(SALT_LENGTH);
  const keyOfPasscode = await passcodeKey(salt, passcode);
  const indices = sessions.map((_, index) => int32(index));
  const info = concatBytes(int32(sessions.length), ...indices, int32(0));
  const encrypted = (data: Uint8Array): Uint8Array => qtBytes(encryptLocal(data, localKey));
  files.mkdirSync(folder, { mode: 0o700 });
  try {
    accounts.forEach((account, index) => {
      const path = `${folder}/${nameOf(index)}`;
      writeTdataFile(files, path, encrypted(account));
      files.mkdirSync(path, { mode: 0o700 });
      const nothing = new Uint8Array();
      const map = concatBytes(qtBytes(nothing), qtBytes(nothing), encrypted(nothing));
      writeTdataFile(files, `${path}/map`, map);
    });
    // The last: without it, there is no folder of Telegram Desktop yet.
    const key = qtBytes(encryptLocal(localKey, keyOfPasscode));
    writeTdataFile(
      files,
      `${folder}/${KEY_DATA}`,
      concatBytes(qtBytes(salt), key, encrypted(info)),
    );
  } catch (error) {
    files.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function writeAccount(session: Session): Uint8Array {
  const { dc, testMode } = homeKeyOf(session, "tdata");
  const { user, dcs } = session.state;
  const refusal = testMode
    ? "it is of Telegram's test servers, expected one of the real ones"
    : user === undefined
    ? "it does not know its user, expected one that has called getMe()"
    : user.isBot
    ? "it is a bot's, expected a person's"
    : undefined;
  if (refusal !== undefined || user === undefined) {
    throw new SessionError(`Cannot write the session as "tdata": ${refusal}`);
  }
  const id = new DataView(new ArrayBuffer(16));
  id.setBigInt64(0, WIDE_IDS);
  id.setBigInt64(8, user.id);
  const keys = dcs.flatMap(({ id, authKey }) => authKey ? [concatBytes(int32(id), authKey)] : []);
  const lists = concatBytes(int32(keys.length), ...keys, int32(0));
  const account = concatBytes(new Uint8Array(id.buffer), int32(dc.id), lists);
  return concatBytes(int32(AUTHORIZATION), qtBytes(account));
}

/** What the files of an account are called. */
function nameOf(index: number): string {
  const sum = md5(encodeUtf8(index === 0 ? "data" : `data#${index + 1}`)).subarray(0, 8);
  const digits = Array.from(sum, (byte) => (byte & 15).toString(16) + (byte >> 4).toString(16));
  return digits.join("").toUpperCase();
}
