/**
 * The 2FA password of somebody who is signed in: setting, changing, removing it, its hint, its recovery email, and the reset
 * of one that is forgotten. https://core.telegram.org/api/srp. Signing in with it is in password.ts; what is done here is in
 * password_steps.ts.
 */
import type { SignInContext, StepOptions } from "../context.ts";
import { loadSteps } from "../later.ts";
import type { PasswordRecovery, RecoveredPassword } from "./recovery.ts";
import type { PasswordChange, PasswordReset, PasswordStatus } from "./status.ts";
import type { User } from "../user.ts";

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
    const { passwordStatus } = await loadSteps();
    return await passwordStatus(this.#context, options);
  }

  /**
   * Sets a password, when there is none.
   *
   * @throws {SignInError} `passwordNeeded` if there is one, `passwordEmpty`, `emailInvalid`, `emailNotAllowed` and others.
   */
  async set(newPassword: string, options: NewPasswordOptions = {}): Promise<PasswordChange> {
    const { setPassword } = await loadSteps();
    return await setPassword(this.#context, newPassword, options);
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
    const { changePassword } = await loadSteps();
    return await changePassword(this.#context, password, newPassword, options);
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
    const { removePassword } = await loadSteps();
    await removePassword(this.#context, password, options);
  }

  /** The recovery email of the password, if there is one. Throws as {@linkcode remove}. */
  async recoveryEmail(password: string, options: StepOptions = {}): Promise<string | undefined> {
    const { askForRecoveryEmail } = await loadSteps();
    return await askForRecoveryEmail(this.#context, password, options);
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
    const { setRecoveryEmail } = await loadSteps();
    return await setRecoveryEmail(this.#context, password, email, options);
  }

  /**
   * Confirms the recovery email with the code that went there: the change that waits for it holds then.
   *
   * @throws {SignInError} `codeInvalid`, `codeEmpty`, `codeExpired`, `flood` and others.
   */
  async confirmRecoveryEmail(code: string, options: StepOptions = {}): Promise<void> {
    const { confirmRecoveryEmail } = await loadSteps();
    await confirmRecoveryEmail(this.#context, code, options);
  }

  /** Has the code for the recovery email sent again. Throws `codeExpired` if no change waits for it. */
  async resendRecoveryEmailCode(options: StepOptions = {}): Promise<void> {
    const { resendRecoveryEmailCode } = await loadSteps();
    await resendRecoveryEmailCode(this.#context, options);
  }

  /** Gives up the change that waits for the recovery email. Throws `codeExpired` if there is none. */
  async cancelRecoveryEmail(options: StepOptions = {}): Promise<void> {
    const { cancelRecoveryEmail } = await loadSteps();
    await cancelRecoveryEmail(this.#context, options);
  }

  /** Has a code sent to the recovery email, when the password is forgotten. Throws `recoveryUnavailable` without one. */
  async requestRecovery(options: StepOptions = {}): Promise<PasswordRecovery> {
    const { sendRecoveryCode } = await loadSteps();
    return await sendRecoveryCode(this.#context, options);
  }

  /** Whether that code is right; it stays good. Throws `codeInvalid` or `codeExpired` if not. */
  async checkRecoveryCode(code: string, options?: StepOptions): Promise<void> {
    const { checkRecoveryCode } = await loadSteps();
    await checkRecoveryCode(this.#context, code, options);
  }

  /** Puts a new password, or none, in the place of a forgotten one, with the code that went to the recovery email. */
  async recover(
    code: string,
    recovered?: RecoveredPassword,
    options: StepOptions = {},
  ): Promise<User> {
    const { replaceForgottenPassword } = await loadSteps();
    return await replaceForgottenPassword(this.#context, code, recovered, options);
  }

  /**
   * Asks for a forgotten password to be removed, which Telegram does after a week unless it is cancelled. Asking again when the
   * week is over removes it. Only somebody who is signed in can ask.
   *
   * @throws {SignInError} `passwordNotSet` if there is none, and others.
   */
  async requestReset(options: StepOptions = {}): Promise<PasswordReset> {
    const { requestPasswordReset } = await loadSteps();
    return await requestPasswordReset(this.#context, options);
  }

  /** Cancels the reset. Throws `passwordResetMissing` if none was requested. */
  async cancelReset(options: StepOptions = {}): Promise<void> {
    const { cancelPasswordReset } = await loadSteps();
    await cancelPasswordReset(this.#context, options);
  }
}
