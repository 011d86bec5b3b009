/**
 * The name of a code that is on its way, as every method about it takes it: the phone number and
 * Telegram's hash. https://core.telegram.org/method/auth.signIn
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { type LoginToken, openLoginToken } from "./login_token.ts";
import { secretOf } from "./opened_token.ts";
import { openSignUpToken, type SignUpToken } from "./sign_up_token.ts";

/** The name of a code. */
export interface CodeName {
  readonly phoneNumber: string;
  readonly phoneCodeHash: string;
}

/** Returns the name of a token's code. Throws `otherSession` if another session asked for it. */
export async function codeNameOf(
  context: SignInContext,
  token: LoginToken | SignUpToken,
  doing: string,
  options: StepOptions,
): Promise<CodeName> {
  const opened = token?.kind === "signUp" ? openSignUpToken(token) : openLoginToken(token);
  return {
    phoneNumber: token.phone,
    phoneCodeHash: await secretOf(context, opened, doing, options),
  };
}
