/**
 * A store of texts and peers in one SQLite file, through `node:sqlite` of Deno, Node and Bun. The file is readable by its owner
 * only, from the first byte on; a change is in it whole or not at all (a transaction, in a write-ahead log that is
 * flushed to the disk). A file of anybody else is recognised and not touched.
 */
import {
  builtinModule,
  type FileSystem,
  type SqliteDatabase,
  type SqliteStatement,
} from "../../runtime/mod.ts";
import type { KeyValueStore } from "./key_value.ts";
import { recogniseDatabase } from "../convert/database_kind.ts";
import { type LeaseText, readLease } from "../lease/lease.ts";
import { SessionError } from "../session_error.ts";
import { isLocked, sqliteError } from "./sqlite_error.ts";
import { SqlitePeers } from "../peers/sqlite_peers.ts";
import { transaction } from "./sqlite_transaction.ts";

/** "tess", where SQLite's header says whose file it is. */
const APPLICATION_ID = 0x74657373;
const APPLICATION_ID_OFFSET = 68;
const VERSION = 1;
const BUSY_TIMEOUT = 5000;
const OWNER_ONLY = 0o600;

const TABLES = `
  CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE peer (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, access_hash INTEGER, usernames TEXT NOT NULL, phone TEXT
  );
  CREATE INDEX peer_phone ON peer (phone) WHERE phone IS NOT NULL;
  CREATE TABLE username (name TEXT PRIMARY KEY, peer INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX username_peer ON username (peer);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

/** An open SQLite file, for one session. */
export class SqliteStore implements KeyValueStore {
  readonly peers: SqlitePeers;
  readonly #path: string;
  readonly #database: SqliteDatabase;
  readonly #get: SqliteStatement;
  readonly #set: SqliteStatement;
  readonly #delete: SqliteStatement;

  constructor(path: string, database: SqliteDatabase) {
    this.#path = path;
    this.#database = database;
    this.#get = database.prepare("SELECT value FROM entry WHERE key = ?");
    this.#set = database.prepare("INSERT OR REPLACE INTO entry (key, value) VALUES (?, ?)");
    this.#delete = database.prepare("DELETE FROM entry WHERE key = ?");
    this.peers = new SqlitePeers(database, (doing, work) => this.#try(doing, work));
  }

  /**
   * Opens the file at `path`, and makes it if there is none. Another program's writing is waited for, `busyTimeout` ms
   * at most.
   *
   * @throws {SessionError} if the runtime has no SQLite, or the file is somebody else's, damaged, or not to be had.
   */
  static open(path: string, busyTimeout = BUSY_TIMEOUT): SqliteStore {
    const sqlite = builtinModule("node:sqlite");
    const files = builtinModule("node:fs");
    if (sqlite === undefined || files === undefined) throw noSqlite(path);
    try {
      const isNew = claim(files, path);
      const database = new sqlite.DatabaseSync(path);
      try {
        database.exec(`PRAGMA busy_timeout = ${busyTimeout}`);
        prepare(database, path, isNew);
        return new SqliteStore(path, database);
      } catch (error) {
        const lease = isLocked(error) ? leaseIn(database) : undefined;
        database.close();
        throw sqliteError("open", path, error, lease);
      }
    } catch (error) {
      throw sqliteError("open", path, error);
    }
  }

  get(key: string): string | undefined {
    const value = this.#try("read", () => this.#get.get(key))?.value;
    return typeof value === "string" ? value : undefined;
  }

  set(key: string, value: string): void {
    this.#try("save", () => this.#set.run(key, value));
  }

  delete(key: string): void {
    this.#try("save", () => this.#delete.run(key));
  }

  swap(key: string, current: string | undefined, next: string | undefined): boolean {
    return this.#try("save", () =>
      transaction(this.#database, () => {
        if (this.get(key) !== current) return false;
        if (next === undefined) this.#delete.run(key);
        else this.#set.run(key, next);
        return true;
      }));
  }

  close(): void {
    this.#database.close();
  }

  #try<T>(doing: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      const lease = isLocked(error) ? leaseIn(this.#database) : undefined;
      throw sqliteError(doing, this.#path, error, lease);
    }
  }
}

/** Who uses the file: a write-ahead log can be read while another program writes. */
function leaseIn(database: SqliteDatabase): LeaseText | undefined {
  try {
    const row = database.prepare("SELECT value FROM entry WHERE key LIKE '%:lease'").get();
    return typeof row?.value === "string" ? readLease(row.value) : undefined;
  } catch {
    return undefined; // locked for reading, too
  }
}

/** Makes the file, readable by its owner only, if there is none; refuses one that is not ours. Tells whether it is empty. */
function claim(files: FileSystem, path: string): boolean {
  try {
    files.closeSync(files.openSync(path, "ax", OWNER_ONLY));
    return true;
  } catch (error) {
    if (!files.existsSync(path)) throw openError(path, error);
  }
  const { size } = files.statSync(path);
  // A journal is there when a program was killed while it made the file: SQLite undoes what that one began.
  if (size === 0) files.chmodSync(path, OWNER_ONLY); // somebody else made it, for all to read perhaps
  if (size === 0 || files.existsSync(`${path}-journal`)) return true;
  const header = new Uint8Array(100);
  const file = files.openSync(path, "r");
  try {
    files.readSync(file, header, 0, header.length, 0);
  } finally {
    files.closeSync(file);
  }
  const id = new DataView(header.buffer).getUint32(APPLICATION_ID_OFFSET);
  if (id === APPLICATION_ID) return false;
  throw foreignFile(path, recogniseDatabase(files, path));
}

/** The tables are made before the write-ahead log is: so the header of the file itself always says whose it is. */
function prepare(database: SqliteDatabase, path: string, isNew: boolean): void {
  if (isNew) {
    transaction(database, () => {
      const row = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get();
      if (Number(row?.tables) === 0) database.exec(TABLES); // unless another program was quicker
    });
  }
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version !== VERSION) {
    throw new SessionError(
      `Cannot open the session "${path}": it is of version ${version}, expected ${VERSION}: it was written by a later tessera`,
    );
  }
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
}

function openError(path: string, cause: unknown): SessionError {
  const { code } = cause as { code?: string };
  const what = code === "ENOENT"
    ? "there is no such folder, expected it to be made before"
    : code === "EACCES" || code === "EPERM" || code === "EROFS"
    ? "the folder may not be written to"
    : (cause as Error).message;
  return new SessionError(`Cannot make the session "${path}": ${what}`, { cause });
}

function foreignFile(path: string, format: string | undefined): SessionError {
  const what = format === undefined ? "it is not a session" : `it is one of ${format}`;
  const hint = format === undefined
    ? "a file of tessera's or no file"
    : "one of tessera's: import it with importSession()";
  return new SessionError(`Cannot open the session "${path}": ${what}, expected ${hint}`, {
    format,
  });
}

function noSqlite(path: string): SessionError {
  return new SessionError(
    `Cannot keep the session "${path}" in a file: this runtime has no SQLite (Deno, Node from 22.13 on and Bun do), ` +
      `expected new StringSession(text), or new StoreSession(name, store) with a store that is here`,
  );
}
