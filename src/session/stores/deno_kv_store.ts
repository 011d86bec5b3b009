/**
 * A store of texts in Deno KV. https://docs.deno.com/api/deno/~/Deno.Kv. A value has at most 64
 * KiB, and a transaction 800 KiB. So a longer text is split into parts, which several transactions
 * write under a new name; the last one sets the key to that name, if the key is as it was read, and
 * the parts of before are then removed. A killed program leaves parts, which the next write of a
 * long text removes. `deno run` needs `--unstable-kv`.
 */
import { concatBytes, decodeUtf8, encodeUtf8 } from "../../crypto/mod.ts";
import type { KeyValueStore } from "../key_value_store.ts";

/** The fields of an entry of Deno KV that the store reads. */
export interface DenoKvEntry {
  /** The key. */
  readonly key: readonly unknown[];
  /** The value; `null` if the key is absent. */
  readonly value: unknown;
  /** The version of the value; `null` if the key is absent. */
  readonly versionstamp: string | null;
}

/** The methods of a transaction of Deno KV that the store calls. */
export interface DenoKvAtomic {
  /** Makes the transaction fail if an entry has another versionstamp when it is committed. */
  check(entry: { key: string[]; versionstamp: string | null }): DenoKvAtomic;
  /** Sets an entry. */
  set(key: (string | number)[], value: unknown): DenoKvAtomic;
  /** Removes an entry. */
  delete(key: (string | number)[]): DenoKvAtomic;
  /** Makes all changes, or none if a check fails. */
  commit(): Promise<{ ok: boolean }>;
}

/** The methods of a `Deno.Kv` that the store calls. */
export interface DenoKv {
  /** Returns the entry of a key. */
  get(key: string[]): Promise<DenoKvEntry>;
  /** Returns the entries whose keys begin with a prefix. */
  list(selector: { prefix: string[] }, options: { batchSize: number }): AsyncIterable<DenoKvEntry>;
  /** Begins a transaction. */
  atomic(): DenoKvAtomic;
  /** Closes the database. Not called by the store. */
  close(): void;
}

const ROOT = "tessera";
/** Bytes of a part. */
const PART = 60_000;
/** The most parts that a transaction writes. */
const PARTS_AT_ONCE = 10;
/** The most entries that a transaction removes. */
const REMOVED_AT_ONCE = 500;

/** The parts of a long text, under a name of their own. */
interface Parts {
  readonly name: string;
  readonly count: number;
}

/**
 * Whether parts were written for a key of this version, or an earlier one. The key has changed
 * since: the writer of such parts cannot set it any longer.
 */
function isOld(name: unknown, version: string | null): boolean {
  if (typeof name !== "string") return true; // the number of a part without a name
  const [base] = name.split(".");
  return base !== "" && version !== null && base <= version;
}

/** A short text, the parts of a long one, or their number, as it was before parts had names. */
type Head = string | number | Parts;

/**
 * Keeps texts in a database of Deno KV: `new StoreSession("me", denoKvStore(await Deno.openKv()))`
 * has the keys `["tessera", …]`.
 *
 * @param kv the database, which the caller closes
 * @returns the store
 */
export function denoKvStore(kv: DenoKv): KeyValueStore {
  const partsOf = async (key: string, name?: string): Promise<DenoKvEntry[]> => {
    const parts: DenoKvEntry[] = [];
    const prefix = [ROOT, key, "part", ...(name === undefined ? [] : [name])];
    for await (const part of kv.list({ prefix }, { batchSize: 10 })) parts.push(part);
    return parts;
  };
  const read = async (key: string): Promise<{ head: DenoKvEntry; text: string | undefined }> => {
    for (;;) {
      const head = await kv.get([ROOT, key]);
      const value = head.value as Head | null;
      if (value === null || typeof value === "string") return { head, text: value ?? undefined };
      const name = typeof value === "number" ? undefined : value.name;
      const parts = await partsOf(key, name);
      const same = (await kv.get([ROOT, key])).versionstamp === head.versionstamp;
      const bytes = parts.map((part) => part.value as Uint8Array);
      if (same) return { head, text: decodeUtf8(concatBytes(...bytes)) };
    }
  };
  const writeParts = async (key: string, head: DenoKvEntry, text: string): Promise<Parts> => {
    const bytes = encodeUtf8(text);
    const name = `${head.versionstamp ?? ""}.${crypto.randomUUID()}`;
    const count = Math.ceil(bytes.length / PART);
    for (let first = 0; first < count; first += PARTS_AT_ONCE) {
      const atomic = kv.atomic();
      for (let part = first; part < Math.min(count, first + PARTS_AT_ONCE); part++) {
        atomic.set([ROOT, key, "part", name, part], bytes.slice(part * PART, (part + 1) * PART));
      }
      await atomic.commit();
    }
    return { name, count };
  };
  const removeParts = async (key: string, isRemoved: (name: unknown) => boolean): Promise<void> => {
    const old = (await partsOf(key)).filter((part) => isRemoved(part.key[3]));
    for (let first = 0; first < old.length; first += REMOVED_AT_ONCE) {
      const atomic = kv.atomic();
      for (const part of old.slice(first, first + REMOVED_AT_ONCE)) {
        atomic.delete(part.key as (string | number)[]);
      }
      await atomic.commit();
    }
  };
  const write = async (
    key: string,
    head: DenoKvEntry,
    text: string | undefined,
    guard?: DenoKvEntry,
  ): Promise<boolean> => {
    // A character has at most three bytes.
    const isLong = text !== undefined && text.length > PART / 3 && encodeUtf8(text).length > PART;
    const parts = isLong ? await writeParts(key, head, text) : undefined;
    const atomic = kv.atomic().check({ key: [ROOT, key], versionstamp: head.versionstamp });
    if (guard !== undefined) {
      atomic.check({ key: guard.key as string[], versionstamp: guard.versionstamp });
    }
    if (text === undefined) atomic.delete([ROOT, key]);
    else atomic.set([ROOT, key], parts ?? text);
    const { ok } = await atomic.commit();
    const before = head.value as Head | null;
    const had = before !== null && typeof before !== "string";
    if (!ok && parts !== undefined) await removeParts(key, (name) => name === parts.name);
    if (ok && (isLong || had)) {
      const replaced = typeof before === "object" ? before?.name : undefined;
      await removeParts(
        key,
        (name) => name !== parts?.name && (name === replaced || isOld(name, head.versionstamp)),
      );
    }
    return ok;
  };
  const force = async (key: string, text: string | undefined): Promise<void> => {
    while (!await write(key, await kv.get([ROOT, key]), text));
  };
  return {
    get: async (key) => (await read(key)).text,
    set: force,
    delete: (key) => force(key, undefined),
    async swap(key, current, next) {
      const { head, text } = await read(key);
      return text === current && await write(key, head, next);
    },
    async setIf(key, value, guard) {
      for (;;) { // until neither changes meanwhile: a renewal changes the guard
        const { head, text } = await read(guard.key);
        if (text === undefined || !text.startsWith(guard.prefix)) return false;
        if (await write(key, await kv.get([ROOT, key]), value, head)) return true;
      }
    },
  };
}
