/**
 * The session of a client that is given a path: a SQLite file on Deno, Node and Bun, IndexedDB in a
 * browser.
 */
import { builtinModule } from "../runtime/mod.ts";
import { MemorySession } from "./memory_session.ts";
import type { Session } from "./session.ts";
import { SqliteSession } from "./sqlite_session.ts";
import { isSealed, sessionTextOf, stateTextVersion } from "./state/text_kind.ts";
import { StoreSession } from "./store_session.ts";

/** Session strings are at least this long, and have no dots as paths do. */
const SESSION_STRING = /^[\w+/=-]{150,}$/;
/** The beginning of a URL of anything but a file. */
const URL_OF_NO_FILE = /^(?!file:)[a-z][a-z0-9+.-]+:\/\//i;

/**
 * Makes the session with this name in the default store of this runtime. In a runtime without files
 * and IndexedDB, `load` of the session throws an error that names the alternatives.
 *
 * | passed                          | meaning                                                  |
 * |---------------------------------|----------------------------------------------------------|
 * | `"me"`, `"/srv/me.session"`     | a file; in a browser, a name in IndexedDB                |
 * | `"file:///srv/me"`, a `file:` URL | the same file                                          |
 * | `":memory:"`                    | memory, as in SQLite                                     |
 * | `" me\n"`                       | without the white space around it                        |
 * | a session string, a bot token   | refused: as the name of a file, they would be public     |
 * | another URL, `"~/me"`           | refused: no program but a shell knows the `~`            |
 *
 * @param given the path of the file, or in a browser the name of the session
 * @throws {TypeError} if it is refused
 */
export function defaultSession(given: string | URL): Session {
  const name = typeof given === "string" ? given.trim() : given;
  if (name === ":memory:") return new MemorySession();
  const fault = typeof name === "string" ? faultOf(name) : undefined;
  if (fault !== undefined) throw new TypeError(`Cannot name a session file by ${fault}`);
  const hasFiles = builtinModule("node:fs") !== undefined;
  if (hasFiles || !("indexedDB" in globalThis)) return new SqliteSession(name);
  return new StoreSession(
    String(name),
    async () => (await import("./stores/indexed_db_store.ts")).indexedDbStore(),
  );
}

/** Returns why a name is not that of a file. No fault shows it: it may be a secret. */
function faultOf(name: string): string | undefined {
  const text = sessionTextOf(name);
  if (SESSION_STRING.test(text) || isSealed(text) || stateTextVersion(text) !== undefined) {
    return "a session string: expected new StringSession(text), or the path of a file";
  }
  if (/^(?:bot)?\d{5,}:[\w-]{30,}$/i.test(text)) return "a bot token: expected the path of a file";
  if (URL_OF_NO_FILE.test(name)) {
    return "a URL: expected the path of a file";
  }
  return /^~[/\\]/.test(name) ? "a path with ~: expected the whole path of a file" : undefined;
}
