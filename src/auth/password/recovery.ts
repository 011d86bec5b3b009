/**
 * The way around a forgotten 2FA password: a code sent to its recovery email, for a person who has
 * entered the login code or is signed in. https://core.telegram.org/api/srp#email-verification
 */
import { RpcError } from "../../connection/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { finishSignIn } from "../current_user.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { readCode } from "../input/code.ts";
import { invokeStep } from "../invoke_step.ts";
import { secretOf } from "../tokens/opened_token.ts";
import {
  openPasswordToken,
  type PasswordToken,
  refreshPasswordToken,
} from "../tokens/password_token.ts";
import type { User } from "../user.ts";
import { fetchPassword } from "./parameters.ts";
import { makeNewPassword } from "./proof.ts";

const RECOVERING = "recover the 2FA password";

/** The email address that a recovery code was sent to. */
export interface PasswordRecovery {
  /** The recovery email, with most of it hidden. */
  readonly emailPattern: string;
}

/** The password after its recovery. */
export interface RecoveredPassword {
  /** The new password. Without it the account has no password any more. */
  newPassword?: string;
  /** A reminder of the new password, shown to everybody who has the login code. */
  hint?: string;
}

/** Has Telegram send a code to the recovery email of the 2FA password. */
export async function sendRecoveryCode(
  context: SignInContext,
  options: StepOptions,
): Promise<PasswordRecovery> {
  const request = { _: "auth.requestPasswordRecovery" } as const;
  const { emailPattern } = await invokeStep(context, request, RECOVERING, options);
  return { emailPattern };
}

/** Has Telegram send a recovery code during a sign-in. */
export async function requestPasswordRecovery(
  context: SignInContext,
  token: PasswordToken,
  options: StepOptions = {},
): Promise<PasswordRecovery> {
  await secretOf(context, openPasswordToken(token), RECOVERING, options);
  if (!token.hasRecovery) throw new SignInError("recoveryUnavailable", { doing: RECOVERING });
  return await sendRecoveryCode(context, options);
}

/** Checks a recovery code before a new password is asked for. The code stays good. */
export async function checkRecoveryCode(
  context: SignInContext,
  code: string,
  options: StepOptions = {},
): Promise<void> {
  const request = { _: "auth.checkRecoveryPassword", code: readCode(code, RECOVERING) } as const;
  await invokeStep(context, request, RECOVERING, options);
}

/** Signs in with a recovery code in the place of the 2FA password, which is replaced or removed. */
export async function recoverPassword(
  context: SignInContext,
  token: PasswordToken,
  code: string,
  recovered: RecoveredPassword = {},
  options: StepOptions = {},
): Promise<User> {
  const given = readCode(code, RECOVERING);
  let parameters = await secretOf(context, openPasswordToken(token), RECOVERING, options);
  for (let refreshed = false;; refreshed = true) {
    const newSettings = newSettingsOf(context, parameters, recovered);
    try {
      const request = { _: "auth.recoverPassword", code: given, newSettings } as const;
      return await finishSignIn(context, await context.invoke(request, options), options);
    } catch (error) {
      const isOutOfDate = error instanceof RpcError && error.is("NEW_SALT_INVALID");
      if (refreshed || !isOutOfDate) throw toSignInError(error, RECOVERING);
      parameters = await fetchPassword(context, options, RECOVERING);
      refreshPasswordToken(token, parameters);
    }
  }
}

function newSettingsOf(
  context: SignInContext,
  { newAlgo }: Api.account.password,
  { newPassword, hint = "" }: RecoveredPassword,
): Api.account.passwordInputSettings | undefined {
  if (newPassword === undefined) return undefined;
  const made = makeNewPassword(context, newAlgo, newPassword, hint, RECOVERING);
  return { _: "account.passwordInputSettings", ...made };
}
