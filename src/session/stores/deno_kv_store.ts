/**
 * A store of texts in Deno KV. https://docs.deno.com/api/deno/~/Deno.Kv. A value has at most 64
 * KiB: a longer text is split into parts, which one transaction writes. `deno run` needs
 * `--unstable-kv`.
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

/** A short text, or the number of parts of a long one. */
type Head = string | number;

/**
 * Keeps texts in a database of Deno KV: `new StoreSession("me", denoKvStore(await Deno.openKv()))`
 * has the keys `["tessera", …]`.
 *
 * @param kv the database, which the caller closes
 * @returns the store
 */
export function denoKvStore(kv: DenoKv): KeyValueStore {
  const read = async (key: string): Promise<{ head: DenoKvEntry; text: string | undefined }> => {
    for (;;) {
      const head = await kv.get([ROOT, key]);
      const value = head.value as Head | null;
      if (typeof value !== "number") return { head, text: value ?? undefined };
      const parts: Uint8Array[] = [];
      const prefix = [ROOT, key, "part"];
      for await (const part of kv.list({ prefix }, { batchSize: 100 })) {
        parts.push(part.value as Uint8Array);
      }
      const same = (await kv.get([ROOT, key])).versionstamp === head.versionstamp;
      if (same) return { head, text: decodeUtf8(concatBytes(...parts)) };
    }
  };
  const write = async (
    key: string,
    head: DenoKvEntry,
    text: string | undefined,
    guard?: DenoKvEntry,
  ): Promise<boolean> => {
    const atomic = kv.atomic();
    if (guard !== undefined) {
      atomic.check({ key: guard.key as string[], versionstamp: guard.versionstamp });
    }
    const bytes = encodeUtf8(text ?? "");
    const count = bytes.length > PART ? Math.ceil(bytes.length / PART) : 0;
    for (let part = 0; part < count; part++) {
      atomic.set([ROOT, key, "part", part], bytes.slice(part * PART, (part + 1) * PART));
    }
    const before = typeof head.value === "number" ? head.value : 0;
    for (let part = count; part < before; part++) atomic.delete([ROOT, key, "part", part]);
    if (text === undefined) atomic.delete([ROOT, key]);
    else atomic.set([ROOT, key], count > 0 ? count : text);
    atomic.check({ key: [ROOT, key], versionstamp: head.versionstamp });
    return (await atomic.commit()).ok;
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
