/**
 * The fields of a session that a format needs to be written, and the errors of a session without
 * them.
 */
import type { Session } from "../session.ts";
import { SessionError } from "../session_error.ts";
import { type DataCenterState, findDc, type SessionUser } from "../state/session_state.ts";

/** The home data center and its key, which every format holds. */
export interface HomeKey {
  readonly dc: DataCenterState;
  readonly authKey: Uint8Array;
  readonly testMode: boolean;
}

/**
 * The home data center of a session and its key.
 *
 * @throws {SessionError} if the session has no key.
 */
export function homeKeyOf({ state }: Session, format: string): HomeKey {
  const dc = findDc(state);
  if (dc?.authKey === undefined) {
    throw new SessionError(
      `Cannot write the session as "${format}": it has no key, ` +
        "expected one that has connected before",
    );
  }
  return { dc, authKey: dc.authKey, testMode: state.testMode ?? false };
}

/**
 * The user of a session, for a library that takes a session without a user for a new one.
 *
 * @throws {SessionError} if the session does not know its user.
 */
export function userOf({ state: { user } }: Session, format: string): SessionUser {
  if (user !== undefined) return user;
  throw new SessionError(
    `Cannot write the session as "${format}": it does not know its user, ` +
      "expected one that has called getMe(). On the command line, pass --user-id.",
  );
}
