/**
 * Makes the file of a session, or checks the one at its path, before SQLite opens it for writing.
 *
 * | at the path                               | what happens                                      |
 * |-------------------------------------------|---------------------------------------------------|
 * | nothing                                   | a new file is made, for its owner only            |
 * | an empty file, a database without tables  | it becomes the new session                        |
 * | an empty file and a log with changes      | an error: the rest of the session is in the log   |
 * | zeros and a journal, left by a kill       | SQLite rolls back, and it becomes the new session |
 * | a file of another program                 | an error; the file is not touched                 |
 * | a later version, another table, SQL, a    | an error                                          |
 * | damaged tree, a journal that names files  |                                                   |
 * | ours, which others may read               | only its owner may read it from now on            |
 * | ours, of an earlier version               | its tables are brought to the last version        |
 * | ours, of before there was one file only   | its log is written into it                        |
 */
import type { FileSystem, Sqlite, SqliteDatabase } from "../../runtime/mod.ts";
import { SessionError } from "../session_error.ts";
import { checkBeside, checkedCopy, lengthOf, notPlain, settle } from "./database_copy.ts";
import { DatabaseFile, StructureError } from "./database_file.ts";
import { hasExactly } from "./database_schema.ts";
import { codeOf } from "./file_error.ts";
import { databasePath } from "./file_name.ts";
import { keepToOwner, OWNER_ONLY } from "./file_owner.ts";
import { recogniseDatabase } from "./foreign_kind.ts";
import { BUSY_TIMEOUT } from "./sqlite_patience.ts";
import { transaction } from "./sqlite_transaction.ts";

/** The signs of a file of this library. */
export interface OwnFile {
  readonly applicationId: number;
  /** The statements that create the tables of each version, beginning with version 1. */
  readonly versions: readonly (readonly string[])[];
}

/** The state of a file after it was admitted. */
export interface Admitted {
  /** Whether its tables are to be created. */
  readonly isNew: boolean;
  /** Whether its tables are to be brought to the last version. */
  readonly isOld: boolean;
  /** Whether its last changes went to a log that is not beside it. */
  readonly lacksLog: boolean;
}

/** The facts of a file that was checked. */
interface OwnHeader {
  readonly version: number;
  /** Whether its header names a log. */
  readonly hasLog: boolean;
}

const NEW: Admitted = { isNew: true, isOld: false, lacksLog: false };

/**
 * Makes the file, or checks it.
 *
 * @throws {SessionError} if it is not one of ours, or is damaged or unsafe.
 */
export function admit(files: FileSystem, sqlite: Sqlite, path: string, own: OwnFile): Admitted {
  try {
    files.closeSync(files.openSync(path, "ax", OWNER_ONLY));
    keepToOwner(files, path);
    return NEW;
  } catch (error) {
    if (!files.existsSync(path)) throw openError(path, error);
  }
  const status = files.statSync(path);
  if (status.isDirectory()) throw isFolder(path);
  const log = lengthOf(files, `${path}-wal`);
  const journal = lengthOf(files, `${path}-journal`);
  const head = new Uint8Array(100);
  const file = files.openSync(path, "r");
  try {
    files.readSync(file, head, 0, head.length, 0);
  } finally {
    files.closeSync(file);
  }
  if (status.size === 0 && log > 0) throw lackingMain(path);
  if (status.size === 0 || journal > 0 && head.every((byte) => byte === 0)) {
    keepToOwner(files, path);
    checkBeside(files, path);
    return NEW;
  }
  if (new DataView(head.buffer).getUint32(68) !== own.applicationId) {
    if (journal > 0 || log > 0 || !hasNoTables(files, path)) {
      throw foreignFile(path, recogniseDatabase(files, path));
    }
    keepToOwner(files, path);
    return NEW;
  }
  keepToOwner(files, path);
  checkBeside(files, path);
  if (journal > 0) {
    // A program was killed while it changed the file: SQLite takes the change back, and with the
    // first one all tables.
    settle(connect(sqlite, path));
    if (hasNoTables(files, path)) return NEW;
  }
  const { hasLog, version } = checkOwn(files, sqlite, path, own);
  return { isNew: false, isOld: version < own.versions.length, lacksLog: hasLog && log === 0 };
}

