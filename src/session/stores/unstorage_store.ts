/** A store of texts in an `unstorage` of the caller's: https://unstorage.unjs.io. */
import { fileNameOf } from "./file_name.ts";
import type { KeyValueStore } from "./key_value.ts";

/** What is used of a storage made by `createStorage()`. */
export interface Unstorage {
  /** The value of a key; what looks like JSON comes parsed. */
  getItem(key: string): Promise<unknown>;
  /** Sets the value of a key. */
  setItem(key: string, value: string): Promise<void>;
  /** Removes a key. */
  removeItem(key: string): Promise<void>;
}

/** Comes before each text, so that it never looks like JSON or a number, which would come back as something else. */
const MARK = "=";

/**
 * Keeps texts in an unstorage: `new StoreSession("me", unstorageStore(createStorage({ driver })))`. Whether a text is replaced
 * whole depends on the driver. Keys are written as names of files, as unstorage takes some characters for something else.
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
