/**
 * Whose a SQLite file is, by the names of its tables. It is looked at in a copy: even reading a database can write to it.
 */
import { builtinModule, type FileSystem, type SqliteDatabase } from "../../runtime/mod.ts";
import { fileError } from "../stores/file_error.ts";

/** A library whose files are read here. */
export type ForeignKind = "Telethon 1" | "Telethon 2" | "Pyrogram" | "mtcute" | "grammers";

const MAGIC = "SQLite format 3\0";

/** The library that made a session file; undefined if none that is known did. */
export function recogniseDatabase(files: FileSystem, path: string): string | undefined {
  const header = files.readFileSync(path).subarray(0, MAGIC.length);
  if (String.fromCharCode(...header) !== MAGIC) return undefined;
  try {
    return withCopy(files, path, kindOf);
  } catch {
    return undefined; // damaged: then it does not matter whose it was
  }
}

/** Opens a copy of a database, with what its log holds, in a folder that nobody else may read; gone afterwards. */
export function withCopy<T>(
  files: FileSystem,
  path: string,
  work: (database: SqliteDatabase) => T,
): T {
  const sqlite = builtinModule("node:sqlite");
  const system = builtinModule("node:os");
  if (sqlite === undefined || system === undefined) {
    throw new TypeError("This runtime has no SQLite");
  }
  const folder = files.mkdtempSync(`${system.tmpdir()}/tessera-`); // mode 0700
  try {
    const copy = `${folder}/copy`;
    try {
      for (const suffix of ["", "-wal", "-journal"]) {
        if (files.existsSync(path + suffix)) files.copyFileSync(path + suffix, copy + suffix);
      }
    } catch (error) {
      throw fileError(`copy "${path}" to "${folder}"`, error);
    }
    const database = new sqlite.DatabaseSync(copy);
    try {
      return work(database);
    } finally {
      database.close();
    }
  } finally {
    files.rmSync(folder, { recursive: true, force: true });
  }
}

/** The library whose tables these are. */
export function kindOf(database: SqliteDatabase): ForeignKind | "tessera" | undefined {
  const rows = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const tables = new Set(rows.map(({ name }) => String(name)));
  const has = (...names: string[]): boolean => names.every((name) => tables.has(name));
  if (has("entry", "peer", "username")) return "tessera";
  if (has("datacenter", "user")) return "Telethon 2";
  if (has("sessions", "entities")) return "Telethon 1";
  if (has("sessions", "peers")) return "Pyrogram";
  if (has("key_value", "auth_keys")) return "mtcute";
  if (has("dc_home", "dc_option")) return "grammers";
  return undefined;
}
