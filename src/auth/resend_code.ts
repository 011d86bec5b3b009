/**
 * What can be done about a login code that is on its way: having it sent again by the next way, reporting that it never came,
 * paying for it, cancelling it. https://core.telegram.org/api/auth#sending-a-verification-code
 */
import { readSentCode } from "./code.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "./context.ts";
import { toSignInError } from "./errors.ts";
import { type LoginToken, phoneCodeHashOf } from "./tokens.ts";

/** What names a code that is on its way to Telegram. */
interface CodeName {
  readonly phoneNumber: string;
  readonly phoneCodeHash: string;
}

/** What names the code of a token to Telegram. */
export function codeNameOf(token: LoginToken): CodeName {
  return { phoneNumber: token.phone, phoneCodeHash: phoneCodeHashOf(token) };
}

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
  try {
    const request = { _: "auth.resendCode", ...codeNameOf(token) } as const;
    return await readSentCode(context, token.phone, await invokeAtHome(context, request, options));
  } catch (error) {
    throw toSignInError(error, "have the login code sent again");
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
  try {
    await invokeAtHome(context, { _: "auth.cancelCode", ...codeNameOf(token) }, options);
  } catch (error) {
    throw toSignInError(error, "cancel the login code");
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
  try {
    await invokeAtHome(
      context,
      { _: "auth.reportMissingCode", ...codeNameOf(token), mnc },
      options,
    );
  } catch (error) {
    throw toSignInError(error, "report the login code as missing");
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
  try {
    const request = { _: "auth.checkPaidAuth", ...codeNameOf(token), formId } as const;
    return await readSentCode(context, token.phone, await invokeAtHome(context, request, options));
  } catch (error) {
    throw toSignInError(error, "check the payment for the login code");
  }
}
