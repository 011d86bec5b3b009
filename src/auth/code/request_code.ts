/**
 * Requesting a login code for a phone number:
 * https://core.telegram.org/api/auth#sending-a-verification-code
 */
import { abortable } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { finishSignIn } from "../current_user.ts";
import { futureTokensOf } from "../future_tokens.ts";
import { readPhone } from "../input/phone.ts";
import { invokeFirst } from "../invoke_step.ts";
import { orPasswordToken } from "../password/parameters.ts";
import { LoginToken } from "../tokens/login_token.ts";
import type { PasswordToken } from "../tokens/password_token.ts";
import { originOf } from "../tokens/token_origin.ts";
import type { User } from "../user.ts";

const REQUESTING = "request a login code";

/**
 * Has Telegram send a login code, and moves to the data center where the account lives.
 * `deliveredBy` of the token names where the code went, or why none was sent:
 * `"emailSetUpRequired"`, `"paymentRequired"` or `"notNeeded"`.
 */
export async function requestLoginCode(
  context: SignInContext,
  phone: string | number | bigint,
  options: StepOptions = {},
): Promise<LoginToken> {
  const phoneNumber = readPhone(phone, REQUESTING);
  const login = await orPasswordToken(
    context,
    REQUESTING,
    options,
    async () =>
      readSentCode(context, phoneNumber, await sendCode(context, phoneNumber, options), options),
  );
  return login.kind === "login" ? login : notNeeded(context, phoneNumber, login);
}

/** Returns the token for Telegram's answer to a request for a code, of whichever method. */
export async function readSentCode(
  context: SignInContext,
  phone: string,
  sent: Api.auth.SentCode,
  options: StepOptions,
): Promise<LoginToken> {
  if (sent._ === "auth.sentCodeSuccess") {
    return notNeeded(context, phone, await finishSignIn(context, sent.authorization, options));
  }
  const token = new LoginToken(phone, sent, originOf(context.session.state));
  context.log.info(`Telegram was asked for a login code: ${token.deliveredBy}`);
  return token;
}

async function sendCode(
  context: SignInContext,
  phoneNumber: string,
  options: StepOptions,
): Promise<Api.auth.SentCode> {
  const { apiId, apiHash } = context;
  await abortable(context.ready(), options.signal); // the future auth tokens are in the session
  const logoutTokens = futureTokensOf(context.session.state);
  const settings: Api.CodeSettings = { _: "codeSettings", ...(logoutTokens && { logoutTokens }) };
  const request = { _: "auth.sendCode", phoneNumber, apiId, apiHash, settings } as const;
  return await invokeFirst(context, request, options);
}

/** Returns the token of a sign-in that needs no code. */
function notNeeded(
  { session }: SignInContext,
  phone: string,
  outcome: User | PasswordToken,
): LoginToken {
  return new LoginToken(phone, { _: "notNeeded", outcome }, originOf(session.state));
}
