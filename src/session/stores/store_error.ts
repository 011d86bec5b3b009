/** The error of a store that has failed, in words that say which session it keeps. */
import { SessionError } from "../session_error.ts";
import { codeOf } from "./file_error.ts";

/** How many first characters of a text give away that an error quotes it. */
const QUOTED = 16;

/**
 * Turns an error of a store into a `SessionError`. One that is a
 * `SessionError` already, as of SQLite and folders, is returned as it is.
 *
 * @param doing what failed, for example `save the session "me"`
 * @param cause the error
 * @param value the text that was to be kept, if there was one. An error that quotes it is not
 * quoted, as the text is secret
 */
export function storeError(doing: string, cause: unknown, value?: string): SessionError {
  if (cause instanceof SessionError) return cause;
  const said = saidBy(cause);
  const reason = value && said.includes(value.slice(0, QUOTED)) ? "" : `: ${said}`;
  return new SessionError(
    `Cannot ${doing}: the store has failed${reason}. Check the store, then try again.`,
    { cause },
  );
}

/**
 * The text of an error; its code or its name if that is empty, as Node and browsers leave some. A
 * store may also throw a value without a text.
 */
function saidBy(cause: unknown): string {
  try {
    if (!(cause instanceof Error)) return String(cause);
    const code: unknown = codeOf(cause); // a number in a DOMException
    const text = cause.message || (typeof code === "string" && code) || cause.name;
    return String(text).replace(/\.$/, "");
  } catch {
    return "its error has no text";
  }
}
