/**
 * Email addresses as people type them. An address that cannot be right is refused without a call.
 */
import { SignInError } from "../errors.ts";

const EMAIL = /^[^\s@]+@[^\s@]+$/;

/**
 * Returns an email address in the form that Telegram takes. Throws `emailInvalid` if it cannot be
 * one.
 */
export function readEmail(email: string, doing: string): string {
  const trimmed = typeof email === "string" ? email.trim() : ""; // JavaScript may pass anything
  if (!EMAIL.test(trimmed)) throw new SignInError("emailInvalid", { doing });
  return trimmed;
}
