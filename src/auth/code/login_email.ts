/**
 * The login email, to which Telegram sends codes instead of an SMS: setting one up when Telegram demands it, and resetting one
 * that cannot be reached. https://core.telegram.org/api/auth#email-verification
 * The recovery email of the 2FA password is another one, in password_settings.ts.
 */
import type { Api } from "../../tl/mod.ts";
import { readSentCode } from "./sign_in.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { type EmailProof, readEmailProof } from "../input/code.ts";
import { type CodeName, codeNameOf } from "../tokens/token_origin.ts";
import type { LoginToken } from "../tokens/tokens.ts";

/** A code that went to an email address. */
export interface SentEmailCode {
  /** The address, with most of it hidden. */
  readonly emailPattern: string;
  /** How many digits the code has. */
  readonly length: number;
}

const SETTING_UP = "set up a login email";
const EMAIL = /^[^\s@]+@[^\s@]+$/;

function loginSetup(name: CodeName): Api.emailVerifyPurposeLoginSetup {
  return { _: "emailVerifyPurposeLoginSetup", ...name };
}

/** An email address as Telegram is given it. Throws `emailInvalid` if it cannot be one. */
export function readEmail(email: string, doing: string): string {
  const trimmed = typeof email === "string" ? email.trim() : ""; // JavaScript may give anything
  if (!EMAIL.test(trimmed)) throw new SignInError("emailInvalid", { doing });
  return trimmed;
}

/**
 * Has Telegram send a code to the address that is to be the login email, when `deliveredBy` of the token is
 * `"emailSetUpRequired"`. {@linkcode verifyLoginEmail} takes the code.
 *
 * @throws {SignInError} `emailInvalid`, `emailNotAllowed`, `codeExpired`, `flood` and others.
 */
export async function setUpLoginEmail(
  context: SignInContext,
  token: LoginToken,
  email: string,
  options: StepOptions = {},
): Promise<SentEmailCode> {
  const address = readEmail(email, SETTING_UP);
  const purpose = loginSetup(await codeNameOf(context, token, SETTING_UP, options));
  try {
    const { emailPattern, length } = await invokeAtHome(
      context,
      { _: "account.sendVerifyEmailCode", purpose, email: address },
      options,
    );
    return { emailPattern, length };
  } catch (error) {
    throw toSignInError(error, SETTING_UP);
  }
}

/**
 * Gives back the code that went to the address (or a token of Apple's or Google's, if `delivery` of the token allows it), which is the login email from then on. Telegram then sends the login code there:
 * the new token takes the place of the old one.
 *
 * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `emailNotAllowed` and others.
 */
export async function verifyLoginEmail(
  context: SignInContext,
  token: LoginToken,
  code: EmailProof,
  options: StepOptions = {},
): Promise<LoginToken> {
  const verification = readEmailProof(code, SETTING_UP);
  const purpose = loginSetup(await codeNameOf(context, token, SETTING_UP, options));
  try {
    const verified = await invokeAtHome(
      context,
      { _: "account.verifyEmail", purpose, verification },
      options,
    );
    if (verified._ !== "account.emailVerifiedLogin") throw new SignInError("unsupported");
    return await readSentCode(context, token.phone, verified.sentCode);
  } catch (error) {
    throw toSignInError(error, SETTING_UP);
  }
}

/**
 * Has Telegram reset a login email that cannot be reached any more, so that codes go to the phone again. That takes
 * `resetAvailablePeriod` seconds of the token's `delivery`: until `resetPendingDate` of the new token, unless the new token says
 * that a code went out at once.
 *
 * @throws {SignInError} `emailResetPending` if it was requested before, `emailNotSetUp` and others.
 */
export async function resetLoginEmail(
  context: SignInContext,
  token: LoginToken,
  options: StepOptions = {},
): Promise<LoginToken> {
  const doing = "reset the login email";
  const name = await codeNameOf(context, token, doing, options);
  try {
    const request = { _: "auth.resetLoginEmail", ...name } as const;
    return await readSentCode(context, token.phone, await invokeAtHome(context, request, options));
  } catch (error) {
    throw toSignInError(error, doing);
  }
}
