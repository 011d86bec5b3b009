/**
 * Phone numbers as people type and paste them. A number that cannot be right is refused without a
 * call. https://www.rfc-editor.org/rfc/rfc3966
 *
 * | passed                                          | meaning                                 |
 * | ----------------------------------------------- | --------------------------------------- |
 * | `"+1 (555) 123-4567"`, `"15551234567"`, a number | itself, without what stands between     |
 * | `"00 1 555 123 4567"`                           | `00` stands for `+`                     |
 * | `"+44 (0)20 7946 0000"`                         | without the `(0)` of calls at home      |
 * | `"tel:+1-555-123-4567"`, `"t.me/+15551234567"`  | the number in the link                  |
 * | digits of other scripts                         | the same digits                         |
 * | `"0171 1234567"`, of calls at home              | refused: the country is not certain     |
 */
import { pasted } from "../../runtime/mod.ts";
import { SignInError } from "../errors.ts";
import { withAsciiDigits } from "./digits.ts";

/** No country code begins with 0. */
const PHONE = /^\+?[1-9]\d{4,14}$/;
const LINK = /^(?:tel:|(?:https?:\/\/)?t\.me\/(?=\+))/i;
/** What stands between the digits. */
const PUNCTUATION = /\(0\)|[\s()./\u2010-\u2015\u2212-]/g;

function digitsOf(given: unknown): string {
  const isNumber = (typeof given === "number" || typeof given === "bigint") && given > 0;
  const text = isNumber ? String(given) : typeof given === "string" ? given : "";
  return withAsciiDigits(pasted(text)).replace(LINK, "").replace(/[;?].*/s, "")
    .replace(PUNCTUATION, "").replace(/^00/, "+");
}

/**
 * Returns the digits of a phone number, with its `+` if it has one; undefined if it cannot be one.
 */
export function phoneOf(given: unknown): string | undefined {
  const digits = digitsOf(given);
  return PHONE.test(digits) ? digits : undefined;
}

/** Whether this could be a phone number, as typed. */
export function looksLikePhone(text: string): boolean {
  return phoneOf(text) !== undefined;
}

/**
 * Returns a phone number in the form that Telegram takes. Throws `phoneInvalid` if it cannot be
 * one.
 */
export function readPhone(phone: string | number | bigint, doing: string): string {
  const digits = phoneOf(phone);
  if (digits !== undefined) return digits;
  const isNational = digitsOf(phone).startsWith("0");
  throw new SignInError("phoneInvalid", {
    doing,
    ...(isNational && {
      text: "it begins with 0, as numbers within a country do. Pass the international form, like " +
        "+15551234567.",
    }),
  });
}

/** The digits at the end by which two forms of one number are told to be the same. */
const COMPARED = 7;

/**
 * Whether two phone numbers can be the same. Some countries have two forms of one number, which
 * differ at the beginning: +52 1 and +52, for one.
 */
export function mayBeSamePhone(one: string, other: string): boolean {
  return one.slice(-COMPARED) === other.slice(-COMPARED);
}

/** Returns the part of a phone number that may be shown: its last two digits. */
export function censorPhone(phone: string): string {
  return `…${phone.slice(-2)}`;
}
