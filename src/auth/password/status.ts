/**
 * What Telegram tells of a 2FA password, and of a change of it: https://core.telegram.org/constructor/account.password
 */
import type { Api } from "../../tl/mod.ts";

/** What is known of the 2FA password of the account. */
export interface PasswordStatus {
  /** Whether there is one. */
  readonly isSet: boolean;
  /** What reminds of it, if anything. */
  readonly hint?: string;
  /** Whether it can be recovered by email. */
  readonly hasRecoveryEmail: boolean;
  /** The address, with most of it hidden, that still has to be confirmed before the last change holds. */
  readonly unconfirmedEmailPattern?: string;
  /** When the password will be removed, if a reset was requested. */
  readonly resetDate?: Date;
  /** Whether Telegram Passport data are encrypted with it, which are lost when it is replaced. */
  readonly hasPassportData: boolean;
  /** The address, with most of it hidden, to which login codes go. */
  readonly loginEmailPattern?: string;
}

/**
 * How a change went. `"emailUnconfirmed"`: nothing of it holds until the code that went to the recovery email is given to
 * {@linkcode PasswordSettings.confirmRecoveryEmail}.
 */
export type PasswordChange =
  | {
    /** It holds. */
    readonly status: "done";
  }
  | {
    /** It waits for the recovery email to be confirmed. */
    readonly status: "emailUnconfirmed";
    /** How many digits the code has that went there, where Telegram says so. */
    readonly codeLength?: number;
  };

/** How a request to remove a forgotten password went. */
export type PasswordReset =
  | {
    /** There is no password any more. */
    readonly status: "done";
  }
  | {
    /** It can be removed at that time, by asking once more. */
    readonly status: "pending";
    /** When. */
    readonly until: Date;
  }
  | {
    /** A request was cancelled not long ago. */
    readonly status: "tooSoon";
    /** When the next one can be made. */
    readonly retryAt: Date;
  };

/** What is known of a password, from Telegram's words. */
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

/** How a request to remove a forgotten password went, from Telegram's words. */
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

function dateOf(seconds: number): Date {
  return new Date(seconds * 1000);
}
