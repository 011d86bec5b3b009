/**
 * Rows of the SQLite files of other libraries, as their readers get them.
 */
import type { SqliteValue } from "../../runtime/mod.ts";
import type { SessionState } from "../session.ts";

/** A row, by the names of its columns. */
export type Row = Record<string, SqliteValue>;

/** Asks a file for rows. */
export type Rows = (sql: string) => Row[];

/** The update state in the columns pts, qts, date and seq, if there is one: with a pts of zero, it is not known yet. */
export function updatesOf([row]: readonly Row[]): Pick<SessionState, "updates"> {
  const [pts, qts, date, seq] = [row?.pts, row?.qts, row?.date, row?.seq].map(Number);
  return pts > 0 ? { updates: { pts, qts, date: Math.floor(date), seq } } : {};
}
