/**
 * The way around a forgotten 2FA password: a code that goes to its recovery email, for somebody who has entered the login code
 * or is signed in. https://core.telegram.org/api/srp#email-verification
 */
import { RpcError } from "../../connection/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { finishSignIn } from "../current_user.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { readCode } from "../input/code.ts";
import { fetchPassword, makeNewPassword } from "./proof.ts";
import { passwordOf } from "../tokens/token_origin.ts";
import { type PasswordToken, refreshPassword } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

const RECOVERING = "recover the 2FA password";

/** What a recovery code went to. */
export interface PasswordRecovery {
  /** The recovery email, with most of it hidden. */
  readonly emailPattern: string;
}

/** What the password is to be after its recovery. */
export interface RecoveredPassword {
  /** The new password; the account has none any more without it. */
  newPassword?: string;
  /** What reminds of the new password; everybody who has the login code sees it. */
  hint?: string;
}

/** Has Telegram send a code to the recovery email of the 2FA password. Throws as {@linkcode requestPasswordRecovery}. */
export async function sendRecoveryCode(
  context: SignInContext,
  options: StepOptions,
): Promise<PasswordRecovery> {
  try {
    const request = { _: "auth.requestPasswordRecovery" } as const;
    const { emailPattern } = await invokeAtHome(context, request, options);
    return { emailPattern };
  } catch (error) {
    throw toSignInError(error, RECOVERING);
  }
}

/**
 * Has Telegram send a code to the recovery email of the 2FA password. {@linkcode recoverPassword} takes it.
 *
 * @throws {SignInError} `recoveryUnavailable` if there is no such email, `passwordNotSet`, `flood` and others.
 */
export async function requestPasswordRecovery(
  context: SignInContext,
  token: PasswordToken,
  options: StepOptions = {},
): Promise<PasswordRecovery> {
  await passwordOf(context, token, RECOVERING, options);
  if (!token.hasRecovery) throw new SignInError("recoveryUnavailable", { doing: RECOVERING });
  return await sendRecoveryCode(context, options);
}

/**
 * Whether the code of the recovery email is right, before a new password is asked for. It stays good.
 *
 * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `flood` and others.
 */
export async function checkRecoveryCode(
  context: SignInContext,
  code: string,
  options: StepOptions = {},
): Promise<void> {
  const given = readRecoveryCode(code);
  try {
    await invokeAtHome(context, { _: "auth.checkRecoveryPassword", code: given }, options);
  } catch (error) {
    throw toSignInError(error, RECOVERING);
  }
}

/**
 * Signs in with the code of the recovery email in the place of the 2FA password, which is a new one then, or none.
 *
 * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `passwordSettingsInvalid`, `flood` and others.
 * @throws {SecurityError} if the server's parameters are unsafe.
 */
export async function recoverPassword(
  context: SignInContext,
  token: PasswordToken,
  code: string,
  recovered: RecoveredPassword = {},
  options: StepOptions = {},
): Promise<User> {
  const given = readRecoveryCode(code);
  let parameters = await passwordOf(context, token, RECOVERING, options);
  for (let refreshed = false;; refreshed = true) {
    const newSettings = newSettingsOf(context, parameters, recovered);
    try {
      const request = { _: "auth.recoverPassword", code: given, newSettings } as const;
      return await finishSignIn(context, await invokeAtHome(context, request, options));
    } catch (error) {
      const isOutOfDate = error instanceof RpcError && error.is("NEW_SALT_INVALID");
      if (refreshed || !isOutOfDate) throw toSignInError(error, RECOVERING);
      parameters = await fetchPassword(context, options, RECOVERING);
      refreshPassword(token, parameters);
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

function readRecoveryCode(code: string): string {
  const given = readCode(code);
  if (given === "") throw new SignInError("codeEmpty", { doing: RECOVERING });
  return given;
}
