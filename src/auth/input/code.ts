/**
 * Codes as people type them, and what does as well as a code that went to an email address: an identity token of Apple's or
 * Google's, where the login token allows it. https://core.telegram.org/type/EmailVerification
 */
import type { Api } from "../../tl/mod.ts";
import { SignInError } from "../errors.ts";

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

/** A code as Telegram is given it: spaces and hyphens between digits are how people copy it. JavaScript may give anything. */
export function readCode(code: unknown): string {
  if (typeof code === "number") {
    throw new TypeError(
      "Cannot use the code: it is a number, expected a string (a number has lost the zeros that it began with)",
    );
  }
  const trimmed = typeof code === "string" ? code.trim() : "";
  const digits = trimmed.replace(/[\s-]/g, "");
  return /^\d+$/.test(digits) ? digits : trimmed;
}

/** A proof as Telegram is given it. Throws `codeEmpty` if it is a code, and empty. */
export function readEmailProof(proof: EmailProof, doing: string): Api.EmailVerification {
  if (typeof proof === "object" && proof !== null) {
    if ("appleToken" in proof) return { _: "emailVerificationApple", token: proof.appleToken };
    if ("googleToken" in proof) return { _: "emailVerificationGoogle", token: proof.googleToken };
  }
  const code = readCode(proof);
  if (code === "") throw new SignInError("codeEmpty", { doing });
  return { _: "emailVerificationCode", code };
}
