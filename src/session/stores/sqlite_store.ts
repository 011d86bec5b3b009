/**
 * A store of texts and peers in one SQLite file, through `node:sqlite` of Deno, Node and Bun. Only
 * its owner can read the file, from the first byte on. Each change is a transaction in a
 * write-ahead log, which is flushed to the disk. The file of another program is recognised and
 * never changed.
 */
import {
  builtinModule,
  type FileSystem,
  type SqliteDatabase,
  type SqliteStatement,
} from "../../runtime/mod.ts";
import type { KeyValueStore, StoreClaims, StoreGuard } from "../key_value_store.ts";
import { type LeaseText, readLease } from "../lease/lease_text.ts";
import { SessionError } from "../session_error.ts";
import { recogniseDatabase } from "./foreign_kind.ts";
import { codeOf } from "./file_error.ts";
import { fileClaims } from "./file_claims.ts";
import { isLocked, sqliteError } from "./sqlite_error.ts";
import { SqlitePeers } from "./sqlite_peers.ts";
import { transaction } from "./sqlite_transaction.ts";

/** "tess", at the offset in SQLite's header that names the program of a file. */
const APPLICATION_ID = 0x74657373;
const APPLICATION_ID_OFFSET = 68;
const VERSION = 1;
/** How long SQLite waits for another program to finish writing, in milliseconds. */
const BUSY_TIMEOUT = 5000;
const OWNER_ONLY = 0o600;

const TABLES = `
  CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE peer (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, access_hash INTEGER, usernames TEXT NOT NULL,
    phone TEXT
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
  readonly claims: StoreClaims | undefined;
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
    // Beside the file itself, whatever link leads to it.
    const realPath = (): string => builtinModule("node:fs")?.realpathSync(path) ?? path;
    this.claims = fileClaims(() => `${realPath()}-lock-`);
    this.peers = new SqlitePeers(database, (doing, work) => this.#try(doing, work));
  }

  /**
   * Opens the file at a path, and creates it if it is missing.
   *
   * @param path the path of the file
   * @param busyTimeout how long to wait for another program to finish writing, in milliseconds
   * @throws {SessionError} if the runtime has no SQLite, or the file is of another program, is
   * damaged, or cannot be opened.
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

  setIf(key: string, value: string | undefined, guard: StoreGuard): boolean {
    return this.#try("save", () =>
      transaction(this.#database, () => {
        if (!this.#holds(guard)) return false;
        if (value === undefined) this.#delete.run(key);
        else this.#set.run(key, value);
        return true;
      }));
  }

  guardPeers(guard: StoreGuard, refused: () => Error): SqlitePeers {
    const check = (): void => {
      if (!this.#holds(guard)) throw refused();
    };
    return new SqlitePeers(this.#database, (doing, work) => this.#try(doing, work), check);
  }

  close(): void {
    this.#database.close();
  }

  #holds({ key, prefix }: StoreGuard): boolean {
    return this.get(key)?.startsWith(prefix) ?? false;
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

/** The lease in a locked file: a write-ahead log can be read while another program writes. */
function leaseIn(database: SqliteDatabase): LeaseText | undefined {
  try {
    const row = database.prepare("SELECT value FROM entry WHERE key LIKE '%:lease'").get();
    return typeof row?.value === "string" ? readLease(row.value) : undefined;
  } catch {
    return undefined; // it cannot be read either
  }
}

/**
 * Creates the file, readable by its owner only, or checks that an existing file is a session.
 * Returns whether it is empty.
 */
function claim(files: FileSystem, path: string): boolean {
  try {
    files.closeSync(files.openSync(path, "ax", OWNER_ONLY));
    return true;
  } catch (error) {
    if (!files.existsSync(path)) throw openError(path, error);
  }
  const { size } = files.statSync(path);
  // An empty file of another program may be readable by everyone.
  if (size === 0) files.chmodSync(path, OWNER_ONLY);
  // A journal was left by a program that was killed while it created the tables: SQLite rolls back.
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

/**
 * Creates the tables before the write-ahead log, so that the header of the file names this program.
 */
function prepare(database: SqliteDatabase, path: string, isNew: boolean): void {
  if (isNew) {
    transaction(database, () => {
      const row = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get();
      if (Number(row?.tables) === 0) database.exec(TABLES); // unless another program was faster
    });
  }
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version);
  if (version !== VERSION) {
    throw new SessionError(
      `Cannot open the session "${path}": it is of version ${version}, expected ${VERSION}: ` +
        "a later tessera wrote it. Update this one.",
    );
  }
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
}

function openError(path: string, cause: unknown): SessionError {
  const code = codeOf(cause);
  const reason = code === "ENOENT"
    ? "there is no such folder. Create it first."
    : code === "EACCES" || code === "EPERM" || code === "EROFS"
    ? "the folder may not be written to. Change its permissions, or choose another."
    : (cause as Error).message;
  return new SessionError(`Cannot make the session "${path}": ${reason}`, { cause });
}

function foreignFile(path: string, format: string | undefined): SessionError {
  const reason = format === undefined
    ? "it is not a session, expected a file of tessera or no file"
    : `it is one of ${format}. Import it with importSession().`;
  return new SessionError(`Cannot open the session "${path}": ${reason}`, { format });
}

function noSqlite(path: string): SessionError {
  return new SessionError(
    `Cannot keep the session "${path}" in a file: this runtime has no SQLite ` +
      "(Deno, Node from 22.13 on and Bun have). Use new StringSession(text), " +
      "or new StoreSession(name, store) with another store.",
  );
}
