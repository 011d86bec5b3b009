/**
 * Makes each error of a store a `SessionError`, whoever wrote the store. By that, a program tells a
 * failing store from a failing network. open_store.ts makes one of each store that it opens.
 */
import { isStore, type KeyValueStore } from "../key_value_store.ts";
import type { PeerStore } from "../peers/peer.ts";
import { storeError } from "./store_error.ts";

/** Runs an operation; its error becomes a `SessionError`. See `storeError` for the arguments. */
export async function typed<T>(
  doing: string,
  work: () => T | Promise<T>,
  value?: string,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw storeError(doing, cause, value);
  }
}

/** Checks a value of a store: some parse what they have kept, or return its bytes. */
function textOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null || typeof value === "string") return value;
  throw new TypeError(`get() has returned a value of type ${typeof value}, expected the text`);
}

/**
 * Returns the store with errors of one type. It has the optional methods that the store has, but
 * `list`, which no session calls.
 *
 * @param store the store
 * @param label the name of the session in errors
 * @throws {TypeError} if it lacks a method, or one is not a function
 */
export function typedStore(store: KeyValueStore, label: string): KeyValueStore {
  if (!isStore(store)) throw new TypeError("it lacks get(), set() or delete()");
  const read = `read the session "${label}"`;
  const save = `save the session "${label}"`;
  const close = `close the session "${label}"`;
  const setCache = store.setCache?.bind(store);
  const swap = store.swap?.bind(store);
  const setIf = store.setIf?.bind(store);
  const closeStore = store.close?.bind(store);
  const lock = store.lock?.bind(store);
  const guardPeers = store.guardPeers?.bind(store);
  const { claims, peers } = store;
  return {
    get: (key) => typed(read, async () => textOf(await store.get(key))),
    set: (key, value) => typed(save, () => store.set(key, value), value),
    delete: (key) => typed(save, () => store.delete(key)),
    ...(setCache && {
      setCache: (key: string, value: string) => typed(save, () => setCache(key, value), value),
    }),
    ...(swap && { swap: (...given) => typed(save, () => swap(...given)) }),
    ...(setIf && {
      setIf: (key, value, ...rest) => typed(save, () => setIf(key, value, ...rest), value),
    }),
    // A lock or a claim that fails is done without.
    ...(lock && {
      async lock(key, options) {
        const unlock = await lock(key, options);
        return unlock && quiet(unlock);
      },
    }),
    ...(claims && {
      claims: {
        make: (name) => quiet(claims.make(name)),
        isHeld(name) {
          try {
            return claims.isHeld(name);
          } catch {
            return undefined;
          }
        },
      },
    }),
    ...(closeStore && { close: () => typed(close, closeStore) }),
    ...(peers && { peers: typedPeers(peers, read, save) }),
    ...(guardPeers && {
      guardPeers(guard, refused) {
        try {
          return typedPeers(guardPeers(guard, refused), read, save);
        } catch (cause) {
          throw storeError(read, cause);
        }
      },
    }),
  };
}

/** Returns a function that gives up a lock or a claim, and does not throw. */
function quiet(giveUp: () => void): () => void {
  return () => {
    try {
      giveUp();
    } catch {
      // The system takes it back when this program ends.
    }
  };
}

function typedPeers(peers: PeerStore, read: string, save: string): PeerStore {
  return {
    put: (added) => typed(save, () => peers.put(added)),
    byId: (id) => typed(read, () => peers.byId(id)),
    byUsername: (username) => typed(read, () => peers.byUsername(username)),
    byPhone: (phone) => typed(read, () => peers.byPhone(phone)),
    clear: () => typed(save, () => peers.clear()),
    async *all() {
      try {
        yield* peers.all();
      } catch (cause) {
        throw storeError(read, cause);
      }
    },
  };
}
