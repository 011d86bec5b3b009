/**
 * Future auth tokens: Telegram gives one at sign-out to those who have a password, and with it the next sign-in needs no code,
 * only the password.
 * https://core.telegram.org/api/auth#future-auth-tokens
 */
import type { SessionState } from "../session/mod.ts";

/** Telegram takes so many. */
const MAX_TOKENS = 20;

/** Keeps a token, if one was given, and lets go of the oldest when there are too many. */
export function keepFutureToken(state: SessionState, token: Uint8Array | undefined): void {
  if (token === undefined) return;
  state.futureAuthTokens = [token, ...state.futureAuthTokens ?? []].slice(0, MAX_TOKENS);
}

/** What is offered when a code is requested. */
export function futureTokensOf({ futureAuthTokens = [] }: SessionState): Uint8Array[] | undefined {
  return futureAuthTokens.length === 0 ? undefined : futureAuthTokens.slice(0, MAX_TOKENS);
}
