/**
 * The modules that are built into Node, Deno and Bun, loaded on first use. Bundlers for browsers
 * never see an import of them. Their types are declared here, as far as the library uses them, so
 * that type-checking needs no types of Node. Other runtimes have no builtin modules.
 */

import { isCloudflare, runtimeProcess } from "./process.ts";

/** The functions of `node:fs` that the library uses. */
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
  statSync(path: string): FileStatus;
  mkdirSync(path: string, options: { recursive?: boolean; mode?: number }): void;
  mkdtempSync(prefix: string): string;
  chmodSync(path: string, mode: number): void;
  copyFileSync(from: string, to: string): void;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  readlinkSync(path: string): string;
  realpathSync(path: string): string;
  unlinkSync(path: string): void;
  rmSync(path: string, options: { recursive?: boolean; force?: boolean }): void;
  readonly promises: {
    open(path: string, flags: string): Promise<OpenFile>;
    stat(path: string): Promise<FileStatus>;
  };
}

/** An open file, which is read without blocking the program. */
export interface OpenFile {
  read(
    into: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  stat(): Promise<FileStatus>;
  close(): Promise<void>;
}

/** The state of a file that the library looks at. */
export interface FileStatus {
  readonly size: number;
  readonly mtimeMs: number;
  readonly mode: number;
  isDirectory(): boolean;
  isFile(): boolean;
}

/** A prepared SQLite statement. */
export interface SqliteStatement {
  get(...values: SqliteValue[]): Record<string, SqliteValue> | undefined;
  all(...values: SqliteValue[]): Record<string, SqliteValue>[];
  run(...values: SqliteValue[]): { changes: number | bigint };
  setReadBigInts(enabled: boolean): void;
}

/** A value of an SQLite column. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

/** An open SQLite database. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** The part of `node:sqlite` that the library uses. */
export interface Sqlite {
  DatabaseSync: new (path: string, options?: { readOnly?: boolean }) => SqliteDatabase;
}

/** The functions of `node:os` that the library uses. */
export interface OperatingSystem {
  hostname(): string;
  tmpdir(): string;
}

/** The part of a `node:net` socket that the library uses. */
export interface NodeSocket {
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "connect" | "secureConnect" | "end" | "close", listener: () => void): unknown;
  write(bytes: Uint8Array, done: (error?: Error | null) => void): boolean;
  setNoDelay(noDelay: boolean): unknown;
  pause(): unknown;
  resume(): unknown;
  destroy(): unknown;
}

/** The part of a `node:net` server that the library uses. */
export interface NodeServer {
  on(event: "error", listener: (error: Error) => void): unknown;
  listen(options: { host: string; port: number }, listening: () => void): unknown;
  address(): { address: string; port: number } | string | null;
  close(done: (error?: Error) => void): unknown;
}

/** The functions of `node:net` that the library uses. */
export interface NodeNet {
  connect(options: {
    host: string;
    port: number;
    noDelay: boolean;
    autoSelectFamily?: boolean;
  }): NodeSocket;
  createServer(onSocket: (socket: NodeSocket) => void): NodeServer;
}

/** A hash of `node:crypto` under way. */
export interface NodeHash {
  update(bytes: Uint8Array): NodeHash;
  digest(): Uint8Array;
}

/** A cipher of `node:crypto`. */
export interface NodeCipher {
  update(bytes: Uint8Array): Uint8Array;
  setAutoPadding(isOn: boolean): unknown;
}

/** The functions of `node:crypto` that the library uses. */
export interface NodeCrypto {
  createHash(algorithm: string): NodeHash;
  /** Newer than the rest. */
  readonly hash?: (algorithm: string, bytes: Uint8Array, encoding: "buffer") => Uint8Array;
  createCipheriv(algorithm: string, key: Uint8Array, iv: Uint8Array): NodeCipher;
}

/** The part of `node:v8` that the library uses. Bun and Deno may not have it. */
export interface NodeV8 {
  readonly startupSnapshot?: { isBuildingSnapshot(): boolean };
}

/** The part of `node:buffer` that the library uses. */
export interface NodeBuffer {
  readonly Buffer: {
    readonly prototype: {
      utf8Slice?(this: Uint8Array, start: number, end: number): string;
    };
  };
}

/** The function of `node:tls` that the library uses. */
export interface NodeTls {
  connect(options: { host: string; port: number; servername?: string }): NodeSocket;
}

/** The function of `node:url` that the library uses. */
export interface NodeUrl {
  fileURLToPath(url: URL): string;
}

interface Modules {
  "node:buffer": NodeBuffer;
  "node:v8": NodeV8;
  "node:crypto": NodeCrypto;
  "node:fs": FileSystem;
  "node:net": NodeNet;
  "node:tls": NodeTls;
  "node:sqlite": Sqlite;
  "node:os": OperatingSystem;
  "node:url": NodeUrl;
}

/**
 * Modules that Cloudflare Workers have with `nodejs_compat` but that are of no use there: files are
 * deleted after the request, and the SQLite module cannot open a database.
 */
const USELESS_IN_CLOUDFLARE: readonly string[] = ["node:fs", "node:sqlite", "node:os"];

/** Returns a builtin module; undefined if the runtime does not have it, or a useless one. */
export function builtinModule<Name extends keyof Modules>(name: Name): Modules[Name] | undefined {
  if (isCloudflare() && USELESS_IN_CLOUDFLARE.includes(name)) return undefined;
  try {
    return runtimeProcess()?.getBuiltinModule?.(name) as Modules[Name] | undefined;
  } catch {
    return undefined; // a runtime may have the function and refuse the module
  }
}
