/**
 * A store of texts in the IndexedDB of a browser or a worker, in a database of its own.
 * https://w3.org/TR/IndexedDB. A session also holds a lock of the browser, if the browser has
 * locks: it frees the lock when the tab is closed. https://w3c.github.io/web-locks/
 */
import type { KeyValueStore } from "../key_value_store.ts";
import { roomFor } from "./storage_room.ts";

/** The fields of a request of IndexedDB that the store uses. */
interface DbRequest {
  readonly result: unknown;
  readonly error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}

interface DbOpenRequest extends DbRequest {
  onupgradeneeded: (() => void) | null;
}

interface DbObjectStore {
  get(key: string): DbRequest;
  put(value: string, key: string): DbRequest;
  delete(key: string): DbRequest;
}

interface DbTransaction {
  objectStore(name: string): DbObjectStore;
  readonly error: unknown;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
}

interface Db {
  createObjectStore(name: string): unknown;
  transaction(name: string, mode: string, options?: { durability: string }): DbTransaction;
  close(): void;
}

/** The methods of the global `indexedDB` that the store calls. */
interface DbFactory {
  open(name: string, version: number): DbOpenRequest;
}

/** The methods of the global `navigator.locks` that the store calls. */
interface LockManager {
  request(
    name: string,
    options: { ifAvailable: true } | { signal?: AbortSignal },
    whileHeld: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

const TABLE = "entry";

/**
 * Opens a store in IndexedDB: `new StoreSession("me", () => indexedDbStore())`. Every script of the
 * site can read it, other sites cannot.
 *
 * @param database the name of the database
 * @returns the store
 * @throws {TypeError} if this runtime has no IndexedDB.
 */
export async function indexedDbStore(database = "tessera"): Promise<KeyValueStore> {
  const { indexedDB: factory, navigator } = globalThis as unknown as {
    indexedDB?: DbFactory;
    navigator?: { locks?: LockManager };
  };
  if (factory === undefined) {
    throw new TypeError(
      "Cannot keep sessions in IndexedDB: this runtime has no IndexedDB. Use another store.",
    );
  }
  const locks = navigator?.locks;
  const opening = factory.open(database, 1);
  opening.onupgradeneeded = () => void (opening.result as Db).createObjectStore(TABLE);
  const db = await resultOf<Db>(opening);
  const write = (
    change: (store: DbObjectStore) => void,
    durability = "strict",
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const transaction = db.transaction(TABLE, "readwrite", { durability });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      change(transaction.objectStore(TABLE));
    });
  /** Sets a text, and makes room for it if the browser has none. */
  const put = async (
    key: string,
    value: string,
    run: (change: (store: DbObjectStore) => void) => Promise<void>,
  ): Promise<void> => {
    for (const caches of [...roomFor(key), undefined]) {
      try {
        return await run((store) => void store.put(value, key));
      } catch (error) {
        const isFull = (error as Error | null)?.name === "QuotaExceededError";
        if (!isFull || caches === undefined) throw error;
        await run((store) => caches.forEach((one) => void store.delete(one)));
      }
    }
  };
  return {
    get: (key) => resultOf(db.transaction(TABLE, "readonly").objectStore(TABLE).get(key)),
    set: (key, value) => put(key, value, write),
    setCache: (key, value) => write((store) => void store.put(value, key), "relaxed"),
    delete: (key) => write((store) => void store.delete(key)),
    async swap(key, current, next) {
      let isCurrent = false;
      await write((store) => {
        const reading = store.get(key);
        reading.onsuccess = () => {
          isCurrent = reading.result === current;
          if (!isCurrent) return;
          if (next === undefined) store.delete(key);
          else store.put(next, key);
        };
      });
      return isCurrent;
    },
    async setIf(key, value, guard, { isCache = false, mayLag = false } = {}) {
      let isHeld = false;
      const guarded = (change: (store: DbObjectStore) => void): Promise<void> =>
        write((store) => {
          const reading = store.get(guard.key);
          reading.onsuccess = () => {
            const text = reading.result;
            isHeld = typeof text === "string" && text.startsWith(guard.prefix);
            if (isHeld) change(store);
          };
        }, isCache || mayLag ? "relaxed" : "strict");
      if (value === undefined) await guarded((store) => void store.delete(key));
      else if (isCache) await guarded((store) => void store.put(value, key));
      else await put(key, value, guarded);
      return isHeld;
    },
    ...(locks && { lock: lockWith(locks, `tessera:${database}:`) }),
    close: () => db.close(),
  };
}

/** Takes locks of the browser, which end when they are freed or the tab or worker is closed. */
function lockWith(locks: LockManager, prefix: string): Required<KeyValueStore>["lock"] {
  return (key, { wait, signal }) =>
    new Promise((resolve, reject) => {
      locks.request(prefix + key, wait ? { signal } : { ifAvailable: true }, (lock) => {
        if (lock === null) return void resolve(undefined);
        return new Promise<void>((giveBack) => resolve(giveBack));
      }).catch(reject);
    });
}

function resultOf<T>(request: DbRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}
