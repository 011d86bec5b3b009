/**
 * A store of texts in `localStorage`, `sessionStorage` or an object with the same methods.
 * https://html.spec.whatwg.org/multipage/webstorage.html
 */
import type { KeyValueStore } from "../key_value_store.ts";
import { SessionError } from "../mod.ts";
import { roomFor } from "./storage_room.ts";

/** The methods of a `Storage` of the web that the store calls. */
export interface WebStorage {
  /** Returns the value of a key; `null` if the key is absent. */
  getItem(key: string): string | null;
  /** Sets the value of a key. */
  setItem(key: string, value: string): void;
  /** Removes a key. */
  removeItem(key: string): void;
}

/**
 * Keeps texts in `localStorage`: `new StoreSession("me", webStorageStore())`. Browsers limit it to
 * some 5 MB. When it is full, a session drops its peers for its state, and then how far its updates
 * were received. Deno has one for each main module (or `--location`).
 *
 * @param storage the storage. Default: `localStorage`
 * @returns the store, whose `set` throws a `SessionError` when the storage is full
 * @throws {TypeError} if this runtime has no `localStorage`.
 */
export function webStorageStore(storage?: WebStorage): KeyValueStore {
  const used = storage ?? (globalThis as { localStorage?: WebStorage }).localStorage;
  if (used === undefined) {
    throw new TypeError(
      "Cannot keep sessions in localStorage: this runtime has no localStorage. Use another store.",
    );
  }
  return {
    get: (key) => used.getItem(key),
    set(key, value) {
      for (const caches of roomFor(key)) {
        try {
          used.setItem(key, value);
          return;
        } catch {
          for (const one of caches) used.removeItem(one);
        }
      }
      try {
        used.setItem(key, value);
      } catch (cause) {
        throw new SessionError(
          "Cannot save the session: the storage of the browser is full. Remove data of this site.",
          { cause },
        );
      }
    },
    setCache(key, value) {
      try {
        used.setItem(key, value);
      } catch {
        used.removeItem(key); // full: the cache does without
      }
    },
    delete: (key) => used.removeItem(key),
  };
}
