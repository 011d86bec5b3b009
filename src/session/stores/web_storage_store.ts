/** A store of texts in `localStorage`, `sessionStorage` or what looks like them. https://html.spec.whatwg.org/multipage/webstorage.html */
import type { KeyValueStore } from "./key_value.ts";
import { SessionError } from "../session_error.ts";

/** What is used of a `Storage` of the web. */
export interface WebStorage {
  /** The value of a key, or null. */
  getItem(key: string): string | null;
  /** Sets the value of a key. */
  setItem(key: string, value: string): void;
  /** Removes a key. */
  removeItem(key: string): void;
}

/**
 * Keeps texts in `localStorage`: `new StoreSession("me", webStorageStore())`. Browsers give it some 5 MB, and Deno keeps
 * it for the main module (or `--location`) that it was used by.
 *
 * @throws {TypeError} if there is none here.
 */
export function webStorageStore(storage?: WebStorage): KeyValueStore {
  const used = storage ?? (globalThis as { localStorage?: WebStorage }).localStorage;
  if (used === undefined) {
    throw new TypeError("Cannot keep sessions in localStorage: this runtime has none");
  }
  return {
    get: (key) => used.getItem(key),
    set(key, value) {
      try {
        used.setItem(key, value);
      } catch (cause) {
        throw new SessionError("Cannot save the session: the storage of the browser is full", {
          cause,
        });
      }
    },
    delete: (key) => used.removeItem(key),
  };
}
