/**
 * A person or a bot, as the ones who sign in need it: https://core.telegram.org/constructor/user.
 * Whatever else Telegram tells is in `raw`.
 */
import { censor } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { censorPhone } from "./input/phone.ts";

/**
 * What Telegram tells with a sign-in beside who it is:
 * https://core.telegram.org/constructor/auth.authorization
 */
export interface AuthorizationDetails {
  /** Whether Telegram wants a 2FA password to be set: see {@linkcode Client.password}. */
  readonly setupPasswordRequired: boolean;
  /**
   * If it does, and none is set: after how many days one can sign in by SMS again, and not before.
   */
  readonly otherwiseReloginDays?: number;
  /**
   * How many sessions may be open to the home data center at once, if more than the one that this
   * library opens: https://core.telegram.org/api/datacenter#parallel-sessions
   */
  readonly tmpSessions?: number;
}

/**
 * A user of Telegram, for example the one who has signed in. Printing it shows no more than two
 * digits of the phone number, and nothing of `raw`.
 */
export class User {
  /** Tells a user from the tokens that a step can give instead. */
  readonly kind = "user";
  /** The user's id. */
  readonly id: bigint;
  /** The first name; empty for a deleted account. */
  readonly firstName: string;
  /** The last name, if there is one. */
  readonly lastName?: string;
  /** The username without `@`, if there is one; the first active one of several. */
  readonly username?: string;
  /** The phone number without `+`, if it may be seen. */
  readonly phone?: string;
  /** Whether this is a bot. */
  readonly isBot: boolean;
  /** All that Telegram told. */
  readonly raw: Api.user;
  /**
   * What Telegram told when it signed this user in. Only the step that signs in gives it: not
   * `getMe`.
   */
  readonly authorization?: AuthorizationDetails;

  static {
    censor(this.prototype);
  }

  /** From what Telegram told: of the user, and of the sign-in if this is what came of one. */
  constructor(raw: Api.user, authorization?: AuthorizationDetails) {
    this.id = raw.id;
    this.firstName = raw.firstName ?? "";
    this.lastName = raw.lastName;
    this.username = raw.username ?? raw.usernames?.find((name) => name.active)?.username;
    this.phone = raw.phone;
    this.isBot = raw.bot ?? false;
    this.raw = raw;
    this.authorization = authorization;
  }

  /** What may be shown of it. */
  toJSON(): Record<string, unknown> {
    const { id, firstName, lastName, username, phone, isBot } = this;
    const shown = { id: String(id), firstName, lastName, username, isBot };
    return phone === undefined ? shown : { ...shown, phone: censorPhone(phone) };
  }
}
