/**
 * Phone numbers as people type them. A number that cannot be right is refused without a call.
 */
import { SignInError } from "../errors.ts";

const PHONE = /^\+?\d{5,15}$/;

/**
 * Returns the digits of a phone number, and its `+` if it has one, without spaces, hyphens, dots
 * and brackets.
 */
function digitsOf(phone: string): string {
  return phone.replace(/[\s().\u2010-\u2015-]/g, "");
}

/** Whether this could be a phone number, as typed. */
export function looksLikePhone(text: string): boolean {
  return PHONE.test(digitsOf(text));
}

/**
 * Returns a phone number in the form that Telegram takes. Throws `phoneInvalid` if it cannot be
 * one.
 */
export function readPhone(phone: string, doing: string): string {
  const digits = typeof phone === "string" ? digitsOf(phone) : ""; // JavaScript may give a number
  if (!PHONE.test(digits)) throw new SignInError("phoneInvalid", { doing });
  return digits;
}

/** Returns the part of a phone number that may be shown: its last two digits. */
export function censorPhone(phone: string): string {
  return `…${phone.slice(-2)}`;
}
