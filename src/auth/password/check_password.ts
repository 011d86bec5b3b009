/**
 * The second factor: signing in with the 2FA password. https://core.telegram.org/api/srp
 * What to do about a forgotten one is in password_recovery.ts, setting and changing one in password_settings.ts.
 */
import { finishSignIn } from "../current_user.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { callWithProof } from "./proof.ts";
import { passwordOf } from "../tokens/token_origin.ts";
import { type PasswordToken, refreshPassword } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

const CHECKING = "check the 2FA password";

/**
 * Signs in with the 2FA password, after {@linkcode signIn} gave a token for it. A token can be used again after a wrong
 * password; if its parameters have become too old, fresh ones are fetched, once.
 *
 * @throws {SignInError} `passwordInvalid`, `passwordEmpty`, `flood` and others.
 * @throws {SecurityError} if the server's parameters are unsafe.
 */
export async function checkPassword(
  context: SignInContext,
  token: PasswordToken,
  password: string,
  options: StepOptions = {},
): Promise<User> {
  const authorization = await callWithProof(context, {
    parameters: await passwordOf(context, token, CHECKING, options),
    password,
    doing: CHECKING,
    call: (proof) => invokeAtHome(context, { _: "auth.checkPassword", password: proof }, options),
    onFresh: (parameters) => refreshPassword(token, parameters),
  }, options);
  return await finishSignIn(context, authorization);
}
