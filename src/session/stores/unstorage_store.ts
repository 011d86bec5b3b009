/** A store of texts in a storage of the package `unstorage`. https://unstorage.unjs.io */
import { fileNameOf } from "./file_name.ts";
import type { KeyValueStore } from "../key_value_store.ts";

/** The methods of a storage from `createStorage()` that the store calls. */
export interface Unstorage {
  /** Returns the value of a key, parsed if it looks like JSON. */
  getItem(key: string): Promise<unknown>;
  /** Sets the value of a key. */
  setItem(key: string, value: string): Promise<void>;
  /** Removes a key. */
  removeItem(key: string): Promise<void>;
}

/** Precedes each text, so that unstorage does not take it for JSON or a number and parse it. */
const MARK = "=";

/**
 * Keeps texts in a storage of unstorage: `new StoreSession("me", unstorageStore(createStorage({
 * driver })))`. Its driver decides whether a text is replaced as a whole. Keys are encoded like
 * names of files, as some characters are special in keys of unstorage.
 *
 * @param storage the storage, which the caller disposes of
 * @returns the store, which has no lease
 */
export function unstorageStore(storage: Unstorage): KeyValueStore {
  return {
    async get(key) {
      const value = await storage.getItem(fileNameOf(key));
      return typeof value === "string" ? value.slice(MARK.length) : undefined;
    },
    set: (key, value) => storage.setItem(fileNameOf(key), MARK + value),
    delete: (key) => storage.removeItem(fileNameOf(key)),
  };
}
