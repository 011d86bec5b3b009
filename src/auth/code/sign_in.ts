/**
 * Signing in with a code: a code is requested for a phone number, then given back.
 * https://core.telegram.org/api/auth. Having it sent again is in resend_code.ts, signing up in sign_up.ts.
 */
import { RpcError } from "../../connection/mod.ts";
import { abortable } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { finishSignIn } from "../current_user.ts";
import { begin } from "../invoke_step.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import type { CodeDelivery } from "../tokens/code_delivery.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { type EmailProof, readCode, readEmailProof } from "../input/code.ts";
import { futureTokensOf } from "../future_tokens.ts";
import { fetchPassword } from "../password/proof.ts";
import { codeNameOf } from "../tokens/token_origin.ts";
import { readPhone } from "../input/phone.ts";
import { originOf } from "../tokens/saved_token.ts";
import { LoginToken, PasswordToken, SignUpToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

const REQUESTING = "request a login code";
const SIGNING_IN = "sign in";

async function sendCode(
  context: SignInContext,
  phoneNumber: string,
  options: StepOptions,
): Promise<Api.auth.SentCode> {
  const { apiId, apiHash } = context;
  await abortable(context.ready(), options.signal); // the tokens are in the session
  const logoutTokens = futureTokensOf(context.session.state);
  const settings: Api.CodeSettings = { _: "codeSettings", ...(logoutTokens && { logoutTokens }) };
  const request = { _: "auth.sendCode", phoneNumber, apiId, apiHash, settings } as const;
  return await begin(context, request, options);
}

/** The token for what Telegram answers to a request for a code, by whichever method it was requested. */
export async function readSentCode(
  context: SignInContext,
  phone: string,
  sent: Api.auth.SentCode,
): Promise<LoginToken> {
  if (sent._ === "auth.sentCodeSuccess") {
    const outcome = await finishSignIn(context, sent.authorization);
    return notNeeded(context, phone, outcome);
  }
  const token = new LoginToken(phone, sent, originOf(context.session.state));
  context.log.info(`Telegram was asked for a login code: ${token.deliveredBy}`);
  return token;
}

/** The token of a sign-in that needed no code. */
function notNeeded(
  { session }: SignInContext,
  phone: string,
  outcome: User | PasswordToken,
): LoginToken {
  return new LoginToken(phone, { _: "notNeeded", outcome }, originOf(session.state));
}

/**
 * Has Telegram send a login code to the person with this phone number, and moves to the data center where the account
 * lives. The phone number is in international form; spaces, hyphens and brackets do not matter. `deliveredBy` of the token
 * says where the code went, or why none was sent: `"emailSetUpRequired"`, `"paymentRequired"` or `"notNeeded"`.
 *
 * @throws {SignInError} `phoneInvalid`, `phoneBanned`, `apiIdInvalid`, `flood`, `appOutdated` or `codeNotSent`.
 */
export async function requestLoginCode(
  context: SignInContext,
  phone: string,
  options: StepOptions = {},
): Promise<LoginToken> {
  const phoneNumber = readPhone(phone, REQUESTING);
  try {
    return await readSentCode(context, phoneNumber, await sendCode(context, phoneNumber, options));
  } catch (error) {
    if (error instanceof RpcError && error.is("SESSION_PASSWORD_NEEDED")) {
      const outcome = await passwordToken(context, options);
      return notNeeded(context, phoneNumber, outcome);
    }
    throw toSignInError(error, REQUESTING);
  }
}

/** The token for the password that Telegram asks for. */
export async function passwordToken(
  context: SignInContext,
  options: StepOptions,
): Promise<PasswordToken> {
  const password = await fetchPassword(context, options);
  return new PasswordToken(password, originOf(context.session.state));
}

/** What goes to Telegram in the place of a code: each way of sending one has its own field. */
function readAnswer(
  deliveredBy: CodeDelivery,
  code: EmailProof,
): { phoneCode: string } | { emailVerification: Api.EmailVerification } {
  if (deliveredBy === "email") return { emailVerification: readEmailProof(code, SIGNING_IN) };
  const phoneCode = readCode(code);
  if (phoneCode === "") throw new SignInError("codeEmpty");
  return { phoneCode };
}

/**
 * Signs in with the code that Telegram sent. Gives the user, or a token for what is still missing: the 2FA password, or
 * an account. Where the code went by email, a token of Apple's or Google's does as well, if `delivery` allows it.
 *
 * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `flood`, `restartNeeded`, or what `deliveredBy` of the token
 * said: `emailSetUpRequired`, `paymentRequired`.
 */
export async function signIn(
  context: SignInContext,
  token: LoginToken,
  code: EmailProof,
  options: StepOptions = {},
): Promise<User | PasswordToken | SignUpToken> {
  const name = await codeNameOf(context, token, SIGNING_IN, options);
  const { deliveredBy } = token;
  if (token.outcome !== undefined) return token.outcome;
  if (deliveredBy === "emailSetUpRequired" || deliveredBy === "paymentRequired") {
    throw new SignInError(deliveredBy);
  }
  const answer = readAnswer(deliveredBy, code);
  try {
    const authorization = await invokeAtHome(
      context,
      { _: "auth.signIn", ...name, ...answer },
      options,
    );
    if (authorization._ === "auth.authorizationSignUpRequired") {
      const origin = originOf(context.session.state);
      return new SignUpToken(token.phone, authorization, name.phoneCodeHash, origin);
    }
    return await finishSignIn(context, authorization);
  } catch (error) {
    if (error instanceof RpcError && error.is("SESSION_PASSWORD_NEEDED")) {
      return await passwordToken(context, options);
    }
    throw toSignInError(error, SIGNING_IN);
  }
}
