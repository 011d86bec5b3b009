/**
 * Detects which library wrote a session file or folder: a SQLite file by the names of its tables, a
 * folder of GramJS by the names of its files. Databases are read in a copy, as even reading one can
 * write to it.
 */
import { builtinModule, type FileSystem, type SqliteDatabase } from "../../runtime/mod.ts";
import { fileError } from "./file_error.ts";

/** A library whose session files `importSession()` reads. */
export type ForeignKind = "Telethon 1" | "Telethon 2" | "Pyrogram" | "mtcute" | "grammers";

const MAGIC = "SQLite format 3\0";

/** Whether bytes begin like a SQLite file. */
export function isDatabase(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/**
 * The library that wrote a session file; `undefined` if it is not known, or the file is damaged.
 */
export function recogniseDatabase(files: FileSystem, path: string): string | undefined {
  if (!isDatabase(files.readFileSync(path))) return undefined;
  try {
    return withCopy(files, path, kindOf);
  } catch {
    return undefined;
  }
}

/**
 * Opens a copy of a database and of its log, in a temporary folder that only its owner can read.
 * Removes the copy afterwards.
 */
export function withCopy<T>(
  files: FileSystem,
  path: string,
  work: (database: SqliteDatabase) => T,
): T {
  const sqlite = builtinModule("node:sqlite");
  const system = builtinModule("node:os");
  if (sqlite === undefined || system === undefined) {
    throw new TypeError(`Cannot read "${path}": this runtime has no SQLite. Use another runtime.`);
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

/** The library that created the tables of a database. */
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

/** The text that the names of the files in a folder of GramJS begin with. */
export function gramJsPrefix(folder: string): string {
  const name = folder.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) ?? "";
  return `${encodeURIComponent(name)}%3A`;
}

/** Whether GramJS wrote a folder. */
export function isGramJsFolder(files: FileSystem, folder: string): boolean {
  return files.existsSync(`${folder}/${gramJsPrefix(folder)}authKey`);
}
