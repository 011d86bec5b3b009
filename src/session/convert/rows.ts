/** Rows of the SQLite files of other libraries, and the columns that several libraries share. */
import { AUTH_KEY_LENGTH } from "../../crypto/mod.ts";
import type { SqliteDatabase, SqliteValue } from "../../runtime/mod.ts";
import type { SessionState } from "../state/session_state.ts";
import { damaged, keyless } from "./foreign_session.ts";

/** A row, by the names of its columns. */
export type Row = Record<string, SqliteValue>;

/** Queries a file. Integers are `bigint`. */
export type Rows = (sql: string) => Row[];

/** The most bytes of a value that is read: a key has 256, lists of usernames some hundred. */
const MAX_VALUE_LENGTH = 65_536;

/** Makes the function that queries a database. Throws a `SessionError` for a huge value. */
export function rowsOf(database: SqliteDatabase): Rows {
  return (sql) => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    const rows = statement.all();
    for (const row of rows) {
      for (const value of Object.values(row)) {
        const isLong = typeof value === "string" || value instanceof Uint8Array;
        if (isLong && value.length > MAX_VALUE_LENGTH) throw damaged("a value is too long");
      }
    }
    return rows;
  };
}

/** Copies the auth key in a column. Throws a `SessionError` if the column has another value. */
export function keyOf(value: SqliteValue | undefined): Uint8Array {
  if (value instanceof Uint8Array && value.length === AUTH_KEY_LENGTH) return value.slice();
  throw keyless();
}

/**
 * The update state in the columns pts, qts, date and seq. A pts of 0 stands for an unknown state.
 */
export function updatesOf([row]: readonly Row[]): Pick<SessionState, "updates"> {
  const [pts, qts, date, seq] = [row?.pts, row?.qts, row?.date, row?.seq].map(Number);
  const isState = [pts, qts, date, seq].every((one) => Number.isFinite(one));
  return pts > 0 && isState ? { updates: { pts, qts, date: Math.floor(date), seq } } : {};
}
