/**
 * The session that a client has when it is given only a name: a SQLite file on Deno, Node and Bun, IndexedDB in a browser.
 */
import { builtinModule } from "../runtime/mod.ts";
import type { Session } from "./session.ts";
import { SqliteSession } from "./sqlite_session.ts";
import { StoreSession } from "./store_session.ts";

/** Session strings are longer than this, and have no dots or slashes as paths do. */
const SESSION_STRING = /^[\w+/=-]{150,}$/;

/**
 * The session of this name in the default store of this runtime. Where there is none, loading it fails with an error
 * that says what to pass instead.
 *
 * @throws {TypeError} if the name is a session string: it would become the name of a file, for all to see.
 */
export function defaultSession(name: string | URL): Session {
  if (typeof name === "string" && (SESSION_STRING.test(name) || /^tessera\d+\./.test(name))) {
    throw new TypeError(
      "Cannot name a session file by a session string: expected new StringSession(text), or the path of a file",
    );
  }
  const hasFiles = builtinModule("node:fs") !== undefined;
  if (hasFiles || !("indexedDB" in globalThis)) return new SqliteSession(name);
  return new StoreSession(
    String(name),
    async () => (await import("./stores/indexed_db_store.ts")).indexedDbStore(),
  );
}
