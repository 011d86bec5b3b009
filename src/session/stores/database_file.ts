/**
 * Reads the structure of a SQLite file without SQLite, which trusts a file: a page that is listed
 * twice makes it read for hours. https://sqlite.org/fileformat2.html. `check` follows every tree
 * and chain, and refuses a page that is listed twice; so the rows of a file that passes are not
 * larger than the file. It does not read the log of a file, and no rows but those of the schema.
 */
import type { FileSystem } from "../../runtime/mod.ts";

/** The bytes of a file, or of an array. */
interface Source {
  readonly size: number;
  /** Reads bytes at an offset. Those behind the end are zeros. */
  read(offset: number, length: number): Uint8Array;
}

/** A table, an index or a trigger, as the file describes it. */
export interface SchemaEntry {
  readonly type: string;
  readonly name: string;
  /** The first page of its tree; 0 for a trigger or a view. */
  readonly root: number;
  /** The statement that created it; undefined for an index that SQLite made by itself. */
  readonly sql: string | undefined;
}

/** Thrown for a file that is not as SQLite writes it. */
export class StructureError extends Error {
  override readonly name = "StructureError";
}

const MAGIC = "SQLite format 3\0";
const HEADER_LENGTH = 100;
const UTF8 = 1;
const LOG_VERSION = 2;
/** The most tables and indexes of a file. Files of Kurigram have ten. */
const MAX_ENTRIES = 64;
/** The most bytes of the description of a table. */
const MAX_ENTRY_LENGTH = 4096;

const INDEX_INTERIOR = 2;
const TABLE_INTERIOR = 5;
const INDEX_LEAF = 10;
const TABLE_LEAF = 13;

/** Whether bytes begin like a SQLite file. */
export function isDatabase(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, MAGIC.length)) === MAGIC;
}

/** The structure of an open SQLite file. */
export class DatabaseFile {
  readonly #source: Source;
  readonly #pageSize: number;
  /** The bytes of a page that SQLite uses. */
  readonly #usable: number;
  readonly #pageCount: number;
  /** Whether a page was listed already. */
  readonly #seen: Uint8Array;
  /** The number in the header that names the program of the file. */
  readonly applicationId: number;
  /** The version that the program gave the file. */
  readonly version: number;
  /** Whether the header says that changes go to a write-ahead log. */
  readonly hasLog: boolean;

  /** Reads the header. Throws a `StructureError` if it is not one of SQLite. */
  constructor(source: Source) {
    const header = source.read(0, HEADER_LENGTH);
    const view = new DataView(header.buffer, header.byteOffset);
    const pageSize = view.getUint16(16) === 1 ? 65_536 : view.getUint16(16);
    const isPower = pageSize >= 512 && (pageSize & (pageSize - 1)) === 0;
    if (!isDatabase(header) || !isPower) throw new StructureError("its header is not of SQLite");
    // Files without a table have no encoding yet.
    if (view.getUint32(56) > UTF8) throw new StructureError("its texts are not in UTF-8");
    this.#usable = pageSize - header[20];
    if (this.#usable < 480) throw new StructureError("its pages are too small");
    this.#source = source;
    this.#pageSize = pageSize;
    this.#pageCount = Math.floor(source.size / pageSize);
    this.#seen = new Uint8Array(this.#pageCount + 1);
    this.applicationId = view.getUint32(68);
    this.version = view.getUint32(60);
    this.hasLog = header[19] === LOG_VERSION;
  }

  /**
   * Runs `work` with the structure of the file at a path, which is only read. `within` runs its
   * argument in a transaction, if another program may write to the file. The file is open around
   * it, as closing a file frees all locks that this process has on it.
   */
  static read<T>(
    files: FileSystem,
    path: string,
    work: (file: DatabaseFile) => T,
    within = (reading: () => T): T => reading(),
  ): T {
    const file = files.openSync(path, "r");
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      files.readSync(file, bytes, 0, length, offset);
      return bytes;
    };
    try {
      return within(() => work(new DatabaseFile({ size: files.statSync(path).size, read })));
    } finally {
      files.closeSync(file);
    }
  }

  /** The structure of a file in memory. */
  static of(bytes: Uint8Array): DatabaseFile {
    const read = (offset: number, length: number): Uint8Array => {
      const part = new Uint8Array(length);
      part.set(bytes.subarray(offset, offset + length));
      return part;
    };
    return new DatabaseFile({ size: bytes.length, read });
  }

