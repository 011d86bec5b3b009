/**
 * The login email, to which Telegram sends codes instead of an SMS: setting one up when Telegram
 * demands it, and resetting one that cannot be reached.
 * https://core.telegram.org/api/auth#email-verification The recovery email of the 2FA password is
 * another one, in password/settings.ts.
 */
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { SignInError } from "../errors.ts";
import { type EmailProof, readEmailProof } from "../input/code.ts";
import { readEmail } from "../input/email.ts";
import { invokeStep } from "../invoke_step.ts";
import { codeNameOf } from "../tokens/code_name.ts";
import type { LoginToken } from "../tokens/login_token.ts";
import { readSentCode } from "./request_code.ts";

/** A code that was sent to an email address. */
export interface SentEmailCode {
  /** The address, with most of it hidden. */
  readonly emailPattern: string;
  /** The number of digits of the code. */
  readonly length: number;
}

const SETTING_UP = "set up a login email";

/** Has Telegram send a code to the address that is to be the login email. */
export async function setUpLoginEmail(
  context: SignInContext,
  token: LoginToken,
  email: string,
  options: StepOptions = {},
): Promise<SentEmailCode> {
  const address = readEmail(email, SETTING_UP);
  const purpose = await purposeOf(context, token, options);
  const request = { _: "account.sendVerifyEmailCode", purpose, email: address } as const;
  const { emailPattern, length } = await invokeStep(context, request, SETTING_UP, options);
  return { emailPattern, length };
}

/**
 * Proves the address, which is the login email from then on. Telegram then sends the login code
 * there.
 */
export async function verifyLoginEmail(
  context: SignInContext,
  token: LoginToken,
  code: EmailProof,
  options: StepOptions = {},
): Promise<LoginToken> {
  const verification = readEmailProof(code, SETTING_UP);
  const purpose = await purposeOf(context, token, options);
  const request = { _: "account.verifyEmail", purpose, verification } as const;
  const verified = await invokeStep(context, request, SETTING_UP, options);
  if (verified._ !== "account.emailVerifiedLogin") throw new SignInError("unsupported");
  return await readSentCode(context, token.phone, verified.sentCode, options);
}

/**
 * Has Telegram reset a login email that cannot be reached, so that codes go to the phone again.
 * This takes `resetAvailablePeriod` seconds, until `resetPendingDate` of the new token, unless that
 * token is for a code sent at once.
 */
export async function resetLoginEmail(
  context: SignInContext,
  token: LoginToken,
  options: StepOptions = {},
): Promise<LoginToken> {
  const doing = "reset the login email";
  const name = await codeNameOf(context, token, doing, options);
  const sent = await invokeStep(context, { _: "auth.resetLoginEmail", ...name }, doing, options);
  return await readSentCode(context, token.phone, sent, options);
}

async function purposeOf(
  context: SignInContext,
  token: LoginToken,
  options: StepOptions,
): Promise<Api.emailVerifyPurposeLoginSetup> {
  const name = await codeNameOf(context, token, SETTING_UP, options);
  return { _: "emailVerifyPurposeLoginSetup", ...name };
}
