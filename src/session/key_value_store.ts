/**
 * The interface of a store of texts: three methods, synchronous or asynchronous, which a `Map`, the
 * storage of a browser and most databases can offer. The other methods are optional; a session uses
 * those it finds.
 */
import type { PeerStore } from "./peers/peer.ts";

/** A condition on another text of a store. */
export interface StoreGuard {
  /** The key of the other text. */
  readonly key: string;
  /** The beginning of the other text. The condition fails if the key is absent. */
  readonly prefix: string;
}

/** Proofs that a program runs, which the system withdraws when its process ends. */
export interface StoreClaims {
  /**
   * Makes a claim.
   *
   * @param name a name that no other claim has; letters, digits and `-`
   * @returns a function that withdraws the claim
   * @throws {Error} if it cannot be made, as on a file system without locks
   */
  make(name: string): () => void;
  /** Whether a program that runs holds the claim; `undefined` if that is not known. */
  isHeld(name: string): boolean | undefined;
}

/**
 * A store of texts by key. Each `set` must replace the value as a whole or not at all, so that a
 * program that is killed meanwhile leaves a session that can be read.
 *
 * @example
 * ```ts
 * import { type KeyValueStore, StoreSession } from "@tessera/mtproto";
 *
 * const values = new Map<string, string>();
 * const store: KeyValueStore = {
 *   get: (key) => values.get(key),
 *   set: (key, value) => values.set(key, value),
 *   delete: (key) => values.delete(key),
 * };
 * const session = new StoreSession("me", store);
 * await session.load();
 * await session.save();
 * console.log([...values.keys()]); // ["me:session"]
 * ```
 */
export interface KeyValueStore {
  /** Returns the value of a key; `undefined` or `null` if the key is absent. */
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Sets the value of a key. A returned promise is awaited, its result ignored. */
  set(key: string, value: string): unknown;
  /**
   * Sets a value that may be lost in a power failure: the system may delay writing it to the disk.
   * Peers are stored this way; a store without this method stores them with `set`.
   */
  setCache?(key: string, value: string): unknown;
  /** Removes a key. Does nothing if the key is absent. */
  delete(key: string): unknown;
  /**
   * Compares and sets in one step, which no other program can interrupt. With this method, a
   * session is guarded against use by two programs at once.
   *
   * @param key the key to change
   * @param current the expected value; `undefined` expects the key to be absent
   * @param next the new value; `undefined` removes the key
   * @returns whether the value was `current`, and is now `next`
   */
  swap?(
    key: string,
    current: string | undefined,
    next: string | undefined,
  ): boolean | Promise<boolean>;
  /**
   * Sets a value in one step if a condition on another text holds. With this method, a program that
   * has lost its session cannot write to it, however late the write arrives.
   *
   * @param key the key to set
   * @param value the new value; `undefined` removes the key
   * @param guard the condition
   * @param options whether the value `isCache`, as in `setCache`; or `mayLag`: a power failure may
   * bring back the value before, but must leave one of the two
   * @returns whether the condition held, and the value is set
   */
  setIf?(
    key: string,
    value: string | undefined,
    guard: StoreGuard,
    options?: { readonly isCache?: boolean; readonly mayLag?: boolean },
  ): boolean | Promise<boolean>;
  /**
   * Lists keys. With this method, `listSessions` finds the sessions of a store.
   *
   * @param prefix the text that the keys begin with
   * @param suffix the text that they end with
   * @returns the keys, in any order
   */
  list?(prefix: string, suffix: string): Promise<string[]>;
  /**
   * Takes a lock that the system frees when this program ends, for whatever reason. A session uses
   * it in addition to `swap`: the lease of a killed program can then be taken over at once.
   *
   * @param key the name of the lock
   * @param options whether to `wait` for another program to free the lock, and a `signal` that ends
   * the wait
   * @returns a function that frees the lock, or `undefined` if another program holds it
   */
  lock?(
    key: string,
    options: { readonly wait: boolean; readonly signal?: AbortSignal },
  ): Promise<(() => void) | undefined>;
  /**
   * The claims of the programs of one machine. A session uses them in addition to `swap`: the lease
   * of a killed program can then be taken over at once, and that of a stopped one never.
   */
  readonly claims?: StoreClaims;
  /** Closes the files and connections that the store has opened. */
  close?(): void | Promise<void>;
  /** Keeps peers in a better way than as texts. Only for a store that holds one session. */
  readonly peers?: PeerStore;
  /**
   * Returns `peers`, whose changes are made only if a condition holds, as in `setIf`.
   *
   * @param guard the condition
   * @param refused makes the error that a change throws if the condition does not hold
   */
  guardPeers?(guard: StoreGuard, refused: () => Error): PeerStore;
}

/** Whether a value has the methods that every store has. */
export function isStore(value: unknown): value is KeyValueStore {
  const { get, set, delete: remove } = Object(value) as Partial<KeyValueStore>;
  return [get, set, remove].every((method) => typeof method === "function");
}

/** Sets a value that may be lost in a power failure, with `setCache` if the store has it. */
export function setCache(store: KeyValueStore, key: string, value: string): unknown {
  return store.setCache === undefined ? store.set(key, value) : store.setCache(key, value);
}
