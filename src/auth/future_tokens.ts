/**
 * Future auth tokens: Telegram sends one at sign-out to accounts with a password. With it the next
 * sign-in needs no code, only the password. https://core.telegram.org/api/auth#future-auth-tokens
 */
import type { SessionState } from "../session/mod.ts";

/** The most tokens that Telegram takes. */
const MAX_TOKENS = 20;

/** Keeps a token, if Telegram sent one. Drops the oldest when there are too many. */
export function keepFutureToken(state: SessionState, token: Uint8Array | undefined): void {
  if (token === undefined) return;
  state.futureAuthTokens = [token, ...state.futureAuthTokens ?? []].slice(0, MAX_TOKENS);
}

/** Returns the tokens to offer when a code is requested. */
export function futureTokensOf({ futureAuthTokens = [] }: SessionState): Uint8Array[] | undefined {
  return futureAuthTokens.length === 0 ? undefined : futureAuthTokens.slice(0, MAX_TOKENS);
}