/** Whether a file is empty, or a database that nobody has written a table to. */
function hasNoTables(files: FileSystem, path: string): boolean {
  if (files.statSync(path).size === 0) return true;
  try {
    return DatabaseFile.read(
      files,
      path,
      (file) => file.applicationId === 0 && file.version === 0 && file.schema().length === 0,
    );
  } catch (error) {
    if (error instanceof StructureError) return false;
    throw error;
  }
}

/** Checks a file of ours. */
function checkOwn(files: FileSystem, sqlite: Sqlite, path: string, own: OwnFile): OwnHeader {
  if (lengthOf(files, `${path}-wal`) > 0) settle(connect(sqlite, path));
  const check = (file: DatabaseFile): OwnHeader => {
    const { version, hasLog } = file;
    const tables = own.versions[version - 1];
    if (tables === undefined) throw otherVersion(path, version, own.versions.length);
    const entries = file.schema();
    if (!hasExactly(entries, tables)) throw notPlain(path);
    for (const entry of entries) if (entry.name === "entry") file.check(entry);
    return { version, hasLog };
  };
  if (lengthOf(files, `${path}-wal`) > 0) { // another program has it open
    const copy = checkedCopy(files, path);
    try {
      return DatabaseFile.read(files, copy.path, check);
    } finally {
      copy.remove();
    }
  }
  return DatabaseFile.read(files, path, check, (reading) => {
    const database = connect(sqlite, path);
    try {
      return transaction(database, reading);
    } finally {
      database.close();
    }
  });
}

/**
 * Checks the trees of a file that is open, before all its rows are read. Rows that are looked up
 * one by one need no check.
 *
 * @throws {StructureError} if a page is listed twice, or a tree is damaged in another way.
 */
export function checkTrees(files: FileSystem, path: string, database: SqliteDatabase): void {
  const check = (file: DatabaseFile): void => {
    for (const entry of file.schema()) if (entry.root > 0) file.check(entry);
  };
  DatabaseFile.read(files, path, check, (reading) => transaction(database, reading));
}

/** Opens a file without reading its tables. */
function connect(sqlite: Sqlite, path: string): SqliteDatabase {
  const database = new sqlite.DatabaseSync(databasePath(path));
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  return database;
}

/** The error of a session whose changes are in a log that was not copied with it. */
export function lackingLog(path: string): SessionError {
  return new SessionError(
    `Cannot open the session "${path}": it is a copy without its log. ` +
      `Copy the file "-wal" beside the original as well, or delete this copy.`,
  );
}

function isFolder(path: string): SessionError {
  return new SessionError(
    `Cannot open the session "${path}": it is a folder, expected a file of tessera or no file`,
  );
}

function lackingMain(path: string): SessionError {
  return new SessionError(
    `Cannot open the session "${path}": the file is empty, and "${path}-wal" beside it is not. ` +
      "Restore the file, or delete both to begin a new session.",
  );
}

function otherVersion(path: string, version: number, expected: number): SessionError {
  return new SessionError(
    `Cannot open the session "${path}": it is of version ${version}, expected ${expected}: ` +
      "a later tessera wrote it. Update this one.",
  );
}

function openError(path: string, cause: unknown): SessionError {
  const code = codeOf(cause);
  const reason = code === "ENOENT"
    ? "there is no such folder. Create it first."
    : code === "EACCES" || code === "EPERM" || code === "EROFS"
    ? "the folder may not be written to. Change its permissions, or choose another."
    : code === "ENAMETOOLONG"
    ? "the name is too long. Choose a shorter one."
    : (cause as Error).message;
  return new SessionError(`Cannot make the session "${path}": ${reason}`, { cause });
}

function foreignFile(path: string, format: string | undefined): SessionError {
  const reason = format === undefined
    ? "it is not a session, expected a file of tessera or no file"
    : `it is one of ${format}. Import it with importSession().`;
  return new SessionError(`Cannot open the session "${path}": ${reason}`, { format });
}
