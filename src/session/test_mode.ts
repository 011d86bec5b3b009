/**
 * Telegram's test servers and its production know nothing of each other's keys.
 */

import { SessionError } from "./session_error.ts";
import { findDc, type SessionState } from "./state/session_state.ts";

/**
 * Notes in a session whether it is of the test servers. Throws a `SessionError` if its key is of
 * the others.
 */
export function checkTestMode(state: SessionState, testMode: boolean): void {
  const hasKey = findDc(state)?.authKey !== undefined;
  if (hasKey && state.testMode !== undefined && state.testMode !== testMode) {
    const [is, option] = testMode ? ["production", "false"] : ["test servers", "true"];
    throw new SessionError(
      `Cannot use the session: it is of Telegram's ${is}. Use another session, or set the ` +
        `option testServers to ${option}.`,
    );
  }
  state.testMode ??= testMode;
}
