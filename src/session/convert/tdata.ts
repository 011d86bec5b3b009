/**
 * Telegram Desktop's folder `tdata`, with up to six accounts, with or without a passcode.
 *
 * - `key_datas`: a salt; the local key, encrypted with a key that is derived from the passcode;
 *   encrypted with the local key, the number of accounts, the index of each in the order of the
 *   list, and the index of the active one (i32 each).
 * - `<name>s` for each account: block 75, which is bytes of -1 (i64; without it, ids have 32 bits),
 *   user id (i64), dcId (i32), keys (count, then dcId and 256 bytes each), keys that are to be
 *   destroyed. The name is the first 16 digits of the MD5 of `data`, `data#2`, … with the two
 *   digits of each byte swapped.
 * - `<name>/maps`: the other stored data. Without it, Telegram Desktop does not count the account.
 * - `<name>/configs` begins with the test mode.
 */
import { PRODUCTION_DCS, TEST_DCS } from "../../connection/mod.ts";
import { AUTH_KEY_LENGTH, concatBytes, encodeUtf8 } from "../../crypto/mod.ts";
import { type FileSystem, systemRandom } from "../../runtime/mod.ts";
import type { Session } from "../session.ts";
import { SessionError } from "../session_error.ts";
import type { SessionState } from "../state/session_state.ts";
import { damaged, type ForeignSession, keyless, stateAt } from "./foreign_session.ts";
import { homeKeyOf } from "./home_key.ts";
import { md5 } from "./md5.ts";
import { int32, qtBytes, QtReader } from "./qt_data.ts";
import {
  decryptLocal,
  encryptLocal,
  findTdataFile,
  LOCAL_KEY_LENGTH,
  passcodeKey,
  readTdataFile,
  writeTdataFile,
} from "./tdata_file.ts";

const KEY_DATA = "key_data";
const AUTHORIZATION = 75;
const WIDE_IDS = -1n;
const MOST_ACCOUNTS = 6;
const SALT_LENGTH = 32;
const TEST_ENVIRONMENT = 1;

/** The options of {@linkcode readTdata}. */
export interface TdataOptions {
  /** The passcode of a locked folder. */
  readonly passcode?: string;
  /** The account, from 1 in the order of the list. Needed if there are several. */
  readonly account?: number;
}

/** Finds the folder of Telegram Desktop at a path, or in the folder at that path. */
export function findTdata(files: FileSystem, path: string): string | undefined {
  return [path, `${path}/tdata`].find((one) =>
    findTdataFile(files, `${one}/${KEY_DATA}`) !== undefined ||
    findTdataFile(files, `${one}/${nameOf(0)}/map`) !== undefined
  );
}

/**
 * Reads one account of a folder.
 *
 * @throws {SessionError} if the folder is damaged or locked, or has several accounts and the option
 * `account` is missing; the error then lists the accounts.
 */
export async function readTdata(
  files: FileSystem,
  folder: string,
  { passcode = "", account }: TdataOptions,
): Promise<ForeignSession> {
  if (findTdataFile(files, `${folder}/${KEY_DATA}`) === undefined) {
    throw new SessionError(
      `Cannot import "${folder}": it is of a Telegram Desktop before 2.0. ` +
        "Open it in a newer version first.",
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
      `Cannot import "${folder}": it has ${indices.length} accounts (${list.join("; ")}), ` +
        "expected the option account with one of these numbers",
      { format: "Telegram Desktop" },
    );
  }
  const index = indices[(account ?? 1) - 1];
  if (index === undefined) {
    throw new SessionError(
      `Cannot import account ${account} of "${folder}": there is no such account, ` +
        `expected a number from 1 to ${indices.length}`,
      { format: "Telegram Desktop" },
    );
  }
  return { format: "tdata", state: readAccount(files, folder, index, localKey) };
}

/**
 * The check sum of the file was right: only a wrong passcode keeps the key from being decrypted.
 */
function wrongPasscode(folder: string, passcode: string): SessionError {
  const isLacking = passcode === "";
  const reason = isLacking
    ? "it is locked with a passcode, expected the option passcode"
    : "the passcode is wrong. Pass the one that unlocks Telegram Desktop.";
  return new SessionError(`Cannot import "${folder}": ${reason}`, {
    format: "Telegram Desktop",
    ...(isLacking && { lacks: "passcode" }),
  });
}

function decryptWith(localKey: Uint8Array, encrypted: Uint8Array, part: string): Uint8Array {
  const plain = decryptLocal(encrypted, localKey);
  if (plain === undefined) throw damaged(`${part} is of another folder`);
  return plain;
}

function readIndices(info: Uint8Array): number[] {
  const reader = new QtReader(info);
  const count = reader.int32();
  if (count < 1 || count > MOST_ACCOUNTS) throw damaged(`it has ${count} accounts`);
  return Array.from({ length: count }, () => reader.int32());
}

/** The entry of an account in the list of accounts in an error. Ids are no secret. */
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
  const open = (path: string, part: string): QtReader => {
    const encrypted = new QtReader(readTdataFile(files, `${folder}/${path}`, part)).bytes();
    return new QtReader(decryptWith(localKey, encrypted, part));
  };
  const outer = open(name, "the file of the account");
  if (outer.int32() !== AUTHORIZATION) throw damaged("the file of the account has no keys");
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
  if (authKey === undefined) throw keyless();
  const config = `${name}/config`;
  const testMode = findTdataFile(files, `${folder}/${config}`) !== undefined &&
    isTest(open(config, "the configuration of the account").bytes());
  const state = stateAt(dcId, authKey, testMode);
  // Higher numbers stand for further connections of Telegram Desktop to the same data centers.
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

/**
 * Writes sessions as the accounts of a new folder.
 *
 * @throws {SessionError} if there are more than six, or one is of a bot, of the test servers, or
 * without a user.
 */
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
    // Written last, as Telegram Desktop recognises the folder by this file.
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
    ? "it is of Telegram's test servers, expected one of the production servers"
    : user === undefined
    ? "it does not know its user, expected one that has called getMe(). On the command line, " +
      "pass --user-id."
    : user.isBot
    ? "it is of a bot, expected one of a person"
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

/** The name of the files of an account. */
function nameOf(index: number): string {
  const sum = md5(encodeUtf8(index === 0 ? "data" : `data#${index + 1}`)).subarray(0, 8);
  const digits = Array.from(sum, (byte) => (byte & 15).toString(16) + (byte >> 4).toString(16));
  return digits.join("").toUpperCase();
}
