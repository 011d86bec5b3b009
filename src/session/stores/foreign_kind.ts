/**
 * Detects which library wrote a session file or folder: a SQLite file by the names of its tables, a
 * folder of GramJS by the names of its files. A file is looked at without SQLite.
 */
import type { FileSystem } from "../../runtime/mod.ts";
import { DatabaseFile, isDatabase, type SchemaEntry, StructureError } from "./database_file.ts";

/** A library whose session files `importSession()` reads. */
export type ForeignKind = "Telethon 1" | "Telethon 2" | "Pyrogram" | "mtcute" | "grammers";

/** The bytes that tell a SQLite file. */
const HEAD_LENGTH = 16;

/** The first bytes of a file. */
export function headOf(files: FileSystem, path: string): Uint8Array {
  const head = new Uint8Array(HEAD_LENGTH);
  const file = files.openSync(path, "r");
  try {
    return head.subarray(0, files.readSync(file, head, 0, HEAD_LENGTH, 0));
  } finally {
    files.closeSync(file);
  }
}

/**
 * The library that wrote a session file; `undefined` if it is not known, or the file is damaged.
 */
export function recogniseDatabase(files: FileSystem, path: string): string | undefined {
  if (!isDatabase(headOf(files, path))) return undefined;
  try {
    return DatabaseFile.read(files, path, (file) => kindOf(file.schema()));
  } catch (error) {
    if (error instanceof StructureError) return undefined;
    throw error;
  }
}

/** The library that created the tables of a database. */
export function kindOf(entries: readonly SchemaEntry[]): ForeignKind | "tessera" | undefined {
  const tables = new Set(entries.filter(({ type }) => type === "table").map(({ name }) => name));
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
