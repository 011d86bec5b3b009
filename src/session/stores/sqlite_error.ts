/**
 * Errors of SQLite in words that say what to do. Runtimes do not agree on the codes of errors, so
 * they are recognised by their texts.
 */
import { holderOf, type LeaseText } from "../lease/lease_text.ts";
import { StructureError } from "./database_file.ts";
import { SessionError } from "../session_error.ts";

interface Meaning {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly advice: string;
}

const LOCKED: Meaning = {
  pattern: /database (table )?is locked/,
  reason: "another program has locked it",
  advice: ". Close the session there, or try again later.",
};

const MEANINGS: readonly Meaning[] = [
  LOCKED,
  {
    pattern: /readonly database/,
    reason: "the file or its folder may not be written to",
    advice: ". Change the permissions.",
  },
  {
    pattern: /unable to open database file/,
    reason: "it cannot be opened",
    advice: ", expected a folder that exists and may be written to",
  },
  {
    pattern: /disk is full/,
    reason: "the disk is full",
    advice: ". Free some space; what was saved before is intact.",
  },
  { pattern: /disk I\/O error/, reason: "the disk has failed", advice: ". Check the disk." },
  {
    pattern: /malformed|unsupported file format/,
    reason: "the file is damaged",
    advice: ". Restore a copy, or sign in again.",
  },
  {
    pattern: /not a database/,
    reason: "it is not a session",
    advice: ", expected a file of tessera or no file",
  },
];

/** Whether an error of SQLite means that another program has locked the file. */
export function isLocked(cause: unknown): boolean {
  return cause instanceof Error && LOCKED.pattern.test(cause.message);
}

/** The error of a file that database_file.ts refuses. */
export function damagedFile(doing: string, path: string, cause: StructureError): SessionError {
  return new SessionError(
    `Cannot ${doing} the session "${path}": the file is damaged. ` +
      "Restore a copy, or sign in again.",
    { cause },
  );
}

/**
 * Turns an error of SQLite, or of opening its file, into a `SessionError`. The error of a locked
 * file names the holder of its lease.
 */
export function sqliteError(
  doing: string,
  path: string,
  cause: unknown,
  lease?: LeaseText,
): SessionError {
  if (cause instanceof SessionError) return cause;
  if (cause instanceof StructureError) return damagedFile(doing, path, cause);
  const said = cause instanceof Error ? cause.message : String(cause);
  const { reason, advice } = MEANINGS.find(({ pattern }) => pattern.test(said)) ??
    { reason: said, advice: "" };
  const { holder, since } = holderOf(lease);
  const who = since ? ` (${holder} holds the lease since ${since.toISOString()})` : "";
  const text = `Cannot ${doing} the session "${path}": ${reason}${who}${advice}`;
  return new SessionError(text, { cause, holder, since });
}
