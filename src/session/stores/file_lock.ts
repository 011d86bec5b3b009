/**
 * Locks of files, which the system frees when the process ends, for whatever reason. They need no
 * clock and hold while the process is stopped. A lock is an exclusive transaction in an empty SQLite
 * database: no runtime has a function for locks, all have SQLite. https://sqlite.org/lockingv3.html
 */
import { builtinModule, systemClock } from "../../runtime/mod.ts";
import { isLocked } from "./sqlite_error.ts";

/** Milliseconds between two attempts. */
const RETRY = 200;
const OWNER_ONLY = 0o600;

/**
 * Locks the file at `path + suffix`, which it creates. Links in `path` are followed, so that two
 * names of one session have one lock. The file stays, as removing it would free the lock for one
 * program while another waits for it.
 *
 * @param path the path of an existing file or folder
 * @param suffix the rest of the path
 * @param options whether to `wait` for another program, and a `signal` that ends the wait
 * @returns a function that frees the lock, or `undefined` if another program holds it
 * @throws {Error} if the runtime has no SQLite, or the file system no locks.
 */
export async function lockFile(
  path: string,
  suffix: string,
  { wait, signal }: { readonly wait: boolean; readonly signal?: AbortSignal },
): Promise<(() => void) | undefined> {
  for (;;) {
    signal?.throwIfAborted();
    const unlock = tryLock(path, suffix);
    if (unlock !== undefined || !wait) return unlock;
    await systemClock.sleep(RETRY, signal);
  }
}

function tryLock(path: string, suffix: string): (() => void) | undefined {
  const sqlite = builtinModule("node:sqlite");
  const files = builtinModule("node:fs");
  if (sqlite === undefined || files === undefined) {
    throw new TypeError(`Cannot lock "${path}": this runtime has no SQLite. Use another runtime.`);
  }
  const file = `${files.realpathSync(path)}${suffix}`;
  const isNew = !files.existsSync(file);
  // Never opened in another way: closing such a file would free the lock of this process.
  const database = new sqlite.DatabaseSync(file);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    if (isNew) files.chmodSync(file, OWNER_ONLY);
    return () => database.close();
  } catch (error) {
    database.close();
    if (isLocked(error)) return undefined;
    throw error;
  }
}
