/** The sessions of a store, for programs that run many of them. */
import type { KeyValueStore } from "../key_value_store.ts";
import { typed } from "./typed_store.ts";

/** The end of the key of a state, see open_store.ts. */
const SUFFIX = ":session";

/**
 * Lists the names of the sessions that were saved in a store. Only the stores of Redis and
 * PostgreSQL can list them, and stores of your own with `list`.
 *
 * @param store the store
 * @returns the names, sorted
 * @throws {TypeError} if the store has no `list`.
 * @throws {SessionError} if the store fails; its error is the `cause`.
 * @example
 * ```ts
 * import { StoreSession } from "@tessera/mtproto";
 * import { type KeyValueStore, listSessions } from "@tessera/mtproto/stores";
 *
 * async function sessionsOf(store: KeyValueStore): Promise<StoreSession[]> {
 *   return (await listSessions(store)).map((name) => new StoreSession(name, store));
 * }
 * ```
 */
export async function listSessions(store: KeyValueStore): Promise<string[]> {
  if (store.list === undefined) {
    throw new TypeError("Cannot list sessions: this store has no method list. Use another store.");
  }
  const list = store.list.bind(store);
  const keys = await typed("list the sessions", () => list("", SUFFIX));
  return keys.map((key) => key.slice(0, -SUFFIX.length)).sort();
}
