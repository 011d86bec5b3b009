/**
 * The store of a `StoreSession` without one: a folder on Deno, Node and Bun, IndexedDB in a
 * browser, and `localStorage` in a runtime that has only that.
 */
import { builtinModule } from "../../runtime/mod.ts";
import type { KeyValueStore } from "../key_value_store.ts";
import { SessionError } from "../session_error.ts";
import { isGramJsFolder } from "./foreign_kind.ts";

/**
 * Opens the default store of this runtime.
 *
 * @param name the path of the folder; in errors, the name of the session
 * @throws {SessionError} if the folder is one of GramJS, or the runtime has neither files nor
 * storage.
 */
export async function openDefaultStore(name: string): Promise<KeyValueStore> {
  const files = builtinModule("node:fs");
  if (files !== undefined) {
    if (isGramJsFolder(files, name)) throw gramJsFolder(name);
    return (await import("./folder_store.ts")).folderStore(name);
  }
  if ("indexedDB" in globalThis) {
    return await (await import("./indexed_db_store.ts")).indexedDbStore();
  }
  if ("localStorage" in globalThis) {
    return (await import("./web_storage_store.ts")).webStorageStore();
  }
  throw new SessionError(
    `Cannot keep the session "${name}": this runtime has neither files nor storage. ` +
      "Use new StringSession(text), or pass a store as the second argument of StoreSession.",
  );
}

function gramJsFolder(name: string): SessionError {
  return new SessionError(
    `Cannot open the session "${name}": it is one of GramJS. Import it with importSession().`,
    { format: "GramJS" },
  );
}
