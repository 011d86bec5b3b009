/**
 * Codes as people type them, and the identity tokens of Apple and Google that can stand for a code
 * sent to an email address, where the login token allows it.
 * https://core.telegram.org/type/EmailVerification
 */
import type { Api } from "../../tl/mod.ts";
import { SignInError } from "../errors.ts";

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

/**
 * Returns a code in the form that Telegram takes, without the spaces and hyphens between its
 * digits. JavaScript may pass anything.
 *
 * @throws {SignInError} `codeEmpty`
 */
export function readCode(code: unknown, doing: string): string {
  const given = trimCode(code);
  if (given === "") throw new SignInError("codeEmpty", { doing });
  return given;
}

/** Returns a code as {@linkcode readCode} does; an empty one is returned as it is. */
export function trimCode(code: unknown): string {
  if (typeof code === "number") {
    throw new TypeError(
      "Cannot use the code: it is a number, which has lost its leading zeros. Pass it as a string.",
    );
  }
  const trimmed = typeof code === "string" ? code.trim() : "";
  const digits = trimmed.replace(/[\s-]/g, "");
  return /^\d+$/.test(digits) ? digits : trimmed;
}

/** Returns a proof in the form that Telegram takes. Throws `codeEmpty` for an empty code. */
export function readEmailProof(proof: EmailProof, doing: string): Api.EmailVerification {
  if (typeof proof === "object" && proof !== null) {
    if ("appleToken" in proof) return { _: "emailVerificationApple", token: proof.appleToken };
    if ("googleToken" in proof) return { _: "emailVerificationGoogle", token: proof.googleToken };
  }
  return { _: "emailVerificationCode", code: readCode(proof, doing) };
}
