/**
 * The 2FA password of the account that is signed in: setting, changing and removing it, its hint,
 * its recovery email, and the reset of a forgotten one. https://core.telegram.org/api/srp. Signing
 * in with it is in check_password.ts.
 */
import { RpcError } from "../../connection/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { SignInError, toSignInError } from "../errors.ts";
import { readCode } from "../input/code.ts";
import { readEmail } from "../input/email.ts";
import { invokeStep } from "../invoke_step.ts";
import { PasswordToken } from "../tokens/password_token.ts";
import type { User } from "../user.ts";
import { fetchPassword } from "./parameters.ts";
import { callWithProof, makeNewPassword } from "./proof.ts";
import {
  checkRecoveryCode,
  type PasswordRecovery,
  type RecoveredPassword,
  recoverPassword,
  sendRecoveryCode,
} from "./recovery.ts";
import {
  type PasswordChange,
  type PasswordReset,
  type PasswordStatus,
  readReset,
  readStatus,
} from "./status.ts";

/** How a password is replaced. */
export interface ReplaceOptions extends StepOptions {
  /**
   * Replace the password even if this loses the account's Telegram Passport data, which are
   * encrypted with it. By default such a change is refused with `passportDataAtRisk`.
   */
  discardPassportData?: boolean;
}

/** The options of a new password. */
export interface NewPasswordOptions extends ReplaceOptions {
  /** A reminder of the password, shown to everybody who has the login code. None by default. */
  hint?: string;
  /** The address by which a forgotten password can be recovered. Stays as it is by default. */
  recoveryEmail?: string;
}

/** The settings that remove a password. */
const REMOVAL: Api.account.passwordInputSettings = {
  _: "account.passwordInputSettings",
  newAlgo: { _: "passwordKdfAlgoUnknown" },
  newPasswordHash: new Uint8Array(),
  hint: "",
};

