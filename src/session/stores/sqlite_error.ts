/**
 * What SQLite says when something is wrong, in words that say what to do. Runtimes do not agree on numbers for
 * errors, so that the text is what they are told apart by.
 */
import type { LeaseText } from "../lease/lease.ts";
import { SessionError } from "../session_error.ts";

/** What a text of SQLite means. */
const MEANINGS: readonly [RegExp, string][] = [
  [/database (table )?is locked/, "another program is writing to it"],
  [/readonly database/, "it may not be written to, expected a file and a folder that may"],
  [
    /unable to open database file/,
    "it cannot be opened, expected a folder that exists and may be written to",
  ],
  [/disk is full/, "the disk is full, expected room on it; what was kept before is still there"],
  [/disk I\/O error/, "the disk failed"],
  [/malformed|unsupported file format/, "the file is damaged"],
  [/not a database/, "it is not a session, expected a file of tessera's or no file"],
];

/** Whether SQLite says that another program has locked the file. */
export function isLocked(cause: unknown): boolean {
  return cause instanceof Error && MEANINGS[0][0].test(cause.message);
}

/** An error of SQLite, or of opening its file, as an error of the session. Of a file that is locked, `lease` says whose. */
export function sqliteError(
  doing: string,
  path: string,
  cause: unknown,
  lease?: LeaseText,
): SessionError {
  if (cause instanceof SessionError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(said))?.[1] ?? said;
  const holder = lease?.holder.name;
  const since = lease && new Date(lease.since);
  const who = since ? ` (${holder} holds the lease since ${since.toISOString()})` : "";
  const text = `Cannot ${doing} the session "${path}": ${meaning}${who}`;
  return new SessionError(text, { cause, holder, since });
}
