/**
 * What can be done about a login code that is on its way: having it sent again by the next way, reporting that it never came,
 * paying for it, cancelling it. https://core.telegram.org/api/auth#sending-a-verification-code
 */
import { readSentCode } from "./sign_in.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { toSignInError } from "../errors.ts";
import { codeNameOf } from "../tokens/token_origin.ts";
import type { LoginToken } from "../tokens/tokens.ts";

/**
 * Has the code sent again, by the way that `nextBy` of the token says. Telegram lets nobody do so before `timeout` seconds are
 * over. The new token takes the place of the old one.
 *
 * @throws {SignInError} `codeNotSent` if there is no way left, `codeExpired` if it is too late, `flood` and others.
 */
export async function resendCode(
  context: SignInContext,
  token: LoginToken,
  options: StepOptions = {},
): Promise<LoginToken> {
  const doing = "have the login code sent again";
  const name = await codeNameOf(context, token, doing, options);
  try {
    const request = { _: "auth.resendCode", ...name } as const;
    return await readSentCode(context, token.phone, await invokeAtHome(context, request, options));
  } catch (error) {
    throw toSignInError(error, doing);
  }
}

/**
 * Voids the code. Nobody can sign in with it any more.
 *
 * @throws {SignInError} `codeExpired` if it was void already, and others.
 */
export async function cancelCode(
  context: SignInContext,
  token: LoginToken,
  options: StepOptions = {},
): Promise<void> {
  const doing = "cancel the login code";
  const name = await codeNameOf(context, token, doing, options);
  try {
    await invokeAtHome(context, { _: "auth.cancelCode", ...name }, options);
  } catch (error) {
    throw toSignInError(error, doing);
  }
}

/**
 * Tells Telegram that the SMS never came. `mnc` is the mobile network code of the operator, two or three digits.
 *
 * @throws {SignInError} `phoneInvalid` and others.
 */
export async function reportMissingCode(
  context: SignInContext,
  token: LoginToken,
  mnc: string,
  options: StepOptions = {},
): Promise<void> {
  if (!/^\d{2,3}$/.test(mnc)) {
    throw new TypeError(
      `Cannot report the code as missing: "${mnc}" is not a mobile network code, expected two or three digits`,
    );
  }
  const doing = "report the login code as missing";
  const name = await codeNameOf(context, token, doing, options);
  try {
    await invokeAtHome(context, { _: "auth.reportMissingCode", ...name, mnc }, options);
  } catch (error) {
    throw toSignInError(error, doing);
  }
}

/**
 * Goes on after the code was paid for (`deliveredBy` was `"paymentRequired"`), in the payment form with that number. If
 * Telegram has not got the payment yet, the new token says `"paymentRequired"` again.
 *
 * @throws {SignInError} `phoneInvalid` and others.
 */
export async function checkPaidCode(
  context: SignInContext,
  token: LoginToken,
  formId: bigint,
  options: StepOptions = {},
): Promise<LoginToken> {
  const doing = "check the payment for the login code";
  const name = await codeNameOf(context, token, doing, options);
  try {
    const request = { _: "auth.checkPaidAuth", ...name, formId } as const;
    return await readSentCode(context, token.phone, await invokeAtHome(context, request, options));
  } catch (error) {
    throw toSignInError(error, doing);
  }
}
