/**
 * What can be done about a login code that is on its way: have it sent again by the next way,
 * report that it never came, pay for it, cancel it.
 * https://core.telegram.org/api/auth#sending-a-verification-code
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { invokeStep } from "../invoke_step.ts";
import { codeNameOf } from "../tokens/code_name.ts";
import type { LoginToken } from "../tokens/login_token.ts";
import { readSentCode } from "./request_code.ts";

/** Has the code sent again, by the way that `nextBy` of the token names. */
export async function resendCode(
  context: SignInContext,
  token: LoginToken,
  options: StepOptions = {},
): Promise<LoginToken> {
  const doing = "have the login code sent again";
  const request = {
    _: "auth.resendCode",
    ...await codeNameOf(context, token, doing, options),
  } as const;
  const sent = await invokeStep(context, request, doing, options);
  return await readSentCode(context, token.phone, sent, options);
}

/** Voids the code. */
export async function cancelCode(
  context: SignInContext,
  token: LoginToken,
  options: StepOptions = {},
): Promise<void> {
  const doing = "cancel the login code";
  const request = {
    _: "auth.cancelCode",
    ...await codeNameOf(context, token, doing, options),
  } as const;
  await invokeStep(context, request, doing, options);
}

/** Reports that the SMS never came. `mnc` is the mobile network code of the operator. */
export async function reportMissingCode(
  context: SignInContext,
  token: LoginToken,
  mnc: string,
  options: StepOptions = {},
): Promise<void> {
  if (!/^\d{2,3}$/.test(mnc)) {
    throw new TypeError(
      `Cannot report the code as missing: "${mnc}" is no mobile network code. Pass two or ` +
        "three digits.",
    );
  }
  const doing = "report the login code as missing";
  const name = await codeNameOf(context, token, doing, options);
  await invokeStep(context, { _: "auth.reportMissingCode", ...name, mnc }, doing, options);
}

/**
 * Asks for the code after it was paid for. Returns a token that asks for the payment again if
 * Telegram has not got it.
 */
export async function checkPaidCode(
  context: SignInContext,
  token: LoginToken,
  formId: bigint,
  options: StepOptions = {},
): Promise<LoginToken> {
  const doing = "check the payment for the login code";
  const name = await codeNameOf(context, token, doing, options);
  const request = { _: "auth.checkPaidAuth", ...name, formId } as const;
  const sent = await invokeStep(context, request, doing, options);
  return await readSentCode(context, token.phone, sent, options);
}
