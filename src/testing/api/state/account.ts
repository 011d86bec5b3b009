/**
 * The accounts of the offline Telegram: people with a phone number, and bots with a token.
 *
 * A test configures `AccountOptions` and `BotOptions`; the server keeps an `Account` for each.
 * directory.ts finds accounts, and authorizations.ts has the devices on which they are signed in.
 */
import type { Dialogs } from "./dialogs.ts";
import type { StoredFile } from "./files.ts";
import type { Delivery } from "./login_codes.ts";
import type { MessageBox } from "./message_box.ts";
import type { AccountPassword, PasswordSettings, TwoFactor } from "./password.ts";
import type { Copy } from "./post.ts";
import type { SecondaryBox } from "./secondary_box.ts";

/** A person with an account. */
export interface AccountOptions {
  /** In any notation: `+9996621111`, `999 66 2 1111`. */
  readonly phone: string;
  /**
   * The sign-in code, or a function that makes one. By default, a test number (99966XYYYY) has the
   * code X five times, and any other number a random code of five digits.
   * `OfflineApi.lastCode()` returns it.
   */
  readonly code?: string | ((phone: string) => string);
  /** The 2FA password; no password by default. */
  readonly password?: string;
  /** The hint to the password. */
  readonly hint?: string;
  /** The user id; by default the next free number. */
  readonly id?: number | bigint;
  /** The data center of the account; 2 by default. Others answer `PHONE_MIGRATE_2`. */
  readonly dcId?: number;
  /** By default `User` and the last four digits of the number. */
  readonly firstName?: string;
  /** No last name by default. */
  readonly lastName?: string;
  /** Without the `@`; no username by default. */
  readonly username?: string;
  /**
   * The deliveries of its codes, in the order in which resending uses them. By default SMS and
   * call, preceded by the app where the account is signed in on another device.
   */
  readonly codeWays?: readonly [Delivery, ...Delivery[]];
  /** The price of a code to this number; free by default. See `OfflineApi.payForCode()`. */
  readonly codePrice?: CodePrice;
  /** The login email, which receives the codes; no login email by default. */
  readonly loginEmail?: string;
  /** Whether the account must set up a login email before it gets a code; false by default. */
  readonly needsLoginEmail?: boolean;
  /** The email that recovers the 2FA password; no recovery email by default. */
  readonly recoveryEmail?: string;
  /** Whether it has premium: larger files, longer captions; false by default. */
  readonly premium?: boolean;
  /** Whether the number is banned: it gets no code. */
  readonly banned?: boolean;
  /**
   * Makes each sign-in of an account without a 2FA password ask for one
   * (`setup_password_required`). The number is the days after which the account can sign in
   * by SMS again without a password. By default, no sign-in asks for a password.
   */
  readonly otherwiseReloginDays?: number;
  /** The `tmp_sessions` of each sign-in: how many sessions may be open; absent by default. */
  readonly tmpSessions?: number;
}

/** The price of a sign-in code. */
export interface CodePrice {
  /** ISO 4217. */
  readonly currency: string;
  /** In the smallest unit of the currency. */
  readonly amount: bigint;
}

/** A bot. Its user id is the number before the colon of its token. */
export interface BotOptions {
  /** In the form of BotFather: `777:TESTTOKEN`. */
  readonly token: string;
  /** The data center of the bot; 2 by default. Others answer `USER_MIGRATE_2`. */
  readonly dcId?: number;
  /** By default `Bot` and its id. */
  readonly firstName?: string;
  /** Without the `@`; `test_777_bot` by default. */
  readonly username?: string;
  /**
   * Whether it has privacy mode: in groups it receives only commands, mentions and replies to its
   * messages, unless it is an administrator. True by default, as at BotFather.
   */
  readonly privacy?: boolean;
  /** Whether it answers inline queries; true by default, where BotFather begins with false. */
  readonly inline?: boolean;
}

/** An account, of a person or a bot. */
export interface Account {
  readonly id: bigint;
  readonly accessHash: bigint;
  readonly isBot: boolean;
  readonly dcId: number;
  readonly firstName: string;
  readonly lastName?: string;
  username?: string;
  /** Digits only. */
  readonly phone?: string;
  readonly code?: string | ((phone: string) => string);
  readonly premium?: boolean;
  readonly banned?: boolean;
  readonly otherwiseReloginDays?: number;
  readonly tmpSessions?: number;
  readonly codeWays?: readonly [Delivery, ...Delivery[]];
  readonly codePrice?: CodePrice;
  /** The id of the payment form with which its code was paid for. */
  paidForm?: bigint;
  loginEmail?: string;
  needsLoginEmail?: boolean;
  /** When the pending reset of the login email is due, in Unix seconds. */
  loginEmailResetAtSeconds?: number;
  password?: AccountPassword;
  /** The recovery and the reset of the password. */
  readonly twoFactor: TwoFactor;
  /** Its private messages, and those in basic groups. */
  readonly mailbox: MessageBox;
  /** Its events with a qts. */
  readonly secondary: SecondaryBox;
  readonly dialogs: Dialogs;
  /** The messages that it sent, by peer and random id. */
  readonly sent: Map<string, Copy>;
  /** The ids of the users that its clients have received in full, not as `min`. */
  readonly met: Set<bigint>;
  /** The channels that it joined or left, with the dates of the last changes in Unix seconds. */
  readonly channelChanges: Map<bigint, number>;
  /** For a bot: the ids of the users who have ever written to it, to whom it may write. */
  readonly writers: Set<bigint>;
  /** The user ids that it has blocked. */
  readonly blocked: Set<bigint>;
  /** Its profile photos, the newest, which others see, first. */
  readonly photos: StoredFile[];
  /** For a bot: whether groups hide messages from it that are not for it. */
  readonly privacy?: boolean;
  /** For a bot: whether it answers inline queries. */
  readonly inline?: boolean;
}

/** Gives an account a password and a recovery email; ends a pending change and a pending reset. */
export function applyPasswordSettings(
  account: Account,
  { password, recoveryEmail }: PasswordSettings,
): void {
  account.password = password;
  account.twoFactor.recoveryEmail = password && recoveryEmail;
  account.twoFactor.unconfirmed = undefined;
  account.twoFactor.resetAtSeconds = undefined;
}

/** Removes the password if its reset is due. Returns whether it did. */
export function removeDuePassword(account: Account, nowSeconds: number): boolean {
  const { resetAtSeconds } = account.twoFactor;
  if (resetAtSeconds === undefined || nowSeconds < resetAtSeconds) return false;
  applyPasswordSettings(account, { password: undefined, recoveryEmail: undefined });
  return true;
}

/** Removes the login email if its reset is due. */
export function removeDueLoginEmail(account: Account, nowSeconds: number): void {
  const { loginEmailResetAtSeconds } = account;
  if (loginEmailResetAtSeconds === undefined || nowSeconds < loginEmailResetAtSeconds) return;
  account.loginEmail = undefined;
  account.loginEmailResetAtSeconds = undefined;
}
