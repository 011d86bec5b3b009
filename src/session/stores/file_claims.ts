/**
 * Proofs of life: a program locks a file with a name of its own, and the system frees the lock when
 * the process ends, for whatever reason. Such a proof needs no clock, and holds while the process
 * is stopped. The lock is an exclusive transaction in an empty SQLite database, as no runtime has a
 * function for locks, and all have SQLite. https://sqlite.org/lockingv3.html
 */
import { builtinModule } from "../../runtime/mod.ts";
import type { StoreClaims } from "../key_value_store.ts";
import { isLocked } from "./sqlite_error.ts";

const OWNER_ONLY = 0o600;

/**
 * Returns the claims whose files begin with a path; `undefined` if this runtime has no SQLite. The
 * files are never opened in another way: closing one would free the lock of this process.
 */
export function fileClaims(path: () => string): StoreClaims | undefined {
  const sqlite = builtinModule("node:sqlite");
  const files = builtinModule("node:fs");
  if (sqlite === undefined || files === undefined) return undefined;
  const lock = (file: string): () => void => {
    const database = new sqlite.DatabaseSync(file);
    try {
      database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
      return () => database.close();
    } catch (error) {
      database.close();
      throw error;
    }
  };
  const remove = (file: string): void => files.rmSync(file, { force: true });
  return {
    make(name) {
      const file = path() + name;
      const unlock = lock(file);
      files.chmodSync(file, OWNER_ONLY);
      return () => {
        remove(file);
        unlock();
      };
    },
    isHeld(name) {
      const file = path() + name;
      if (!files.existsSync(file)) return undefined;
      try {
        const unlock = lock(file);
        remove(file); // of a program that has ended
        unlock();
        return false;
      } catch (error) {
        return isLocked(error) ? true : undefined;
      }
    },
  };
}
