/**
 * What is done with the 2FA password of somebody who is signed in: the steps behind password_settings.ts. https://core.telegram.org/api/srp
 */
import { RpcError } from "../../connection/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { call } from "../invoke_step.ts";
import { invokeAtHome, type SignInContext, type StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { readCode } from "../input/code.ts";
import { readEmail } from "../code/login_email.ts";
import { callWithProof, fetchPassword, makeNewPassword } from "./proof.ts";
import { type RecoveredPassword, recoverPassword } from "./recovery.ts";
import type { NewPasswordOptions, ReplaceOptions } from "./settings.ts";
import {
  type PasswordChange,
  type PasswordReset,
  type PasswordStatus,
  readReset,
  readStatus,
} from "./status.ts";
import { PasswordToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

const REMOVAL: Api.account.passwordInputSettings = {
  _: "account.passwordInputSettings",
  newAlgo: { _: "passwordKdfAlgoUnknown" },
  newPasswordHash: new Uint8Array(),
  hint: "",
};

/** What is known of the password. */
export async function passwordStatus(
  context: SignInContext,
  options: StepOptions,
): Promise<PasswordStatus> {
  return readStatus(await fetchPassword(context, options, "ask about the 2FA password"));
}

/** Sets a password, when there is none. */
export async function setPassword(
  context: SignInContext,
  newPassword: string,
  options: NewPasswordOptions,
): Promise<PasswordChange> {
  const doing = "set the 2FA password";
  const parameters = await fetchPassword(context, options, doing);
  if (parameters.hasPassword) {
    const text = "the account has a password, expected change() with the present one";
    throw new SignInError("passwordNeeded", { doing, text });
  }
  const newSettings = settingsOf(context, parameters, newPassword, options, doing);
  try {
    return await update(context, { _: "inputCheckPasswordEmpty" }, newSettings, options);
  } catch (error) {
    throw toSignInError(error, doing);
  }
}

/** Changes the password. */
export async function changePassword(
  context: SignInContext,
  password: string,
  newPassword: string,
  options: NewPasswordOptions,
): Promise<PasswordChange> {
  const doing = "change the 2FA password";
  return await prove(context, password, doing, options, (proof, parameters) => {
    keepPassportData(parameters, options, doing);
    const newSettings = settingsOf(context, parameters, newPassword, options, doing);
    return update(context, proof, newSettings, options);
  });
}

/** Removes the password, and with it its recovery email. */
export async function removePassword(
  context: SignInContext,
  password: string,
  options: ReplaceOptions,
): Promise<void> {
  const doing = "remove the 2FA password";
  await prove(context, password, doing, options, (proof, parameters) => {
    keepPassportData(parameters, options, doing);
    return update(context, proof, REMOVAL, options);
  });
}

/** The recovery email, which Telegram tells only to whoever has the password. */
export async function askForRecoveryEmail(
  context: SignInContext,
  password: string,
  options: StepOptions,
): Promise<string | undefined> {
  const doing = "ask for the recovery email";
  const settings = await prove(
    context,
    password,
    doing,
    options,
    (proof) =>
      invokeAtHome(context, { _: "account.getPasswordSettings", password: proof }, options),
  );
  return settings.email;
}

/** Sets the recovery email; `""` removes it. */
export async function setRecoveryEmail(
  context: SignInContext,
  password: string,
  email: string,
  options: StepOptions,
): Promise<PasswordChange> {
  const doing = "set the recovery email";
  const address = email === "" ? "" : readEmail(email, doing);
  return await prove(
    context,
    password,
    doing,
    options,
    (proof) =>
      update(context, proof, { _: "account.passwordInputSettings", email: address }, options),
  );
}

/** Confirms the recovery email with the code that went there. */
export async function confirmRecoveryEmail(
  context: SignInContext,
  code: string,
  options: StepOptions,
): Promise<void> {
  const doing = "confirm the recovery email";
  const given = readCode(code);
  if (given === "") throw new SignInError("codeEmpty", { doing });
  await call(context, { _: "account.confirmPasswordEmail", code: given }, doing, options);
}

/** Has the code for the recovery email sent again. */
export async function resendRecoveryEmailCode(
  context: SignInContext,
  options: StepOptions,
): Promise<void> {
  await call(context, { _: "account.resendPasswordEmail" }, "send the code again", options);
}

/** Gives up the change that waits for the recovery email. */
export async function cancelRecoveryEmail(
  context: SignInContext,
  options: StepOptions,
): Promise<void> {
  await call(context, { _: "account.cancelPasswordEmail" }, "cancel the recovery email", options);
}

/** Puts a new password, or none, in the place of a forgotten one. */
export async function replaceForgottenPassword(
  context: SignInContext,
  code: string,
  recovered: RecoveredPassword | undefined,
  options: StepOptions,
): Promise<User> {
  const password = await fetchPassword(context, options, "recover the 2FA password");
  return await recoverPassword(context, new PasswordToken(password), code, recovered, options);
}

/** Asks for a forgotten password to be removed. */
export async function requestPasswordReset(
  context: SignInContext,
  options: StepOptions,
): Promise<PasswordReset> {
  const request = { _: "account.resetPassword" } as const;
  return readReset(await call(context, request, "reset the 2FA password", options));
}

/** Cancels that. */
export async function cancelPasswordReset(
  context: SignInContext,
  options: StepOptions,
): Promise<void> {
  await call(context, { _: "account.declinePasswordReset" }, "cancel the reset", options);
}

async function prove<T>(
  context: SignInContext,
  password: string,
  doing: string,
  options: StepOptions,
  call: (proof: Api.InputCheckPasswordSRP, parameters: Api.account.password) => Promise<T>,
): Promise<T> {
  const parameters = await fetchPassword(context, options, doing);
  if (!parameters.hasPassword) throw new SignInError("passwordNotSet", { doing });
  return await callWithProof(context, { parameters, password, doing, call }, options);
}

function settingsOf(
  context: SignInContext,
  { newAlgo }: Api.account.password,
  newPassword: string,
  { hint = "", recoveryEmail }: NewPasswordOptions,
  doing: string,
): Api.account.passwordInputSettings {
  const email = recoveryEmail === undefined ? undefined : readEmail(recoveryEmail, doing);
  const made = makeNewPassword(context, newAlgo, newPassword, hint, doing);
  return { _: "account.passwordInputSettings", ...made, email };
}

async function update(
  context: SignInContext,
  password: Api.InputCheckPasswordSRP,
  newSettings: Api.account.passwordInputSettings,
  options: StepOptions,
): Promise<PasswordChange> {
  try {
    const request = { _: "account.updatePasswordSettings", password, newSettings } as const;
    await invokeAtHome(context, request, options);
    return { status: "done" };
  } catch (error) {
    if (!(error instanceof RpcError && error.is("EMAIL_UNCONFIRMED"))) throw error;
    return { status: "emailUnconfirmed", codeLength: error.value };
  }
}

/** Refuses to lose what is encrypted with the password: encrypting it anew is not done here. */
function keepPassportData(
  { hasSecureValues }: Api.account.password,
  { discardPassportData }: ReplaceOptions,
  doing: string,
): void {
  if (hasSecureValues && !discardPassportData) {
    throw new SignInError("passportDataAtRisk", { doing });
  }
}
