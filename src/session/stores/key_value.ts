/**
 * The smallest thing that a session can be kept in: three methods from texts to texts, sync or async. Maps, browsers'
 * storages and most databases come down to it. What a store can do beyond that is optional.
 */
import type { PeerStore } from "../peers/peers.ts";

/**
 * A store of texts. Each `set` must replace the value whole or not at all: a session is then never torn.
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
  /** The value of a key; undefined or null if there is none. */
  get(key: string): string | null | undefined | Promise<string | null | undefined>;
  /** Sets the value of a key. What it gives is awaited and not looked at. */
  set(key: string, value: string): unknown;
  /**
   * Sets the value of a key, too, but it does no harm if that is lost when the power fails: the system may choose when to write it
   * to the disk. Peers are kept so where a store has this.
   */
  setCache?(key: string, value: string): unknown;
  /** Removes a key, if it is there. */
  delete(key: string): unknown;
  /**
   * Sets a key to `next` (or removes it, if that is undefined) if its value is `current` (or absent, if that is
   * undefined) and tells whether it did, in one step that no other program can come between. With it, a session is
   * guarded against being used twice.
   */
  swap?(
    key: string,
    current: string | undefined,
    next: string | undefined,
  ): boolean | Promise<boolean>;
  /**
   * Takes a lock that is free again as soon as this program has ended, however it did. Gives a function that frees it; undefined
   * if another program has it, unless `wait` is true. Used besides `swap`, by stores that have such locks: what a program that
   * stopped has left behind can then be taken over at once.
   */
  lock?(
    key: string,
    options: { readonly wait: boolean; readonly signal?: AbortSignal },
  ): Promise<(() => void) | undefined>;
  /** Lets go of files and connections, if the store opened them. */
  close?(): void | Promise<void>;
  /** A better place for peers than texts, if the store has one and keeps one session only. */
  readonly peers?: PeerStore;
}

/** Sets what may be lost, in the way that the store has for it. */
export function setCache(store: KeyValueStore, key: string, value: string): unknown {
  return store.setCache === undefined ? store.set(key, value) : store.setCache(key, value);
}