  /**
   * Checks the schema, and returns its tables, indexes, triggers and views.
   *
   * @throws {StructureError} if it is damaged, or larger than that of a session.
   */
  schema(): SchemaEntry[] {
    const entries: SchemaEntry[] = [];
    this.#walk(1, true, (payload) => {
      if (entries.length === MAX_ENTRIES) throw new StructureError("it has too many tables");
      entries.push(readEntry(payload));
    });
    return entries;
  }

  /**
   * Checks that the tree of a table or index is as SQLite writes it. Call it once for each tree.
   *
   * @throws {StructureError} if it is not.
   */
  check({ root }: SchemaEntry): void {
    this.#walk(root, false);
  }

  /** Visits the pages of a tree, and passes the payload of each row to `onRow`. */
  #walk(root: number, isSchema: boolean, onRow?: (payload: Uint8Array) => void): void {
    const waiting = [root];
    let kind: boolean | undefined; // of an index, or of a table
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const page = this.#page(number);
      const start = number === 1 && isSchema ? HEADER_LENGTH : 0;
      const type = page[start];
      const isIndex = type === INDEX_INTERIOR || type === INDEX_LEAF;
      if (
        !isIndex && type !== TABLE_INTERIOR && type !== TABLE_LEAF || isIndex !== (kind ??= isIndex)
      ) {
        throw new StructureError(`page ${number} has a wrong type`);
      }
      const isInterior = type === INDEX_INTERIOR || type === TABLE_INTERIOR;
      const view = new DataView(page.buffer, page.byteOffset, page.length);
      const count = view.getUint16(start + 3);
      const pointers = start + (isInterior ? 12 : 8);
      let used = pointers + 2 * count;
      if (used > this.#usable) throw new StructureError(`page ${number} has too many cells`);
      if (isInterior) waiting.push(view.getUint32(start + 8));
      for (let cell = 0; cell < count; cell++) {
        const begin = view.getUint16(pointers + 2 * cell);
        let at = begin;
        if (isInterior) {
          if (at + 4 > this.#usable) throw outside(number);
          waiting.push(view.getUint32(at));
          at += 4;
        }
        if (type === TABLE_INTERIOR) {
          used += varintEnd(page, at, this.#usable) - begin;
        } else {
          const payload = readVarint(page, at, this.#usable);
          const local = type === TABLE_LEAF
            ? varintEnd(page, payload.end, this.#usable)
            : payload.end;
          used += this.#payload(page, number, local, payload.value, isIndex, onRow) - begin;
        }
        // A cell that several pointers share would be read once for each of them.
        if (used > this.#usable) throw new StructureError(`cells of page ${number} overlap`);
      }
    }
  }

  /** Follows the chain of a payload that does not fit; returns where the part in the page ends. */
  #payload(
    page: Uint8Array,
    number: number,
    at: number,
    length: number,
    isIndex: boolean,
    onRow: ((payload: Uint8Array) => void) | undefined,
  ): number {
    const most = isIndex ? Math.floor((this.#usable - 12) * 64 / 255) - 23 : this.#usable - 35;
    const least = Math.floor((this.#usable - 12) * 32 / 255) - 23;
    const capacity = this.#usable - 4;
    const wanted = least + (length - least) % capacity;
    const local = length <= most ? length : wanted <= most ? wanted : least;
    const end = at + local + (local < length ? 4 : 0);
    if (end > this.#usable) throw outside(number);
    if (onRow !== undefined && length > MAX_ENTRY_LENGTH) {
      throw new StructureError("a table has too long a description");
    }
    const parts = onRow && [page.slice(at, at + local)];
    let next = local < length ? readUint32(page, at + local) : 0;
    for (let left = length - local; left > 0; left -= capacity) {
      const overflow = this.#page(next);
      parts?.push(overflow.slice(4, 4 + Math.min(left, capacity)));
      next = readUint32(overflow, 0);
    }
    if (onRow !== undefined && parts !== undefined) onRow(join(parts, length));
    return end;
  }

  /** Reads a page, which may be listed only once in a file. */
  #page(number: number): Uint8Array {
    if (number < 1 || number > this.#pageCount) {
      throw new StructureError(`page ${number} is missing`);
    }
    if (this.#seen[number]++ > 0) throw new StructureError(`page ${number} is listed twice`);
    return this.#source.read((number - 1) * this.#pageSize, this.#pageSize);
  }
}

/** Reads a row of the schema: type, name, table, first page and statement. */
function readEntry(payload: Uint8Array): SchemaEntry {
  const head = readVarint(payload, 0, payload.length);
  const types: number[] = [];
  for (let at = head.end; at < head.value && types.length < 5;) {
    const type = readVarint(payload, at, payload.length);
    types.push(type.value);
    at = type.end;
  }
  if (types.length < 5) throw new StructureError("a table has no description");
  let at = head.value;
  const values = types.map((type): string | number | undefined => {
    const isText = type >= 13 && type % 2 === 1;
    const length = isText ? (type - 13) / 2 : [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][type];
    if (length === undefined || at + length > payload.length) {
      throw new StructureError("a table has a damaged description");
    }
    const bytes = payload.subarray(at, at += length);
    if (isText) return new TextDecoder().decode(bytes);
    return type === 0
      ? undefined
      : type === 9
      ? 1
      : bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  });
  const [type, name, , root = 0, sql] = values;
  if (typeof root !== "number" || typeof sql === "number") {
    throw new StructureError("a table has a damaged description");
  }
  return { type: String(type), name: String(name), root, sql };
}

function outside(number: number): StructureError {
  return new StructureError(`a cell of page ${number} is outside of it`);
}

function readUint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

/** Reads a number of one to nine bytes. One above 2^53 is no length, and is refused by its size. */
function readVarint(bytes: Uint8Array, at: number, limit: number): { value: number; end: number } {
  const end = varintEnd(bytes, at, limit);
  let value = 0;
  for (let i = at; i < end; i++) {
    value = i === at + 8 ? value * 256 + bytes[i] : value * 128 + (bytes[i] & 0x7f);
  }
  return { value, end };
}

function varintEnd(bytes: Uint8Array, at: number, limit: number): number {
  let end = at;
  while (end < at + 8 && end < limit && bytes[end] >= 0x80) end++;
  if (end >= limit) throw new StructureError("a number ends too late");
  return end + 1;
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
