/**
 * Sessions of other libraries, brought along and given away: strings of Telethon, GramJS, Pyrogram, mtcute and MTKruto, files of
 * Telethon, Pyrogram, mtcute and (only read) gotd and grammers, folders of GramJS and Telegram Desktop. Foreign files are
 * never modified.
 *
 * @example
 * ```ts
 * import { MemorySession } from "@tessera/mtproto";
 * import { exportSession, importSession } from "@tessera/mtproto/convert";
 *
 * const session = new MemorySession({ user: { id: 777n, isBot: true } });
 * session.setDC(2, "149.154.167.50", 443);
 * session.setAuthKey(new Uint8Array(256).fill(7));
 * const text = await exportSession(session, "pyrogram", { apiId: 12345 });
 * const imported = await importSession(text);
 * console.log(imported.format, imported.state.user?.id); // pyrogram 777n
 * ```
 *
 * @module
 */
import { kindOf, withCopy } from "./database_kind.ts";
import { fileError } from "../stores/file_error.ts";
import type { Peer } from "../peers/peers.ts";
import { builtinModule, type FileSystem, type SqliteDatabase } from "../../runtime/mod.ts";
import { isSealed, type SealingSecret, sealText, unsealText } from "../sealing/mod.ts";
import type { Session } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { sqliteError } from "../stores/sqlite_error.ts";
import { SqliteSession } from "../sqlite_session.ts";
import { pathOf } from "../stores/file_name.ts";
import { readFileOf, writePyrogramFile, writeTelethon1, writeTelethon2 } from "./files.ts";
import {
  FILE_FORMATS,
  type FileFormat,
  type ForeignSession,
  ImportedSession,
  isFileFormat,
  type ReadFormat,
  type SessionFormat,
  STRING_FORMATS,
  type StringFormat,
} from "./foreign.ts";
import { isGramJsFolder, readGramJsFolder, writeGramJsFolder } from "./gramjs_folder.ts";
import { writeMtcuteFile } from "./mtcute_file.ts";
import { readAnyString, writeString } from "./strings.ts";
import { findTdata, readTdata, writeTdata } from "./tdata.ts";
import { isTdataFile } from "./tdata_file.ts";

export {
  FILE_FORMATS,
  type FileFormat,
  ImportedSession,
  isFileFormat,
  type ReadFormat,
  type SessionFormat,
  STRING_FORMATS,
  type StringFormat,
};
export type { ForeignSession } from "./foreign.ts";

/** How a session is imported. */
export interface ImportOptions {
  /** The passphrase or key of a sealed session. */
  readonly secret?: SealingSecret;
  /** The passcode that locks Telegram Desktop. */
  readonly passcode?: string;
  /** Which account of Telegram Desktop, from 1 in the order of its list; needed if there are several. */
  readonly account?: number;
}

/** How a session is exported. */
export interface ExportOptions {
  /** Where to write the formats that are files. There must be no file yet. */
  readonly path?: string | URL;
  /** Seals a string, or a file of ours, with this passphrase or key. */
  readonly secret?: SealingSecret;
  /** The application's id, which Pyrogram keeps with a session. */
  readonly apiId?: number;
  /** The passcode that is to lock Telegram Desktop. */
  readonly passcode?: string;
  /** More accounts for Telegram Desktop, which has up to six. */
  readonly others?: readonly Session[];
}

const SQLITE = "SQLite format 3\0";
const LONGEST_PATH = 4096;
/** What is shorter, and of no known format, was meant as a path: a string has the 256 bytes of an auth key. */
const SHORT_STRING = 256;

/**
 * Reads a session string, the file or folder at a path, or the bytes of a file, of whatever library; which one is recognised.
 *
 * @throws {SessionError} if it is no session that is read here (the text says whose it is, if that is known), or damaged.
 */
