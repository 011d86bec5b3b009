/**
 * Signing in with a login code: https://core.telegram.org/method/auth.signIn
 */
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { finishSignIn } from "../current_user.ts";
import { SignInError } from "../errors.ts";
import { type EmailProof, readCode, readEmailProof } from "../input/code.ts";
import { orPasswordToken } from "../password/parameters.ts";
import type { CodeDelivery } from "../tokens/code_delivery.ts";
import { codeNameOf } from "../tokens/code_name.ts";
import type { LoginToken } from "../tokens/login_token.ts";
import type { PasswordToken } from "../tokens/password_token.ts";
import { SignUpToken } from "../tokens/sign_up_token.ts";
import { originOf } from "../tokens/token_origin.ts";
import type { User } from "../user.ts";

const SIGNING_IN = "sign in";

/**
 * Signs in with the code that Telegram sent. Returns the user, or a token for the missing password
 * or account.
 */
export async function signIn(
  context: SignInContext,
  token: LoginToken,
  code: EmailProof,
  options: StepOptions = {},
): Promise<User | PasswordToken | SignUpToken> {
  const name = await codeNameOf(context, token, SIGNING_IN, options);
  const { deliveredBy, outcome, phone } = token;
  if (outcome !== undefined) return outcome;
  if (deliveredBy === "emailSetUpRequired" || deliveredBy === "paymentRequired") {
    throw new SignInError(deliveredBy);
  }
  const request = { _: "auth.signIn", ...name, ...proofOf(deliveredBy, code) } as const;
  return await orPasswordToken(context, SIGNING_IN, options, async () => {
    const answer = await context.invoke(request, options);
    if (answer._ !== "auth.authorizationSignUpRequired") {
      return await finishSignIn(context, answer, options);
    }
    return new SignUpToken(phone, answer, name.phoneCodeHash, originOf(context.session.state));
  });
}

/**
 * Returns the field that carries the code. A code that was sent by email has a field of its own.
 */
function proofOf(
  deliveredBy: CodeDelivery,
  code: EmailProof,
): { phoneCode: string } | { emailVerification: Api.EmailVerification } {
  if (deliveredBy === "email") return { emailVerification: readEmailProof(code, SIGNING_IN) };
  return { phoneCode: readCode(code, SIGNING_IN) };
}
