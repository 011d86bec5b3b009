/**
 * A store of texts and peers in one SQLite file, through `node:sqlite` of Deno, Node and Bun. Only
 * its owner can read the file, from the first byte on. Each change is a transaction, which is
 * flushed to the disk; between two changes there is one file only, and a copy of it is a whole
 * session. sqlite_admission.ts recognises the file of another program, which is never changed.
 */
import {
  builtinModule,
  type FileSystem,
  type SqliteDatabase,
  type SqliteStatement,
} from "../../runtime/mod.ts";
import type { KeyValueStore, StoreClaims, StoreGuard } from "../key_value_store.ts";
import { type LeaseText, readLease } from "../lease/lease_text.ts";
import { SessionError } from "../mod.ts";
import { fileClaims } from "./file_claims.ts";
import { databasePath } from "./file_name.ts";
import { admit, type Admitted, checkTrees, lackingLog, type OwnFile } from "./sqlite_admission.ts";
import { isLocked, sqliteError } from "./sqlite_error.ts";
import { BUSY_TIMEOUT, Patience, type PatienceOptions } from "./sqlite_patience.ts";
import { type PeersFile, SqlitePeers } from "./sqlite_peers.ts";
import { transaction } from "./sqlite_transaction.ts";

/** "tess", at the offset in SQLite's header that names the program of a file. */
const APPLICATION_ID = 0x74657373;

const TABLES = `
  CREATE TABLE entry (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE peer (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, access_hash INTEGER, usernames TEXT NOT NULL,
    phone TEXT, seen_at INTEGER
  );
  CREATE INDEX peer_phone ON peer (phone) WHERE phone IS NOT NULL;
  CREATE TABLE username (name TEXT PRIMARY KEY, peer INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX username_peer ON username (peer);
`;
/**
 * From each version to the next. An added column rewrites no row, and an older tessera that has the
 * file open goes on with its own columns.
 */
const MIGRATIONS = ["ALTER TABLE peer ADD COLUMN seen_at INTEGER"];
const VERSION = MIGRATIONS.length + 1;
/** EXTRA: the end of a transaction, too, is flushed to the disk. */
const SYNCHRONOUS = "PRAGMA synchronous = EXTRA";
const MARKS = `
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};
`;

const OWN: OwnFile = {
  applicationId: APPLICATION_ID,
  versions: [statementsOf(TABLES.replace(", seen_at INTEGER", "")), statementsOf(TABLES)],
};

function statementsOf(tables: string): string[] {
  return tables.split(";").filter((statement) => statement.trim() !== "");
}

/** An open SQLite file, for one session. */
export class SqliteStore implements KeyValueStore {
  readonly peers: SqlitePeers;
  readonly claims: StoreClaims | undefined;
  readonly #path: string;
  readonly #database: SqliteDatabase;
  readonly #get: SqliteStatement;
  readonly #set: SqliteStatement;
  readonly #delete: SqliteStatement;
  readonly #patience: Patience;
  readonly #peersFile: PeersFile;

