/**
 * The parameters that a 2FA password is proved with.
 * https://core.telegram.org/method/account.getPassword
 */
import { RpcError } from "../../connection/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { toSignInError } from "../errors.ts";
import { invokeStep } from "../invoke_step.ts";
import { PasswordToken } from "../tokens/password_token.ts";
import { originOf } from "../tokens/token_origin.ts";

const CHECKING = "check the 2FA password";

/** Asks for the parameters of the password. They are good for one proof, and for a short time. */
export async function fetchPassword(
  context: SignInContext,
  options: StepOptions,
  doing: string = CHECKING,
): Promise<Api.account.password> {
  return await invokeStep(context, { _: "account.getPassword" }, doing, options);
}

/** Runs calls that sign in. Returns the token for the 2FA password if Telegram asks for it. */
export async function orPasswordToken<T>(
  context: SignInContext,
  doing: string,
  options: StepOptions,
  signIn: () => Promise<T>,
): Promise<T | PasswordToken> {
  try {
    return await signIn();
  } catch (error) {
    const needsPassword = error instanceof RpcError && error.is("SESSION_PASSWORD_NEEDED");
    if (!needsPassword) throw toSignInError(error, doing);
    const password = await fetchPassword(context, options);
    return new PasswordToken(password, originOf(context.session.state));
  }
}