export async function importSession(
  from: string | URL | Uint8Array,
  options: ImportOptions = {},
): Promise<ImportedSession> {
  if (from instanceof Uint8Array) return await importBytes(from, options);
  const files = builtinModule("node:fs");
  const text = typeof from === "string" ? from.trim() : pathOf(from);
  const path = files && [text, `${text}.session`].find((one) => isFile(files, one));
  if (files !== undefined && path !== undefined) {
    try {
      return await importFile(files, path, options);
    } catch (error) {
      throw fileError(`import "${path}"`, error);
    }
  }
  if (from instanceof URL) throw new SessionError(`Cannot import "${text}": there is no such file`);
  try {
    return await importText(text, options);
  } catch (error) {
    const isNone = error instanceof SessionError && error.format === undefined && !isSealed(text);
    if (!isNone || text.length > SHORT_STRING) throw error;
    throw new SessionError(
      "Cannot import the session: there is no file of that name, and it is no session string, expected one of these",
      { cause: error },
    );
  }
}

/**
 * Writes a session as another library has it, and gives the string, or the path of the file. Writing a session does not end
 * the use of the first: do not use both at the same time.
 *
 * @throws {SessionError} if the session lacks what the format needs, or there is a file at the path.
 */
export async function exportSession(
  session: Session,
  format: StringFormat | FileFormat,
  options: ExportOptions = {},
): Promise<string> {
  const { secret } = options;
  if (!isFileFormat(format)) {
    const text = writeString(session, format, options);
    return secret === undefined ? text : await sealText(text, secret);
  }
  if (options.path === undefined) {
    throw new TypeError(`Cannot write the session as "${format}": expected the option path`);
  }
  if (secret !== undefined && format !== "tessera-file") {
    throw new SessionError(`Cannot seal the session as "${format}": expected a string, or ours`);
  }
  const ours = format === "tessera-file" ? new SqliteSession(options.path, { secret }) : undefined;
  const path = ours?.path ?? pathOf(options.path);
  const files = builtinModule("node:fs");
  if (files === undefined) {
    throw new SessionError(`Cannot write the session to "${path}": this runtime has no files`);
  }
  if (files.existsSync(path)) {
    throw new SessionError(`Cannot write the session to "${path}": there is a file already`);
  }
  try {
    if (ours !== undefined) await atOnce(files, path, () => copySession(session, ours));
    else await writeFiles(files, session, format, path, options);
    return path;
  } catch (error) {
    throw fileError(`write the session to "${path}"`, error);
  }
}

/** Writes a new database; nothing is left of it if that fails. */
async function atOnce(files: FileSystem, path: string, write: () => unknown): Promise<void> {
  try {
    await write();
  } catch (error) {
    for (const suffix of ["", "-journal", "-wal", "-shm"]) {
      files.rmSync(path + suffix, { force: true });
    }
    throw error;
  }
}

async function writeFiles(
  files: FileSystem,
  session: Session,
  format: FileFormat,
  path: string,
  options: ExportOptions,
): Promise<void> {
  if (format === "tdata") {
    return await writeTdata(files, path, [session, ...options.others ?? []], options.passcode);
  }
  const peers: Peer[] = [];
  for await (const peer of session.peers?.all() ?? []) peers.push(peer);
  if (format === "gramjs-folder") return writeGramJsFolder(files, path, session, peers);
  const sqlite = builtinModule("node:sqlite");
  if (sqlite === undefined) {
    throw new SessionError(`Cannot write the session to "${path}": this runtime has no SQLite`);
  }
  files.closeSync(files.openSync(path, "wx", 0o600));
  await atOnce(files, path, () => {
    const database = new sqlite.DatabaseSync(path);
    try {
      if (format === "telethon-file") writeTelethon1(database, session, peers);
      else if (format === "telethon2-file") writeTelethon2(database, session);
      else if (format === "mtcute-file") writeMtcuteFile(database, session, peers);
      else writePyrogramFile(database, session, peers, options.apiId);
    } catch (error) {
      throw sqliteError("write", path, error);
    } finally {
      database.close();
    }
  });
}

/** Puts all that one session holds into another, and keeps it there. The other is loaded, saved and closed. */
export async function copySession(from: Session, to: Session): Promise<void> {
  await to.load();
  try {
    to.state = structuredClone({ ...from.state, dcs: from.state.dcs.map((dc) => ({ ...dc })) });
    await to.save();
    const peers: Peer[] = [];
    for await (const peer of from.peers?.all() ?? []) peers.push(peer);
    await to.peers?.put(peers);
  } finally {
    await to.close?.();
  }
}

