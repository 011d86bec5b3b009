/**
 * Email addresses as people type and paste them: `"ada@example.com"`, `"mailto:ada@example.com"`,
 * `"Ada <ada@example.com>"`. An address that cannot be right is refused without a call.
 */
import { pasted } from "../../runtime/mod.ts";
import { SignInError } from "../errors.ts";

const EMAIL = /^[^\s@<>",;]+@[^\s@<>",;]+$/;
/** What stands before the address, and after it. */
const AROUND = /^(?:mailto:|.*<)|>$/gi;

/**
 * Returns an email address in the form that Telegram takes. Throws `emailInvalid` if it cannot be
 * one.
 */
export function readEmail(email: string, doing: string): string {
  const text = typeof email === "string" ? pasted(email) : ""; // JavaScript may pass anything
  const address = text.replace(AROUND, "").trim();
  if (!EMAIL.test(address)) throw new SignInError("emailInvalid", { doing });
  return address;
}
