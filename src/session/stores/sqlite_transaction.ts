/** One transaction of SQLite: whole or not at all, and with no other writer beside it. */

/** Does something whole or not at all, and alone. */
import type { SqliteDatabase } from "../../runtime/mod.ts";
export function transaction<T>(database: SqliteDatabase, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // SQLite has undone it already, as it does when the disk is full.
    }
    throw error;
  }
}
