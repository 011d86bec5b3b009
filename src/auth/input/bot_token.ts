/**
 * Bot tokens as people paste them: digits, a colon, and letters. A token that cannot be right is
 * refused without a call.
 *
 * | passed                                                   | meaning                        |
 * | -------------------------------------------------------- | ------------------------------ |
 * | `"123456:ABC-DEF"`, also in quotes or `TOKEN=…`          | itself                         |
 * | `"bot123456:ABC-DEF"`                                    | without the `bot` of Bot API   |
 * | a link of Bot API, or the message of BotFather           | the only token in it           |
 */
import { pastedValue } from "../../runtime/mod.ts";
import { SignInError } from "../errors.ts";

const BOT_TOKEN = /^(?:bot)?(\d{1,19}:[\w-]+)$/i;
/** A token within other text. Real ones have 35 characters after the colon. */
const WITHIN = /(?<!\w)(?:bot)?(\d{5,19}:[\w-]{30,})/gi;

/** Returns the bot token in a text; undefined if there is none, or several. */
function botTokenOf(given: unknown): string | undefined {
  if (typeof given !== "string") return undefined; // JavaScript may pass anything
  const text = pastedValue(given);
  const whole = BOT_TOKEN.exec(text)?.[1];
  if (whole !== undefined) return whole;
  const [first, ...others] = Array.from(text.matchAll(WITHIN), ([, token]) => token);
  return others.every((other) => other === first) ? first : undefined;
}

/** Whether this could be a bot token. */
export function looksLikeBotToken(text: string): boolean {
  return botTokenOf(text) !== undefined;
}

/**
 * Returns a bot token in the form that Telegram takes. Throws `botTokenInvalid` if it cannot be
 * one.
 */
export function readBotToken(token: string, doing: string): string {
  const found = botTokenOf(token);
  if (found === undefined) throw new SignInError("botTokenInvalid", { doing });
  return found;
}

/** Returns the id of a token's bot: the number before the colon. */
export function botIdOf(token: string): bigint {
  return BigInt(token.slice(0, token.indexOf(":")));
}