  /** Use {@linkcode open}. */
  constructor(files: FileSystem, path: string, database: SqliteDatabase, patience: Patience) {
    this.#path = path;
    this.#database = database;
    this.#patience = patience;
    this.#get = database.prepare("SELECT value FROM entry WHERE key = ?");
    // An update in place writes only the pages that change. A replacement would write them all.
    this.#set = database.prepare(
      "INSERT INTO entry (key, value) VALUES (?, ?) " +
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    );
    this.#delete = database.prepare("DELETE FROM entry WHERE key = ?");
    // Beside the file itself, whatever link leads to it.
    const realPath = (): string => builtinModule("node:fs")?.realpathSync(path) ?? path;
    this.claims = fileClaims(() => `${realPath()}-lock-`);
    this.#peersFile = {
      attempt: (doing, work) => this.#try(doing, work),
      check: () => checkTrees(files, path, database),
    };
    this.peers = new SqlitePeers(database, this.#peersFile);
  }

  /**
   * Opens the file at a path, and creates it if it is missing.
   *
   * @param path the path of the file
   * @param options how long to wait for another program to finish writing
   * @throws {SessionError} if the runtime has no SQLite, or the file is of another program, is
   * damaged, or cannot be opened.
   */
  static async open(path: string, options: PatienceOptions = {}): Promise<SqliteStore> {
    const sqlite = builtinModule("node:sqlite");
    const files = builtinModule("node:fs");
    if (sqlite === undefined || files === undefined) throw noSqlite(path);
    const patience = new Patience(options);
    let lease: LeaseText | undefined;
    try {
      return await patience.run(() => {
        const admitted = admit(files, sqlite, path, OWN);
        const database = new sqlite.DatabaseSync(databasePath(path));
        try {
          prepare(database, path, admitted);
          return new SqliteStore(files, path, database, patience);
        } catch (error) {
          if (isLocked(error)) lease = leaseIn(database);
          database.close();
          throw error;
        }
      });
    } catch (error) {
      throw sqliteError("open", path, error, isLocked(error) ? lease : undefined);
    }
  }

  async get(key: string): Promise<string | undefined> {
    return await this.#try("read", () => this.#read(key));
  }

  async set(key: string, value: string): Promise<void> {
    await this.#try("save", () => this.#set.run(key, value));
  }

  async delete(key: string): Promise<void> {
    await this.#try("save", () => this.#delete.run(key));
  }

  async swap(
    key: string,
    current: string | undefined,
    next: string | undefined,
  ): Promise<boolean> {
    return await this.#try("save", () =>
      transaction(this.#database, () => {
        if (this.#read(key) !== current) return false;
        if (next === undefined) this.#delete.run(key);
        else this.#set.run(key, next);
        return true;
      }));
  }

  async setIf(
    key: string,
    value: string | undefined,
    guard: StoreGuard,
    { mayLag = false }: { readonly mayLag?: boolean } = {},
  ): Promise<boolean> {
    const change = (): boolean =>
      transaction(this.#database, () => {
        if (!this.#holds(guard)) return false;
        if (value === undefined) this.#delete.run(key);
        else this.#set.run(key, value);
        return true;
      });
    return await this.#try("save", mayLag ? () => this.#lagging(change) : change);
  }

  guardPeers(guard: StoreGuard, refused: () => Error): SqlitePeers {
    return new SqlitePeers(this.#database, this.#peersFile, () => {
      if (!this.#holds(guard)) throw refused();
    });
  }

  /** Waits for the calls before it, and closes the file. */
  async close(): Promise<void> {
    await this.#patience.run(() => this.#database.close());
  }

  /** Runs a transaction whose end is not flushed: after a power failure, it may be rolled back. */
  #lagging<T>(change: () => T): T {
    this.#database.exec("PRAGMA synchronous = FULL");
    try {
      return change();
    } finally {
      this.#database.exec(SYNCHRONOUS);
    }
  }

  #read(key: string): string | undefined {
    const value = this.#get.get(key)?.value;
    return typeof value === "string" ? value : undefined;
  }

  #holds({ key, prefix }: StoreGuard): boolean {
    return this.#read(key)?.startsWith(prefix) ?? false;
  }

  async #try<T>(doing: string, work: () => T): Promise<T> {
    try {
      return await this.#patience.run(work);
    } catch (error) {
      const lease = isLocked(error) ? leaseIn(this.#database) : undefined;
      throw sqliteError(doing, this.#path, error, lease);
    }
  }
}

/** The lease in a locked file, which can be read until the other program commits. */
function leaseIn(database: SqliteDatabase): LeaseText | undefined {
  try {
    const row = database.prepare("SELECT value FROM entry WHERE key LIKE '%:lease'").get();
    return typeof row?.value === "string" ? readLease(row.value) : undefined;
  } catch {
    return undefined; // it cannot be read either
  }
}

/** Creates or migrates the tables of a file, and sets how changes are written. */
function prepare(database: SqliteDatabase, path: string, admitted: Admitted): void {
  const { isNew, isOld, lacksLog } = admitted;
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}`);
  database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
  if (isNew) {
    transaction(database, () => {
      const row = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get();
      if (Number(row?.tables) === 0) database.exec(TABLES + MARKS); // unless another was faster
    });
  }
  if (lacksLog) {
    const row = database.prepare("SELECT 1 FROM entry WHERE key LIKE '%:session'").get();
    if (row === undefined) throw lackingLog(path);
  }
  // A write-ahead log would keep the key out of the file that people see and copy.
  try {
    database.exec("PRAGMA journal_mode = DELETE");
  } catch (error) {
    if (!isLocked(error)) throw error; // an older tessera has the file open, and holds the lease
  }
  database.exec(SYNCHRONOUS);
  if (isOld) transaction(database, () => migrate(database));
}

/** Brings the tables of an older file to the last version. */
function migrate(database: SqliteDatabase): void {
  const row = database.prepare("PRAGMA user_version").get();
  const version = Number(row?.user_version); // another program may have been faster
  if (version >= VERSION) return;
  for (const change of MIGRATIONS.slice(version - 1)) database.exec(change);
  database.exec(`PRAGMA user_version = ${VERSION}`);
}

function noSqlite(path: string): SessionError {
  return new SessionError(
    `Cannot keep the session "${path}" in a file: this runtime has no SQLite ` +
      "(Deno, Node from 22.13 on and Bun have). Use new StringSession(text), " +
      "or new StoreSession(name, store) with another store.",
  );
}
