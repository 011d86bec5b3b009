/**
 * Codes as people type and paste them, and the identity tokens of Apple and Google that can stand
 * for a code sent to an email address, where the login token allows it.
 * https://core.telegram.org/type/EmailVerification
 *
 * | passed                                           | meaning                               |
 * | ------------------------------------------------ | ------------------------------------- |
 * | `"12345"`, `"12 345"`, `"1-2-3-4-5"`             | its digits                            |
 * | `"t.me/login/12345"`, the message with the code  | the only number of 5 or 6 digits      |
 * | a text with several of them                      | refused                               |
 * | a word or phrase                                 | itself                                |
 * | a number                                         | refused: it has lost its first zeros  |
 */
import { pasted } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { SignInError } from "../errors.ts";
import { withAsciiDigits } from "./digits.ts";

/**
 * A code that was sent to the address, or an identity token, which the program gets from Apple or
 * Google.
 */
export type EmailProof =
  | string
  | {
    /** The identity token of Sign in with Apple. */
    readonly appleToken: string;
  }
  | {
    /** The identity token of Sign in with Google. */
    readonly googleToken: string;
  };

/** What stands between the digits of a code. */
const PUNCTUATION = /[\s._\u2010-\u2015\u2212-]/g;
/** A code within other text, as in the message that brings it. */
const WITHIN = /(?<![\p{L}\d])\d{5,6}(?![\p{L}\d])/gu;

/**
 * Returns a code in the form that Telegram takes: the table above. JavaScript may pass anything.
 *
 * @throws {SignInError} `codeEmpty`, `codeInvalid`
 */
export function readCode(code: unknown, doing: string): string {
  const given = trimCode(code);
  if (given === "") throw new SignInError("codeEmpty", { doing });
  if (codesIn(given).size < 2) return given;
  throw new SignInError("codeInvalid", {
    doing,
    text: "the text has several numbers that can be the code. Pass the code alone.",
  });
}

/** Returns a code as {@linkcode readCode} does; one that is empty or unclear as it is. */
export function trimCode(code: unknown): string {
  if (typeof code === "number" || typeof code === "bigint") {
    throw new TypeError(
      "Cannot use the code: it is a number, which has lost its leading zeros. Pass it as a string.",
    );
  }
  const text = withAsciiDigits(typeof code === "string" ? pasted(code) : "");
  const digits = text.replace(PUNCTUATION, "");
  if (/^\d+$/.test(digits)) return digits;
  const [first, ...others] = codesIn(text);
  return others.length === 0 ? first ?? text : text;
}

function codesIn(text: string): Set<string> {
  return new Set(text.match(WITHIN));
}

/** Returns a proof in the form that Telegram takes. Throws `codeEmpty` for an empty code. */
export function readEmailProof(proof: EmailProof, doing: string): Api.EmailVerification {
  if (typeof proof === "object" && proof !== null) {
    if ("appleToken" in proof) return { _: "emailVerificationApple", token: proof.appleToken };
    if ("googleToken" in proof) return { _: "emailVerificationGoogle", token: proof.googleToken };
  }
  return { _: "emailVerificationCode", code: readCode(proof, doing) };
}
