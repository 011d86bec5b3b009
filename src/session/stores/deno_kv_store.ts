/**
 * A store of texts in Deno KV. https://docs.deno.com/api/deno/~/Deno.Kv. A value there has at most 64 KiB: longer texts
 * are kept in parts, all of which are written in one transaction. `deno run` needs `--unstable-kv`.
 */
import { concatBytes, decodeUtf8, encodeUtf8 } from "../../crypto/mod.ts";
import type { KeyValueStore } from "./key_value.ts";

/** What is used of an entry of Deno KV. */
export interface DenoKvEntry {
  /** Where it is. */
  readonly key: readonly unknown[];
  /** What is there. */
  readonly value: unknown;
  /** Changes whenever the value does. */
  readonly versionstamp: string | null;
}

/** What is used of a transaction of Deno KV. */
export interface DenoKvAtomic {
  /** Has the transaction fail if an entry has another versionstamp by then. */
  check(entry: { key: string[]; versionstamp: string | null }): DenoKvAtomic;
  /** Sets an entry. */
  set(key: (string | number)[], value: unknown): DenoKvAtomic;
  /** Removes an entry. */
  delete(key: (string | number)[]): DenoKvAtomic;
  /** Does it all, or nothing. */
  commit(): Promise<{ ok: boolean }>;
}

/** What is used of a `Deno.Kv`. */
export interface DenoKv {
  /** The entry of a key. */
  get(key: string[]): Promise<DenoKvEntry>;
  /** The entries whose keys begin alike. */
  list(selector: { prefix: string[] }, options: { batchSize: number }): AsyncIterable<DenoKvEntry>;
  /** Begins a transaction. */
  atomic(): DenoKvAtomic;
  /** Lets go of it. */
  close(): void;
}

const ROOT = "tessera";
const PART = 60_000;

/** A short text, or the number of parts that a long one is in. */
type Head = string | number;

/**
 * Keeps texts in a Deno KV database: `new StoreSession("me", denoKvStore(await Deno.openKv()))`. They lie under
 * `["tessera", key]`. The database stays the caller's to close.
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
  ): Promise<boolean> => {
    const atomic = kv.atomic();
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
  };
}
