/**
 * A session in a SQLite file: the default of Deno, Node and Bun. The file is opened by `load`.
 */
import { censor, runtimeProcess } from "../runtime/mod.ts";
import { StoreSession } from "./store_session.ts";
import { faultOf, pathOf } from "./stores/file_name.ts";
import type { StoreSessionOptions } from "./stores/store_options.ts";

/** The name of the session in its file, which holds no other. */
const NAME = "own";

/**
 * A session in a SQLite file. `load` creates the file, readable by its owner only. The file gives
 * full access to the account: treat it as a password.
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

  /**
   * A session in a file. Nothing is opened before `load`.
   *
   * @param path the path of the file; `.session` is appended unless it ends in `.session`, `.db` or
   * `.sqlite`
   * @param options how the session is guarded against other programs, and whether it is sealed
   * @throws {TypeError} if the path is that of a folder, or a URL that is not a `file:` URL.
   */
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

/** The suffixes of files that hold a session; any other is a part of the name, as in `john.doe`. */
const SUFFIX = /.\.(?:session|db|db3|sqlite|sqlite3)$/i;

/** The path with `.session` appended, unless it has a suffix of such a file. */
export function sessionPath(path: string | URL): string {
  const text = pathOf(path);
  const name = text.slice(Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\")) + 1);
  const fault = faultOf(name, runtimeProcess()?.platform);
  if (fault !== undefined) throw new TypeError(`Cannot keep a session in "${text}": ${fault}`);
  return SUFFIX.test(name) ? text : `${text}.session`;
}