/**
 * The 2FA password of the account that is signed in: `client.password`.
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

  /** Made by the client. */
  constructor(context: SignInContext) {
    this.#context = context;
  }

  /** Returns the state of the password. */
  async status(options: StepOptions = {}): Promise<PasswordStatus> {
    return readStatus(await fetchPassword(this.#context, options, "ask about the 2FA password"));
  }

  /**
   * Sets a password, when the account has none.
   *
   * @throws {SignInError} `passwordNeeded` if it has one, `passwordEmpty`, `emailInvalid`,
   * `emailNotAllowed` and others.
   */
  async set(newPassword: string, options: NewPasswordOptions = {}): Promise<PasswordChange> {
    const doing = "set the 2FA password";
    const parameters = await fetchPassword(this.#context, options, doing);
    if (parameters.hasPassword) {
      const text = "the account has a password. Use change() with the present one.";
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
   * @throws {SignInError} `passwordInvalid`, `passwordNotSet`, `passwordEmpty`, `emailInvalid`,
   * `flood` and others.
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
   * Changes the hint. Telegram takes a hint only with a new password, so the same password is set
   * again.
   *
   * @throws {SignInError} the reasons of {@linkcode change}.
   */
  async setHint(password: string, hint: string, options: ReplaceOptions = {}): Promise<void> {
    await this.change(password, password, { ...options, hint });
  }

  /**
   * Removes the password and its recovery email.
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

  /**
   * Returns the recovery email of the password, if there is one.
   *
   * @throws {SignInError} the reasons of {@linkcode remove}.
   */
  async recoveryEmail(password: string, options: StepOptions = {}): Promise<string | undefined> {
    const settings = await this.#prove(
      password,
      "ask for the recovery email",
      options,
      (proof) =>
        this.#context.invoke({ _: "account.getPasswordSettings", password: proof }, options),
    );
    return settings.email;
  }

  /**
   * Sets the recovery email of the password; `""` removes it.
   *
   * @throws {SignInError} `passwordInvalid`, `passwordNotSet`, `emailInvalid`, `emailNotAllowed`,
   * `flood` and others.
   */
  async setRecoveryEmail(
    password: string,
    email: string,
    options: StepOptions = {},
  ): Promise<PasswordChange> {
    const doing = "set the recovery email";
    const newSettings: Api.account.passwordInputSettings = {
      _: "account.passwordInputSettings",
      email: email === "" ? "" : readEmail(email, doing),
    };
    return await this.#prove(
      password,
      doing,
      options,
      (proof) => this.#update(proof, newSettings, options),
    );
  }

  /**
   * Confirms the recovery email with the code that was sent there. The change that waits for it is
   * then done.
   *
   * @throws {SignInError} `codeInvalid`, `codeEmpty`, `codeExpired`, `flood` and others.
   */
  async confirmRecoveryEmail(code: string, options: StepOptions = {}): Promise<void> {
    const doing = "confirm the recovery email";
    const request = { _: "account.confirmPasswordEmail", code: readCode(code, doing) } as const;
    await invokeStep(this.#context, request, doing, options);
  }

  /**
   * Has the code for the recovery email sent again. Throws `codeExpired` if no change waits for it.
   */
  async resendRecoveryEmailCode(options: StepOptions = {}): Promise<void> {
    const request = { _: "account.resendPasswordEmail" } as const;
    await invokeStep(this.#context, request, "send the code again", options);
  }

  /**
   * Cancels the change that waits for the recovery email. Throws `codeExpired` if there is none.
   */
  async cancelRecoveryEmail(options: StepOptions = {}): Promise<void> {
    const request = { _: "account.cancelPasswordEmail" } as const;
    await invokeStep(this.#context, request, "cancel the recovery email", options);
  }

  /**
   * Has a code sent to the recovery email. Throws `recoveryUnavailable` if there is no such email.
   */
  async requestRecovery(options: StepOptions = {}): Promise<PasswordRecovery> {
    return await sendRecoveryCode(this.#context, options);
  }

  /**
   * Checks a recovery code, which stays good. Throws `codeInvalid` or `codeExpired` if it is wrong.
   */
  async checkRecoveryCode(code: string, options?: StepOptions): Promise<void> {
    await checkRecoveryCode(this.#context, code, options);
  }

  /**
   * Replaces or removes a forgotten password, with the code that was sent to the recovery email.
   */
  async recover(
    code: string,
    recovered?: RecoveredPassword,
    options: StepOptions = {},
  ): Promise<User> {
    const parameters = await fetchPassword(this.#context, options, "recover the 2FA password");
    const token = new PasswordToken(parameters);
    return await recoverPassword(this.#context, token, code, recovered, options);
  }

  /**
   * Asks Telegram to remove a forgotten password. Telegram does so when asked again a week later,
   * unless the reset is cancelled.
   *
   * @throws {SignInError} `passwordNotSet` if there is none, and others.
   */
  async requestReset(options: StepOptions = {}): Promise<PasswordReset> {
    const request = { _: "account.resetPassword" } as const;
    return readReset(await invokeStep(this.#context, request, "reset the 2FA password", options));
  }

  /** Cancels the pending reset. Throws `passwordResetMissing` if there is none. */
  async cancelReset(options: StepOptions = {}): Promise<void> {
    const request = { _: "account.declinePasswordReset" } as const;
    await invokeStep(this.#context, request, "cancel the reset", options);
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
      await this.#context.invoke(request, options);
      return { status: "done" };
    } catch (error) {
      if (!(error instanceof RpcError && error.is("EMAIL_UNCONFIRMED"))) throw error;
      return { status: "emailUnconfirmed", codeLength: error.value };
    }
  }
}

/**
 * Refuses to lose Passport data, which are encrypted with the password. This library does not
 * encrypt them anew.
 */
function keepPassportData(
  { hasSecureValues }: Api.account.password,
  { discardPassportData }: ReplaceOptions,
  doing: string,
): void {
  if (hasSecureValues && !discardPassportData) {
    throw new SignInError("passportDataAtRisk", { doing });
  }
}
