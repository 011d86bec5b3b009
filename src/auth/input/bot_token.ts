/**
 * Bot tokens as people paste them: digits, a colon, and letters. A token that cannot be right is
 * refused without a call.
 */
import { SignInError } from "../errors.ts";

const BOT_TOKEN = /^\d{1,19}:[\w-]+$/;

/** Whether this could be a bot token. */
export function looksLikeBotToken(text: string): boolean {
  return typeof text === "string" && BOT_TOKEN.test(text.trim()); // JavaScript may pass anything
}

/**
 * Returns a bot token in the form that Telegram takes. Throws `botTokenInvalid` if it cannot be
 * one.
 */
export function readBotToken(token: string, doing: string): string {
  if (!looksLikeBotToken(token)) throw new SignInError("botTokenInvalid", { doing });
  return token.trim();
}

/** Returns the id of a token's bot: the number before the colon. */
export function botIdOf(token: string): bigint {
  return BigInt(token.slice(0, token.indexOf(":")));
}
