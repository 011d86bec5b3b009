/** One transaction of SQLite. https://sqlite.org/lang_transaction.html */
import type { SqliteDatabase } from "../../runtime/mod.ts";

/**
 * Runs `work` in a transaction: all its changes are made or none, and no other program writes
 * meanwhile.
 */
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
      // SQLite has rolled back already, as it does when the disk is full.
    }
    throw error;
  }
}
