/**
 * A person or a bot: https://core.telegram.org/constructor/user. Fields that have no getter here
 * are in `raw`.
 */
import { censor } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { censorPhone } from "./input/phone.ts";

/** The details of a sign-in: https://core.telegram.org/constructor/auth.authorization */
export interface AuthorizationDetails {
  /** Whether Telegram wants a 2FA password to be set: see {@linkcode Client.password}. */
  readonly setupPasswordRequired: boolean;
  /** If it does and none is set: the days until the account can sign in by SMS again. */
  readonly otherwiseReloginDays?: number;
  /**
   * The number of sessions that may be open to the home data center at once, if more than one:
   * https://core.telegram.org/api/datacenter#parallel-sessions
   */
  readonly tmpSessions?: number;
}

/**
 * A user of Telegram, for example the one who has signed in. Printing it shows no more than two
 * digits of the phone number, and nothing of `raw`.
 */
export class User {
  /** Tells a user apart from the tokens that a step can return instead. */
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
  /** The user as Telegram sent it. */
  readonly raw: Api.user;
  /** The details of the sign-in. Only the step that signs in sets it; `getMe` does not. */
  readonly authorization?: AuthorizationDetails;

  static {
    censor(this.prototype);
  }

  /** Made from Telegram's user, and from the details of a sign-in if it is the outcome of one. */
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

  /** Returns the parts that may be shown. */
  toJSON(): Record<string, unknown> {
    const { id, firstName, lastName, username, phone, isBot } = this;
    const shown = { id: String(id), firstName, lastName, username, isBot };
    return phone === undefined ? shown : { ...shown, phone: censorPhone(phone) };
  }
}
