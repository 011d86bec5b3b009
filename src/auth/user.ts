/**
 * A person or a bot, as the ones who sign in need it: https://core.telegram.org/constructor/user.
 * Whatever else Telegram tells is in `raw`.
 */
import { censor } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import { censorPhone } from "./phone.ts";

/**
 * A user of Telegram, for example the one who has signed in. Printing it shows no more than two digits of the phone
 * number, and nothing of `raw`.
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

  static {
    censor(this.prototype);
  }

  /** From what Telegram told. */
  constructor(raw: Api.user) {
    this.id = raw.id;
    this.firstName = raw.firstName ?? "";
    this.lastName = raw.lastName;
    this.username = raw.username ?? raw.usernames?.find((name) => name.active)?.username;
    this.phone = raw.phone;
    this.isBot = raw.bot ?? false;
    this.raw = raw;
  }

  /** What may be shown of it. */
  toJSON(): Record<string, unknown> {
    const { id, firstName, lastName, username, phone, isBot } = this;
    const shown = { id: String(id), firstName, lastName, username, isBot };
    return phone === undefined ? shown : { ...shown, phone: censorPhone(phone) };
  }
}
