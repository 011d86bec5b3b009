/**
 * The 2FA password of somebody who is signed in: setting, changing, removing it, its hint, its recovery email, and the reset
 * of one that is forgotten. https://core.telegram.org/api/srp. Signing in with it is in password.ts.
 */
import { RpcError } from "../connection/mod.ts";
import type { Api } from "../tl/mod.ts";
import { invokeAtHome, type MethodCall, type SignInContext, type StepOptions } from "./context.ts";
import { SignInError, toSignInError } from "./errors.ts";
import { readCode } from "./given_code.ts";
import { readEmail } from "./login_email.ts";
import {
  checkRecoveryCode,
  type PasswordRecovery,
  type RecoveredPassword,
  recoverPassword,
  sendRecoveryCode,
} from "./password_recovery.ts";
import { callWithProof, fetchPassword, makeNewPassword } from "./password_proof.ts";
import {
  type PasswordChange,
  type PasswordReset,
  type PasswordStatus,
  readReset,
  readStatus,
} from "./password_status.ts";
import { PasswordToken } from "./tokens.ts";
import type { User } from "./user.ts";

/** How a password is replaced. */
export interface ReplaceOptions extends StepOptions {
  /**
   * Replace the password even if that loses the account's Telegram Passport data, which are encrypted with it. Without, a
   * change that would is refused with `passportDataAtRisk`.
   */
  discardPassportData?: boolean;
}

/** What comes with a new password. */
export interface NewPasswordOptions extends ReplaceOptions {
  /** What reminds of it; everybody who has the login code sees it. None unless given. */
  hint?: string;
  /** Where a forgotten password can be recovered. As before unless given. */
  recoveryEmail?: string;
}

const REMOVAL: Api.account.passwordInputSettings = {
  _: "account.passwordInputSettings",
  newAlgo: { _: "passwordKdfAlgoUnknown" },
  newPasswordHash: new Uint8Array(),
  hint: "",
};

/**
 * The 2FA password of the account, of somebody who is signed in: `client.password`.
 *
 * @example Set a password, change it and remove it
 * ```ts
 * import { Client, StringSession } from "@tessera/mtproto";
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * const { apiId, apiHash, clientOptions } = telegram;
 * await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
 * await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
 * await client.password.set("correct horse", { hint: "battery" });
 * await client.password.change("correct horse", "staple");
 * await client.password.remove("staple");
 * console.log((await client.password.status()).isSet); // false
 * ```
 */
export class PasswordSettings {
  readonly #context: SignInContext;

  /** The settings of the account that is signed in there. */
  constructor(context: SignInContext) {
    this.#context = context;
  }

