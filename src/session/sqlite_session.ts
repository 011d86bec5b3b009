/**
 * A session in a SQLite file: the default of Deno, Node and Bun. Nothing is opened before it is loaded.
 */
import { censor } from "../runtime/mod.ts";
import { StoreSession, type StoreSessionOptions } from "./store_session.ts";
import { pathOf } from "./stores/file_name.ts";

/** The name that a session has in a file of its own. */
const NAME = "own";

/**
 * A session in the SQLite file at `path`; `.session` is appended unless it has a suffix. The file is made when it is first
 * loaded, readable by its owner only. Whoever has the file has the account: treat it as a password.
 *
 * @example
 * ```ts
 * import { SqliteSession } from "@tessera/mtproto";
 *
 * const folder = await Deno.makeTempDir();
 * const session = new SqliteSession(`${folder}/me`);
 * await session.load(); // the client does this when it connects
 * session.setDC(2, "149.154.167.50", 443);
 * await session.save();
 * await session.close();
 * console.log(session.path.endsWith("me.session")); // true
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class SqliteSession extends StoreSession {
  /** The path of the file. */
  readonly path: string;

  static {
    censor(this.prototype);
  }

  /** A session in a file. */
  constructor(path: string | URL, options: StoreSessionOptions = {}) {
    const file = sessionPath(path);
    super(
      NAME,
      async () => (await import("./stores/sqlite_store.ts")).SqliteStore.open(file),
      options,
      file,
    );
    this.path = file;
  }
}

/** The path with `.session` appended, unless it has a suffix. */
export function sessionPath(path: string | URL): string {
  const text = pathOf(path);
  const name = text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1);
  if (name === "") {
    throw new TypeError(`Cannot keep a session in "${text}": expected the name of a file`);
  }
  return name.lastIndexOf(".") > 0 ? text : `${text}.session`;
}
