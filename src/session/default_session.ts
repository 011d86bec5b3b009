/**
 * The session of a client that is given a path: a SQLite file on Deno, Node and Bun, IndexedDB in a
 * browser.
 */
import { builtinModule } from "../runtime/mod.ts";
import type { Session } from "./session.ts";
import { SqliteSession } from "./sqlite_session.ts";
import { stateTextVersion } from "./state/text_kind.ts";
import { StoreSession } from "./store_session.ts";

/** Session strings are at least this long, and have no dots or slashes as paths do. */
const SESSION_STRING = /^[\w+/=-]{150,}$/;

/**
 * Makes the session with this name in the default store of this runtime. In a runtime without files
 * and IndexedDB, `load` of the session throws an error that names the alternatives.
 *
 * @param name the path of the file, or in a browser the name of the session
 * @throws {TypeError} if the name is a session string: as the name of a file, it would be public.
 */
export function defaultSession(name: string | URL): Session {
  if (typeof name === "string" && isSessionString(name)) {
    throw new TypeError(
      "Cannot name a session file by a session string: " +
        "expected new StringSession(text), or the path of a file",
    );
  }
  const hasFiles = builtinModule("node:fs") !== undefined;
  if (hasFiles || !("indexedDB" in globalThis)) return new SqliteSession(name);
  return new StoreSession(
    String(name),
    async () => (await import("./stores/indexed_db_store.ts")).indexedDbStore(),
  );
}

function isSessionString(name: string): boolean {
  return SESSION_STRING.test(name) || stateTextVersion(name) !== undefined;
}
