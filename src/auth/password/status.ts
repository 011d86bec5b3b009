/**
 * The state of a 2FA password and of a change of it:
 * https://core.telegram.org/constructor/account.password
 */
import type { Api } from "../../tl/mod.ts";
import { dateOf } from "../date.ts";

/** The state of the account's 2FA password. */
export interface PasswordStatus {
  /** Whether the account has a password. */
  readonly isSet: boolean;
  /** The reminder of the password, if there is one. */
  readonly hint?: string;
  /** Whether it can be recovered by email. */
  readonly hasRecoveryEmail: boolean;
  /**
   * The address, with most of it hidden, that still has to be confirmed before the last change
   * holds.
   */
  readonly unconfirmedEmailPattern?: string;
  /** When the password will be removed, if a reset was requested. */
  readonly resetDate?: Date;
  /** Whether Telegram Passport data are encrypted with it, which are lost when it is replaced. */
  readonly hasPassportData: boolean;
  /** The address, with most of it hidden, to which login codes go. */
  readonly loginEmailPattern?: string;
}

/**
 * The outcome of a change. `"emailUnconfirmed"`: the change is done only when the code sent to the
 * recovery email is passed to {@linkcode PasswordSettings.confirmRecoveryEmail}.
 */
export type PasswordChange =
  | {
    /** The change is done. */
    readonly status: "done";
  }
  | {
    /** The change waits until the recovery email is confirmed. */
    readonly status: "emailUnconfirmed";
    /** The number of digits of the code in that email, where Telegram names it. */
    readonly codeLength?: number;
  };

/** The outcome of a request to remove a forgotten password. */
export type PasswordReset =
  | {
    /** The password is removed. */
    readonly status: "done";
  }
  | {
    /** The password can be removed at `until`, by a second request. */
    readonly status: "pending";
    /** The date from which on it can be removed. */
    readonly until: Date;
  }
  | {
    /** An earlier request was cancelled not long ago. */
    readonly status: "tooSoon";
    /** The date from which on the next request is possible. */
    readonly retryAt: Date;
  };

/** Reads Telegram's answer about a password. */
export function readStatus(password: Api.account.password): PasswordStatus {
  const { hasPassword = false, hasRecovery = false, pendingResetDate } = password;
  return {
    isSet: hasPassword,
    hint: password.hint,
    hasRecoveryEmail: hasRecovery,
    hasPassportData: password.hasSecureValues ?? false,
    unconfirmedEmailPattern: password.emailUnconfirmedPattern,
    resetDate: pendingResetDate === undefined ? undefined : dateOf(pendingResetDate),
    loginEmailPattern: password.loginEmailPattern,
  };
}

/** Reads Telegram's answer to a request to remove a forgotten password. */
export function readReset(result: Api.account.ResetPasswordResult): PasswordReset {
  switch (result._) {
    case "account.resetPasswordOk":
      return { status: "done" };
    case "account.resetPasswordRequestedWait":
      return { status: "pending", until: dateOf(result.untilDate) };
    case "account.resetPasswordFailedWait":
      return { status: "tooSoon", retryAt: dateOf(result.retryDate) };
  }
}
