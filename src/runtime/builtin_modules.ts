/**
 * The modules that are built into Node, Deno and Bun, loaded on first use and described by the little of them that is used
 * here, so that bundlers for browsers and type-checkers without Node's types are content. Elsewhere there are none.
 */

import { runtimeProcess } from "./process.ts";

/** What is used of `node:fs`. */
export interface FileSystem {
  existsSync(path: string): boolean;
  openSync(path: string, flags: string, mode?: number): number;
  readSync(
    file: number,
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): number;
  writeFileSync(target: string | number, data: string | Uint8Array): void;
  fsyncSync(file: number): void;
  closeSync(file: number): void;
  readFileSync(path: string): Uint8Array;
  readdirSync(path: string): string[];
  statSync(path: string): { size: number; mtimeMs: number; isDirectory(): boolean };
  mkdirSync(path: string, options: { recursive?: boolean; mode?: number }): void;
  mkdtempSync(prefix: string): string;
  chmodSync(path: string, mode: number): void;
  copyFileSync(from: string, to: string): void;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  readlinkSync(path: string): string;
  unlinkSync(path: string): void;
  rmSync(path: string, options: { recursive?: boolean; force?: boolean }): void;
}

/** A statement of SQLite. */
export interface SqliteStatement {
  get(...values: SqliteValue[]): Record<string, SqliteValue> | undefined;
  all(...values: SqliteValue[]): Record<string, SqliteValue>[];
  run(...values: SqliteValue[]): { changes: number | bigint };
  setReadBigInts(enabled: boolean): void;
}

/** What a column of SQLite can hold. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** A database of SQLite. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** What is used of `node:sqlite`. */
export interface Sqlite {
  DatabaseSync: new (path: string, options?: { readOnly?: boolean }) => SqliteDatabase;
}

/** What is used of `node:os`. */
export interface OperatingSystem {
  hostname(): string;
  tmpdir(): string;
}

interface Modules {
  "node:fs": FileSystem;
  "node:sqlite": Sqlite;
  "node:os": OperatingSystem;
}

/**
 * A module of the runtime; undefined where there is none of that name. Cloudflare's are none: with `nodejs_compat` there are
 * files, which are gone when the request is answered, and a module for SQLite without databases.
 */
export function builtinModule<Name extends keyof Modules>(name: Name): Modules[Name] | undefined {
  if (globalThis.navigator?.userAgent === "Cloudflare-Workers") return undefined;
  try {
    return runtimeProcess()?.getBuiltinModule?.(name) as Modules[Name] | undefined;
  } catch {
    return undefined; // a runtime may know the function and refuse the module
  }
}
