/** The errors of a lease that is not held any longer. */
import { SessionError } from "../session_error.ts";
import { holderOf, type LeaseText } from "./lease_text.ts";

/** The error after another program has taken the lease. */
export function takenOver(session: string, other: LeaseText | undefined): SessionError {
  const { holder = "another program" } = holderOf(other);
  return new SessionError(
    `Cannot use the session "${session}" any longer: ${holder} has taken it over, as this ` +
      "program did not renew its lease in time. Close it there before you connect again.",
    holderOf(other),
  );
}

/** The error after the store has not answered for `ms` milliseconds. */
export function unrenewed(session: string, ms: number, cause: unknown): SessionError {
  return new SessionError(
    `Cannot use the session "${session}" any longer: its lease could not be renewed for ` +
      `${ms / 1000} s, as the store does not answer, so another program may take it over. ` +
      "Check the store, then connect again.",
    { cause },
  );
}

/** The error of a write after the session was closed. */
export function closedError(session: string): SessionError {
  return new SessionError(
    `Cannot save the session "${session}": it is not open. Call load() first.`,
  );
}

/** The error of a store whose `swap` refuses the text that its `get` returns, again and again. */
export function contradicts(session: string): SessionError {
  return new SessionError(
    `Cannot open the session "${session}": swap() of its store refuses the text that get() ` +
      "returns. Mend the store: both must read the same copy, and swap() must return true.",
  );
}

/** The error of an operation that the store has not answered for `ms` milliseconds. */
export function unanswered(session: string, ms: number): SessionError {
  return new SessionError(
    `Cannot use the session "${session}": its store does not answer for ${ms / 1000} s. Check it.`,
  );
}
