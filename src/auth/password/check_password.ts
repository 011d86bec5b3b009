/**
 * Signing in with the 2FA password. https://core.telegram.org/api/srp
 * Recovering a forgotten password is in recovery.ts, setting and changing one in settings.ts.
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { finishSignIn } from "../current_user.ts";
import { secretOf } from "../tokens/opened_token.ts";
import {
  openPasswordToken,
  type PasswordToken,
  refreshPasswordToken,
} from "../tokens/password_token.ts";
import type { User } from "../user.ts";
import { callWithProof } from "./proof.ts";

const CHECKING = "check the 2FA password";

/**
 * Signs in with the 2FA password. A token can be used again after a wrong password; if its
 * parameters are too old, fresh ones are fetched, once.
 */
export async function checkPassword(
  context: SignInContext,
  token: PasswordToken,
  password: string,
  options: StepOptions = {},
): Promise<User> {
  const authorization = await callWithProof(context, {
    parameters: await secretOf(context, openPasswordToken(token), CHECKING, options),
    password,
    doing: CHECKING,
    call: (proof) => context.invoke({ _: "auth.checkPassword", password: proof }, options),
    onFresh: (parameters) => refreshPasswordToken(token, parameters),
  }, options);
  return await finishSignIn(context, authorization, options);
}