async function importText(text: string, { secret }: ImportOptions): Promise<ImportedSession> {
  if (!isSealed(text)) return new ImportedSession(readAnyString(text));
  if (secret === undefined) {
    const what = "it is sealed, expected the option secret";
    throw new SessionError(`Cannot import the session: ${what}`, { lacks: "secret" });
  }
  return new ImportedSession(readAnyString(await unsealText(text, secret)));
}

/** The text that a file holds. */
function textOf(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).trim();
  if (text === "") {
    throw new SessionError("Cannot import the session: the file is empty, expected a session");
  }
  if (text.startsWith("{") || !/[^!-~]/.test(text)) return text; // JSON, or a string
  throw new SessionError(
    "Cannot import the session: the file is of no known library, expected a session of one",
  );
}

function isFile(files: FileSystem, path: string): boolean {
  return path.length < LONGEST_PATH && path !== "" && !path.includes("\0") &&
    files.existsSync(path);
}

async function importFile(
  files: FileSystem,
  path: string,
  options: ImportOptions,
): Promise<ImportedSession> {
  const tdlib = [path, `${path}/td.binlog`, `${path}/td_test.binlog`]
    .find((one) => one.endsWith(".binlog") && files.existsSync(one));
  if (tdlib !== undefined) throw tdlibDatabase(tdlib);
  if (files.statSync(path).isDirectory()) {
    if (isGramJsFolder(files, path)) return new ImportedSession(readGramJsFolder(files, path));
    const tdata = findTdata(files, path);
    if (tdata !== undefined) return new ImportedSession(await readTdata(files, tdata, options));
    throw new SessionError(
      `Cannot import "${path}": it is a folder, expected a file or a string, or a folder of GramJS or Telegram Desktop`,
    );
  }
  const bytes = files.readFileSync(path);
  if (isTdataFile(bytes)) throw oneOfMany();
  if (!isDatabase(bytes)) return await importText(textOf(bytes), options);
  const found = withCopy(files, path, (database) => readDatabase(database, path));
  if (found !== undefined) return new ImportedSession(found);
  const ours = new SqliteSession(path, { secret: options.secret });
  await ours.load();
  const peers: Peer[] = [];
  for await (const peer of ours.peers.all()) peers.push(peer);
  await ours.close();
  return new ImportedSession({ format: "tessera-file", state: ours.state, peers });
}

/** What is in a database of another library; undefined if it is ours. */
function readDatabase(database: SqliteDatabase, path: string): ForeignSession | undefined {
  try {
    const kind = kindOf(database);
    if (kind === "tessera") return undefined;
    if (kind !== undefined) return readFileOf(kind, database);
  } catch (error) {
    throw sqliteError("import", path, error);
  }
  throw new SessionError(`Cannot import "${path}": it is a SQLite file of no known library`);
}

async function importBytes(
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<ImportedSession> {
  if (isTdataFile(bytes)) throw oneOfMany();
  if (!isDatabase(bytes)) return await importText(textOf(bytes), options);
  const files = builtinModule("node:fs");
  const system = builtinModule("node:os");
  if (files === undefined || system === undefined) {
    throw new SessionError("Cannot import the file: this runtime has no SQLite to read it with");
  }
  const folder = files.mkdtempSync(`${system.tmpdir()}/tessera-`); // mode 0700
  const path = `${folder}/imported.session`;
  try {
    files.writeFileSync(path, bytes);
    return await importFile(files, path, options);
  } catch (error) {
    throw error instanceof SessionError ? withoutPath(error, path) : error;
  } finally {
    files.rmSync(folder, { recursive: true, force: true });
  }
}

/** The same error, without the path of a copy that the caller knows nothing of. */
function withoutPath(error: SessionError, path: string): SessionError {
  const text = error.message.replace(`the session "${path}"`, "the session")
    .replace(`"${path}"`, "the session");
  return new SessionError(text, error);
}

function tdlibDatabase(path: string): SessionError {
  return new SessionError(
    `Cannot import "${path}": it is of TDLib, whose databases are not read here, expected to sign in anew`,
    { format: "TDLib" },
  );
}

function oneOfMany(): SessionError {
  return new SessionError(
    "Cannot import the session: it is one file of Telegram Desktop, expected the path of its folder tdata",
    { format: "Telegram Desktop" },
  );
}

function isDatabase(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, SQLITE.length)) === SQLITE;
}