  /** What is known of the password. */
  async status(options: StepOptions = {}): Promise<PasswordStatus> {
    return readStatus(await fetchPassword(this.#context, options, "ask about the 2FA password"));
  }

  /**
   * Sets a password, when there is none.
   *
   * @throws {SignInError} `passwordNeeded` if there is one, `passwordEmpty`, `emailInvalid`, `emailNotAllowed` and others.
   */
  async set(newPassword: string, options: NewPasswordOptions = {}): Promise<PasswordChange> {
    const doing = "set the 2FA password";
    const parameters = await fetchPassword(this.#context, options, doing);
    if (parameters.hasPassword) {
      const text = "the account has a password, expected change() with the present one";
      throw new SignInError("passwordNeeded", { doing, text });
    }
    const newSettings = this.#settingsOf(parameters, newPassword, options, doing);
    try {
      return await this.#update({ _: "inputCheckPasswordEmpty" }, newSettings, options);
    } catch (error) {
      throw toSignInError(error, doing);
    }
  }

  /**
   * Changes the password.
   *
   * @throws {SignInError} `passwordInvalid`, `passwordNotSet`, `passwordEmpty`, `emailInvalid`, `flood` and others.
   */
  async change(
    password: string,
    newPassword: string,
    options: NewPasswordOptions = {},
  ): Promise<PasswordChange> {
    const doing = "change the 2FA password";
    return await this.#prove(password, doing, options, (proof, parameters) => {
      keepPassportData(parameters, options, doing);
      const newSettings = this.#settingsOf(parameters, newPassword, options, doing);
      return this.#update(proof, newSettings, options);
    });
  }

  /**
   * Changes the hint. Telegram takes a hint with a new password only, so the same one is set anew.
   *
   * @throws {SignInError} as {@linkcode change}.
   */
  async setHint(password: string, hint: string, options: ReplaceOptions = {}): Promise<void> {
    await this.change(password, password, { ...options, hint });
  }

  /**
   * Removes the password, and with it its recovery email.
   *
   * @throws {SignInError} `passwordInvalid`, `passwordNotSet`, `flood` and others.
   */
  async remove(password: string, options: ReplaceOptions = {}): Promise<void> {
    const doing = "remove the 2FA password";
    await this.#prove(password, doing, options, (proof, parameters) => {
      keepPassportData(parameters, options, doing);
      return this.#update(proof, REMOVAL, options);
    });
  }

  /** The recovery email of the password, if there is one. Throws as {@linkcode remove}. */
  async recoveryEmail(password: string, options: StepOptions = {}): Promise<string | undefined> {
    const doing = "ask for the recovery email";
    const settings = await this.#prove(password, doing, options, (proof) =>
      invokeAtHome(
        this.#context,
        { _: "account.getPasswordSettings", password: proof },
        options,
      ));
    return settings.email;
  }

  /**
   * Sets the recovery email of the password; `""` removes it.
   *
   * @throws {SignInError} `passwordInvalid`, `passwordNotSet`, `emailInvalid`, `emailNotAllowed`, `flood` and others.
   */
  async setRecoveryEmail(
    password: string,
    email: string,
    options: StepOptions = {},
  ): Promise<PasswordChange> {
    const doing = "set the recovery email";
    const address = email === "" ? "" : readEmail(email, doing);
    return await this.#prove(
      password,
      doing,
      options,
      (proof) =>
        this.#update(proof, { _: "account.passwordInputSettings", email: address }, options),
    );
  }

  /**
   * Confirms the recovery email with the code that went there: the change that waits for it holds then.
   *
   * @throws {SignInError} `codeInvalid`, `codeEmpty`, `codeExpired`, `flood` and others.
   */
  async confirmRecoveryEmail(code: string, options: StepOptions = {}): Promise<void> {
    const doing = "confirm the recovery email";
    const given = readCode(code);
    if (given === "") throw new SignInError("codeEmpty", { doing });
    await this.#call({ _: "account.confirmPasswordEmail", code: given }, doing, options);
  }

  /** Has the code for the recovery email sent again. Throws `codeExpired` if no change waits for it. */
  async resendRecoveryEmailCode(options: StepOptions = {}): Promise<void> {
    await this.#call({ _: "account.resendPasswordEmail" }, "send the code again", options);
  }

  /** Gives up the change that waits for the recovery email. Throws `codeExpired` if there is none. */
  async cancelRecoveryEmail(options: StepOptions = {}): Promise<void> {
    await this.#call({ _: "account.cancelPasswordEmail" }, "cancel the recovery email", options);
  }

  /** Has a code sent to the recovery email, when the password is forgotten. Throws `recoveryUnavailable` without one. */
  requestRecovery(options: StepOptions = {}): Promise<PasswordRecovery> {
    return sendRecoveryCode(this.#context, options);
  }

  /** Whether that code is right; it stays good. Throws `codeInvalid` or `codeExpired` if not. */
  checkRecoveryCode(code: string, options?: StepOptions): Promise<void> {
    return checkRecoveryCode(this.#context, code, options);
  }

  /** Puts a new password, or none, in the place of a forgotten one, with the code that went to the recovery email. */
  async recover(
    code: string,
    recovered?: RecoveredPassword,
    options: StepOptions = {},
  ): Promise<User> {
    const password = await fetchPassword(this.#context, options, "recover the 2FA password");
    const token = new PasswordToken(password);
    return await recoverPassword(this.#context, token, code, recovered, options);
  }

  /**
   * Asks for a forgotten password to be removed, which Telegram does after a week unless it is cancelled. Asking again when the
   * week is over removes it. Only somebody who is signed in can ask.
   *
   * @throws {SignInError} `passwordNotSet` if there is none, and others.
   */
  async requestReset(options: StepOptions = {}): Promise<PasswordReset> {
    const request = { _: "account.resetPassword" } as const;
    return readReset(await this.#call(request, "reset the 2FA password", options));
  }

  /** Cancels the reset. Throws `passwordResetMissing` if none was requested. */
  async cancelReset(options: StepOptions = {}): Promise<void> {
    await this.#call({ _: "account.declinePasswordReset" }, "cancel the reset", options);
  }

  async #call<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    doing: string,
    options: StepOptions,
  ): Promise<Api.Methods[M]["result"]> {
    try {
      return await invokeAtHome(this.#context, request, options);
    } catch (error) {
      throw toSignInError(error, doing);
    }
  }

  async #prove<T>(
    password: string,
    doing: string,
    options: StepOptions,
    call: (proof: Api.InputCheckPasswordSRP, parameters: Api.account.password) => Promise<T>,
  ): Promise<T> {
    const parameters = await fetchPassword(this.#context, options, doing);
    if (!parameters.hasPassword) throw new SignInError("passwordNotSet", { doing });
    return await callWithProof(this.#context, { parameters, password, doing, call }, options);
  }

  #settingsOf(
    { newAlgo }: Api.account.password,
    newPassword: string,
    { hint = "", recoveryEmail }: NewPasswordOptions,
    doing: string,
  ): Api.account.passwordInputSettings {
    const email = recoveryEmail === undefined ? undefined : readEmail(recoveryEmail, doing);
    const made = makeNewPassword(this.#context, newAlgo, newPassword, hint, doing);
    return { _: "account.passwordInputSettings", ...made, email };
  }

  async #update(
    password: Api.InputCheckPasswordSRP,
    newSettings: Api.account.passwordInputSettings,
    options: StepOptions,
  ): Promise<PasswordChange> {
    try {
      const request = { _: "account.updatePasswordSettings", password, newSettings } as const;
      await invokeAtHome(this.#context, request, options);
      return { status: "done" };
    } catch (error) {
      if (!(error instanceof RpcError && error.is("EMAIL_UNCONFIRMED"))) throw error;
      return { status: "emailUnconfirmed", codeLength: error.value };
    }
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
