/**
 * Codes as people type them, and what does as well as a code that went to an email address: an identity token of Apple's or
 * Google's, where the login token allows it. https://core.telegram.org/type/EmailVerification
 */
import type { Api } from "../tl/mod.ts";
import { SignInError } from "./errors.ts";

/** A code that went to the address, or an identity token, which the program gets from Apple or Google by itself. */
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

/** A code as Telegram is given it: spaces and hyphens between digits are how people copy it. */
export function readCode(code: string): string {
  const trimmed = code.trim();
  const digits = trimmed.replace(/[\s-]/g, "");
  return /^\d+$/.test(digits) ? digits : trimmed;
}

/** A proof as Telegram is given it. Throws `codeEmpty` if it is a code, and empty. */
export function readEmailProof(proof: EmailProof, doing: string): Api.EmailVerification {
  if (typeof proof !== "string") {
    return "appleToken" in proof
      ? { _: "emailVerificationApple", token: proof.appleToken }
      : { _: "emailVerificationGoogle", token: proof.googleToken };
  }
  const code = readCode(proof);
  if (code === "") throw new SignInError("codeEmpty", { doing });
  return { _: "emailVerificationCode", code };
}
