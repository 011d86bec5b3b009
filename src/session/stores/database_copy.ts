/**
 * A checked copy of a SQLite file, for a file of another library: even reading a database can write
 * to it. The changes in its log are written into the copy first, without reading its tables. Then
 * database_file.ts and database_schema.ts check the copy, and only then SQLite reads it.
 */
import { builtinModule, type FileSystem, type SqliteDatabase } from "../../runtime/mod.ts";
import { SessionError } from "../session_error.ts";
import { DatabaseFile, type SchemaEntry, StructureError } from "./database_file.ts";
import { isPlain } from "./database_schema.ts";
import { codeOf, fileError } from "./file_error.ts";
import { OWNER_ONLY } from "./file_owner.ts";
import { damagedFile } from "./sqlite_error.ts";

/** The most bytes of a file that is imported: some millions of peers. */
export const MAX_DATABASE_LENGTH = 2 ** 28;
/** How often a file is copied anew, because another program changed it meanwhile. */
const MAX_TRIES = 20;
/** The files that SQLite keeps beside a database. */
const BESIDE = ["-wal", "-journal"] as const;
/** The end of a journal that names other files, which SQLite would read and delete. */
const MANY_FILES = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
const CAREFUL = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON";

/** A checked copy of a file, in a folder of its own. */
export interface DatabaseCopy {
  /** The path of the copy. */
  readonly path: string;
  readonly entries: readonly SchemaEntry[];
  /** Removes the copy and its folder. */
  remove(): void;
}

/**
 * Copies a database, with the changes in its log, to a temporary folder that only its owner can
 * read, and checks the copy.
 *
 * @throws {SessionError} if the file is damaged, too large, or has a view, a trigger or the like.
 */
export function checkedCopy(files: FileSystem, path: string): DatabaseCopy {
  const sqlite = builtinModule("node:sqlite");
  const system = builtinModule("node:os");
  if (sqlite === undefined || system === undefined) {
    throw new TypeError(`Cannot read "${path}": this runtime has no SQLite. Use another runtime.`);
  }
  checkBeside(files, path);
  const folder = files.mkdtempSync(`${system.tmpdir()}/tessera-`); // mode 0700
  const remove = (): void => files.rmSync(folder, { recursive: true, force: true });
  try {
    const copy = `${folder}/copy`;
    let hasChanges = false;
    try {
      let before: string;
      let tries = 0;
      do { // another program may write meanwhile
        before = stampOf(files, path);
        hasChanges = copyFiles(files, path, copy);
      } while (stampOf(files, path) !== before && ++tries < MAX_TRIES);
    } catch (error) {
      throw fileError(`copy "${path}" to "${folder}"`, error);
    }
    if (hasChanges) settle(new sqlite.DatabaseSync(copy));
    return { path: copy, entries: checkFile(files, copy, path), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Copies a database, after the files beside it; returns whether there are any. */
function copyFiles(files: FileSystem, path: string, copy: string): boolean {
  let hasChanges = false;
  for (const suffix of [...BESIDE, ""]) {
    files.rmSync(copy + suffix, { force: true });
    if (suffix !== "" && lengthOf(files, path + suffix) === 0) continue;
    const copying = (): true => {
      files.copyFileSync(path + suffix, copy + suffix);
      files.chmodSync(copy + suffix, OWNER_ONLY); // the original may be read-only
      return true;
    };
    if (suffix === "") copying();
    else hasChanges = orGone(copying) ?? hasChanges;
  }
  return hasChanges;
}

/** The lengths and times of a database and of the files beside it, which each change changes. */
function stampOf(files: FileSystem, path: string): string {
  return ["", ...BESIDE].map((suffix) => {
    const status = orGone(() => files.statSync(path + suffix));
    return status && `${status.size} ${status.mtimeMs}`;
  }).join();
}

/** Opens a copy for reading only. SQLite runs no function of it, and does not trust its numbers. */
export function readCopy<T>({ path }: DatabaseCopy, work: (database: SqliteDatabase) => T): T {
  const sqlite = builtinModule("node:sqlite");
  if (sqlite === undefined) throw new TypeError("Cannot read a copy: this runtime has no SQLite");
  const database = new sqlite.DatabaseSync(path);
  try {
    database.exec(CAREFUL);
    return work(database);
  } finally {
    database.close();
  }
}

/**
 * Writes the changes in a log or journal into the database. A transaction without a statement reads
 * no table, and closing writes the log.
 */
export function settle(database: SqliteDatabase): void {
  try {
    database.exec("BEGIN IMMEDIATE; COMMIT");
  } finally {
    database.close();
  }
}

/**
 * Checks every tree of a file, and that no SQL in it runs. Returns its tables.
 *
 * @param label the path of the file in errors
 * @throws {SessionError} if it is not so.
 */
export function checkFile(files: FileSystem, path: string, label: string): readonly SchemaEntry[] {
  try {
    return DatabaseFile.read(files, path, (file) => {
      const entries = file.schema();
      if (!isPlain(entries)) throw notPlain(label);
      for (const entry of entries) if (entry.root > 0) file.check(entry);
      return entries;
    });
  } catch (cause) {
    if (!(cause instanceof StructureError)) throw cause;
    throw damagedFile("import", label, cause);
  }
}

/** The error of a file with SQL that runs. */
export function notPlain(label: string): SessionError {
  return new SessionError(
    `Cannot read the session "${label}": it has a view, a trigger, a generated column or the ` +
      "like, expected plain tables. Do not use this file, as it may be an attack.",
  );
}

/**
 * Checks the lengths of a database and of the files beside it, and that its journal names no other
 * files.
 *
 * @throws {SessionError} if it is too large, or the journal names files.
 */
export function checkBeside(files: FileSystem, path: string): void {
  for (const suffix of ["", ...BESIDE]) {
    const length = lengthOf(files, path + suffix);
    if (length <= MAX_DATABASE_LENGTH) continue;
    throw new SessionError(
      `Cannot import "${path}${suffix}": it has ${length} bytes, ` +
        `expected at most ${MAX_DATABASE_LENGTH}`,
    );
  }
  if (!namesFiles(files, `${path}-journal`)) return;
  throw new SessionError(
    `Cannot read the session "${path}": its journal names other files. ` +
      "Do not use this file, as it may be an attack.",
  );
}

/** Whether SQLite would read and delete other files when it rolls a journal back. */
function namesFiles(files: FileSystem, journal: string): boolean {
  const length = lengthOf(files, journal);
  if (length < MANY_FILES.length) return false;
  const end = new Uint8Array(MANY_FILES.length);
  const file = orGone(() => files.openSync(journal, "r"));
  if (file === undefined) return false;
  try {
    files.readSync(file, end, 0, end.length, length - end.length);
  } finally {
    files.closeSync(file);
  }
  return MANY_FILES.every((byte, at) => byte === end[at]);
}

/** The length of a file; 0 if there is none. A journal can go at any time. */
export function lengthOf(files: FileSystem, path: string): number {
  return orGone(() => files.statSync(path).size) ?? 0;
}

/** The result of `work`; `undefined` if a file is gone. */
function orGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
