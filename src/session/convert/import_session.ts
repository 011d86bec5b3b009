/**
 * Reads a session of any library: recognises its format and calls the reader of the format. See
 * formats.ts.
 */
import {
  builtinModule,
  checkFields,
  type FileSystem,
  pasted,
  type SqliteDatabase,
} from "../../runtime/mod.ts";
import { type SealingSecret, unsealText } from "../sealing/mod.ts";
import { SessionError } from "../session_error.ts";
import { StoreSession } from "../store_session.ts";
import { isSealed, MAX_TEXT_LENGTH, sessionTextOf } from "../state/text_kind.ts";
import { fileError } from "../stores/file_error.ts";
import { pathOf } from "../stores/file_name.ts";
import { checkedCopy, MAX_DATABASE_LENGTH, readCopy } from "../stores/database_copy.ts";
import { isDatabase, type SchemaEntry } from "../stores/database_file.ts";
import { headOf, isGramJsFolder, kindOf } from "../stores/foreign_kind.ts";
import { sqliteError } from "../stores/sqlite_error.ts";
import { peersOf } from "./copy_session.ts";
import { type ForeignSession, ImportedSession } from "./foreign_session.ts";
import { readGramJsFolder } from "./gramjs_folder.ts";
import { readAnyString } from "./session_strings.ts";
import { readDatabase } from "./sqlite_files.ts";
import { findTdata, readTdata } from "./tdata.ts";
import { isTdataFile } from "./tdata_file.ts";

/** The options of {@linkcode importSession}. */
export interface ImportOptions {
  /** The passphrase or key of a sealed session. */
  readonly secret?: SealingSecret;
  /** The passcode of a locked folder of Telegram Desktop. */
  readonly passcode?: string;
  /**
   * The account of Telegram Desktop, from 1 in the order of its list. Needed if there are several.
   */
  readonly account?: number;
}

const LONGEST_PATH = 4096;
/**
 * A shorter text of no known format was meant as a path: a string holds the 256 bytes of an auth
 * key.
 */
const SHORT_STRING = 256;

/**
 * Imports a session of any library. Its format is recognised. A file is never changed.
 *
 * A text can be the path of a file of yours. A text that somebody else has sent belongs into
 * {@linkcode importSessionString}, which reads no files.
 *
 * @param from a session string, the path or `file:` URL of a file or folder, or the bytes of a file
 * @param options the secret, the passcode or the account of a session that needs one
 * @returns the session, in memory
 * @throws {SessionError} if the session is damaged, of no known format, or needs an option;
 * `format` names the library if it was recognised, and `lacks` the option.
 */
export async function importSession(
  from: string | URL | Uint8Array,
  options: ImportOptions = {},
): Promise<ImportedSession> {
  checkFields("import a session", options, ["secret", "passcode", "account"]);
  if (from instanceof Uint8Array) return await importBytes(from, options);
  const files = builtinModule("node:fs");
  const text = pathOf(typeof from === "string" ? from.trim() : from);
  const path = files && [text, pasted(text)].flatMap((one) => [one, `${one}.session`])
    .find((one) => isFile(files, one));
  if (files !== undefined && path !== undefined) {
    try {
      return await importFile(files, path, options);
    } catch (error) {
      throw fileError(`import "${path}"`, error);
    }
  }
  if (from instanceof URL) {
    throw new SessionError(`Cannot import "${text}": there is no such file. Check the path.`);
  }
  try {
    return await importText(text, options);
  } catch (error) {
    const isUnknown = error instanceof SessionError && error.format === undefined &&
      !isSealed(text);
    if (!isUnknown || text.length > SHORT_STRING) throw error;
    const reason = text === ""
      ? "the text is empty. Pass a session string, or the path of a file."
      : /^~[/\\]/.test(text)
      ? "only a shell knows the ~ of a path. Pass the whole path."
      : "there is no file with that name, and it is not a session string. Check the path.";
    throw new SessionError(`Cannot import the session: ${reason}`, { cause: error });
  }
}

/**
 * Imports a session from a string of any library, or the JSON of gotd. It reads no files, so that a
 * program can pass it a text that somebody else has sent.
 *
 * @param text the session string, also in quotes or with line breaks
 * @param options the secret of a sealed string
 * @returns the session, in memory
 * @throws {SessionError} if the string is damaged, of no known format, too long, or sealed without
 * the option `secret`.
 */
export async function importSessionString(
  text: string,
  options: Pick<ImportOptions, "secret"> = {},
): Promise<ImportedSession> {
  checkFields("import a session", options, ["secret"]);
  return await importText(text, options);
}

async function importText(given: string, { secret }: ImportOptions): Promise<ImportedSession> {
  if (given.length > MAX_TEXT_LENGTH) throw tooLong(given.length);
  const text = sessionTextOf(given);
  if (!isSealed(text)) return new ImportedSession(readAnyString(text));
  if (secret === undefined) {
    throw new SessionError(
      "Cannot import the session: it is sealed, expected the option secret",
      { lacks: "secret" },
    );
  }
  return new ImportedSession(readAnyString(await unsealText(text, secret)));
}

