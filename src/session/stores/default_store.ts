/**
 * The store of a `StoreSession` that is given none: a folder of its name on Deno, Node and Bun, IndexedDB in a browser,
 * `localStorage` where there is only that.
 */
import { builtinModule } from "../../runtime/mod.ts";
import type { KeyValueStore } from "./key_value.ts";
import { SessionError } from "../session_error.ts";

/** Opens it. `name` is the path of the folder. */
export async function openDefaultStore(name: string): Promise<KeyValueStore> {
  const files = builtinModule("node:fs");
  if (files !== undefined) {
    const { isGramJsFolder } = await import("../convert/gramjs_folder.ts");
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
    `Cannot keep the session "${name}": this runtime has neither files nor storage, expected new StringSession(text), or ` +
      `a store as the second argument of StoreSession`,
  );
}

function gramJsFolder(name: string): SessionError {
  return new SessionError(
    `Cannot open the session "${name}": it is one of GramJS, expected one of tessera's: import it with importSession()`,
    { format: "GramJS" },
  );
}
