/** Phone numbers and bot tokens as people type them. What is not sent to Telegram is told without a call. */
import { SignInError } from "../errors.ts";

const PHONE = /^\+?\d{5,15}$/;
const BOT_TOKEN = /^\d{1,19}:[\w-]+$/;

/** The digits of a phone number, with the `+` if there is one: spaces, hyphens, dots and brackets are left out. */
function digitsOf(phone: string): string {
  return phone.replace(/[\s().\u2010-\u2015-]/g, "");
}

/** Whether this could be a phone number, as typed. */
export function looksLikePhone(text: string): boolean {
  return PHONE.test(digitsOf(text));
}

/** Whether this could be a bot token: digits, a colon, and something after it. */
export function looksLikeBotToken(text: string): boolean {
  return typeof text === "string" && BOT_TOKEN.test(text.trim()); // JavaScript may give anything
}

/** A phone number as Telegram is given it. Throws `phoneInvalid` if it cannot be one. */
export function readPhone(phone: string, doing: string): string {
  const digits = typeof phone === "string" ? digitsOf(phone) : ""; // JavaScript may give a number
  if (!PHONE.test(digits)) throw new SignInError("phoneInvalid", { doing });
  return digits;
}

/** A bot token as Telegram is given it. Throws `botTokenInvalid` if it cannot be one. */
export function readBotToken(token: string, doing: string): string {
  const trimmed = typeof token === "string" ? token.trim() : "";
  if (!BOT_TOKEN.test(trimmed)) throw new SignInError("botTokenInvalid", { doing });
  return trimmed;
}

/** A phone number that may be shown: its last two digits. */
export function censorPhone(phone: string): string {
  return `…${phone.slice(-2)}`;
}