async function importFile(
  files: FileSystem,
  path: string,
  options: ImportOptions,
): Promise<ImportedSession> {
  const tdlib = [path, `${path}/td.binlog`, `${path}/td_test.binlog`]
    .find((one) => one.endsWith(".binlog") && files.existsSync(one));
  if (tdlib !== undefined) throw tdlibDatabase(tdlib);
  if (files.statSync(path).isDirectory()) return await importFolder(files, path, options);
  const head = headOf(files, path);
  if (isTdataFile(head)) throw oneFileOfTdata();
  if (!isDatabase(head)) {
    const { size } = files.statSync(path);
    if (size > MAX_TEXT_LENGTH) throw tooLong(size);
    return await importText(textOf(files.readFileSync(path)), options);
  }
  const copy = checkedCopy(files, path);
  try {
    const found = readCopy(copy, (database) => readForeign(database, copy.entries, path));
    if (found !== undefined) return new ImportedSession(found);
    return await importOurs(copy.path, path, options);
  } finally {
    copy.remove();
  }
}

async function importFolder(
  files: FileSystem,
  path: string,
  options: ImportOptions,
): Promise<ImportedSession> {
  if (isGramJsFolder(files, path)) return new ImportedSession(readGramJsFolder(files, path));
  const tdata = findTdata(files, path);
  if (tdata !== undefined) return new ImportedSession(await readTdata(files, tdata, options));
  throw new SessionError(
    `Cannot import "${path}": it is a folder, ` +
      "expected a file or a string, or a folder of GramJS or Telegram Desktop",
  );
}

/** Reads a copy of a file of ours. A running program is recognised by the lease in the copy. */
async function importOurs(
  copy: string,
  path: string,
  { secret }: ImportOptions,
): Promise<ImportedSession> {
  const open = async () => (await import("../stores/sqlite_store.ts")).SqliteStore.open(copy);
  const ours = new StoreSession("own", open, { secret }, path);
  try {
    await ours.load();
    const peers = await peersOf(ours);
    const updates = await ours.updates?.load();
    return new ImportedSession({ format: "tessera-file", state: ours.state, peers, updates });
  } catch (error) {
    throw withoutPath(sqliteError("import", path, error), copy, `"${path}"`);
  } finally {
    await ours.close();
  }
}

async function importBytes(
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<ImportedSession> {
  if (isTdataFile(bytes)) throw oneFileOfTdata();
  if (!isDatabase(bytes)) {
    if (bytes.length > MAX_TEXT_LENGTH) throw tooLong(bytes.length);
    return await importText(textOf(bytes), options);
  }
  if (bytes.length > MAX_DATABASE_LENGTH) throw tooLong(bytes.length, MAX_DATABASE_LENGTH);
  const files = builtinModule("node:fs");
  const system = builtinModule("node:os");
  if (files === undefined || system === undefined) {
    throw new SessionError(
      "Cannot import the file: this runtime has no SQLite to read it with. Use another runtime.",
    );
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

/** Reads a database of another library; returns `undefined` for a database of this one. */
function readForeign(
  database: SqliteDatabase,
  entries: readonly SchemaEntry[],
  path: string,
): ForeignSession | undefined {
  try {
    const kind = kindOf(entries);
    if (kind === "tessera") return undefined;
    if (kind !== undefined) return readDatabase(kind, database);
  } catch (error) {
    throw sqliteError("import", path, error);
  }
  throw new SessionError(`Cannot import "${path}": it is a SQLite file of no known library`);
}

/** The text in a file. */
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

function tooLong(length: number, most = MAX_TEXT_LENGTH): SessionError {
  return new SessionError(
    `Cannot import the session: it has ${length} bytes, expected at most ${most}`,
  );
}

function isFile(files: FileSystem, path: string): boolean {
  return path.length < LONGEST_PATH && path !== "" && !path.includes("\0") &&
    files.existsSync(path);
}

/** The same error without the path of a temporary copy, which the caller has not passed. */
function withoutPath(error: SessionError, path: string, named = "the session"): SessionError {
  if (!error.message.includes(path)) return error;
  const text = named === "the session"
    ? error.message.replace(`the session "${path}"`, named)
    : error.message;
  return new SessionError(text.replaceAll(`"${path}"`, named), error);
}

function tdlibDatabase(path: string): SessionError {
  return new SessionError(
    `Cannot import "${path}": it is of TDLib, whose databases cannot be imported. Sign in again.`,
    { format: "TDLib" },
  );
}

function oneFileOfTdata(): SessionError {
  return new SessionError(
    "Cannot import the session: it is one file of Telegram Desktop, " +
      "expected the path of its folder tdata",
    { format: "Telegram Desktop" },
  );
}
