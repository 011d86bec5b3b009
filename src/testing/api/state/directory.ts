/**
 * All accounts of the offline Telegram, found by user id, phone number, bot token or username.
 */
import { checkFields, type Random, randomLong } from "../../../runtime/mod.ts";
import { phoneDigits } from "../phone_number.ts";
import type { Account, AccountOptions, BotOptions } from "./account.ts";
import { Dialogs } from "./dialogs.ts";
import { MessageBox } from "./message_box.ts";
import { AccountPassword } from "./password.ts";
import { SecondaryBox } from "./secondary_box.ts";

/** The data center of an account that names none. */
export const HOME_DC = 2;
const FIRST_USER_ID = 5_000_001n;

const ACCOUNT_OPTIONS = Object.keys(
  {
    phone: true,
    code: true,
    password: true,
    hint: true,
    id: true,
    dcId: true,
    firstName: true,
    lastName: true,
    username: true,
    codeWays: true,
    codePrice: true,
    loginEmail: true,
    needsLoginEmail: true,
    recoveryEmail: true,
    banned: true,
    otherwiseReloginDays: true,
    tmpSessions: true,
    premium: true,
  } satisfies Record<keyof AccountOptions, true>,
);
const BOT_OPTIONS = Object.keys(
  {
    token: true,
    dcId: true,
    firstName: true,
    username: true,
    privacy: true,
    inline: true,
  } satisfies Record<keyof BotOptions, true>,
);

/** All accounts. */
export class Directory {
  readonly #random: Random;
  readonly #byId = new Map<bigint, Account>();
  readonly #byPhone = new Map<string, Account>();
  readonly #byToken = new Map<string, Account>();
  readonly #byUsername = new Map<string, Account>();
  #nextId = FIRST_USER_ID;

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Adds a person.
   *
   * @throws {TypeError} for a bad phone number, and for a number, a username or an id that is in
   * use
   */
  addAccount(options: AccountOptions): Account {
    checkFields("add an account", options, ACCOUNT_OPTIONS);
    const phone = phoneDigits(options.phone);
    if (phone === undefined) {
      throw new TypeError(
        "Cannot add an account: its phone number is invalid, expected 7 to 15 digits",
      );
    }
    if (this.#byPhone.has(phone)) {
      throw new TypeError(
        "Cannot add an account: its phone number is in use. Choose another number.",
      );
    }
    const { password, hint, recoveryEmail, id, dcId, firstName, ...rest } = options;
    const account: Account = {
      ...rest,
      id: id === undefined ? this.#freeId() : BigInt(id),
      accessHash: randomLong(this.#random),
      isBot: false,
      dcId: dcId ?? HOME_DC,
      firstName: firstName ?? `User ${phone.slice(-4)}`,
      phone,
      password: password === undefined
        ? undefined
        : AccountPassword.of(password, hint, this.#random),
      twoFactor: { recoveryEmail },
      ...emptyBoxes(),
    };
    this.#add(account);
    this.#byPhone.set(phone, account);
    return account;
  }

  /**
   * Adds a bot.
   *
   * @throws {TypeError} for a malformed token, and for a username or an id that is in use
   */
  addBot(options: BotOptions): Account {
    checkFields("add a bot", options, BOT_OPTIONS);
    const id = /^([1-9][0-9]{0,17}):./.exec(options.token)?.[1];
    if (id === undefined) {
      throw new TypeError(
        "Cannot add a bot: its token is malformed, expected digits, a colon and a secret",
      );
    }
    const account: Account = {
      id: BigInt(id),
      accessHash: randomLong(this.#random),
      isBot: true,
      dcId: options.dcId ?? HOME_DC,
      firstName: options.firstName ?? `Bot ${id}`,
      username: options.username ?? `test_${id}_bot`,
      privacy: options.privacy ?? true,
      inline: options.inline ?? true,
      twoFactor: {},
      ...emptyBoxes(),
    };
    this.#add(account);
    this.#byToken.set(options.token, account);
    return account;
  }

  /** Finds an account by a phone number in any notation, a bot token or a user id. */
  find(name: string | bigint): Account | undefined {
    if (typeof name === "bigint") return this.byId(name);
    return this.byPhone(name) ?? this.byToken(name);
  }

  /** Returns all accounts. */
  all(): readonly Account[] {
    return [...this.#byId.values()];
  }

  byId(id: bigint): Account | undefined {
    return this.#byId.get(id);
  }

  /** Finds an account by a phone number in any notation. */
  byPhone(phone: string): Account | undefined {
    return this.#byPhone.get(phoneDigits(phone) ?? "");
  }

  byToken(token: string): Account | undefined {
    return this.#byToken.get(token);
  }

  byUsername(username: string): Account | undefined {
    return this.#byUsername.get(username.toLowerCase());
  }

  /** Changes the username of an account, or removes it. */
  rename(account: Account, username: string | undefined): void {
    const { username: before } = account;
    if (before !== undefined) this.#byUsername.delete(before.toLowerCase());
    account.username = username;
    if (username !== undefined) this.#byUsername.set(username.toLowerCase(), account);
  }

  #add(account: Account): void {
    if (account.username !== undefined && this.byUsername(account.username) !== undefined) {
      throw new TypeError(
        `Cannot add an account: the username "${account.username}" is in use. Choose another one.`,
      );
    }
    if (this.#byId.has(account.id)) {
      throw new TypeError(
        `Cannot add an account: the id "${account.id}" is in use. Choose another id.`,
      );
    }
    this.#byId.set(account.id, account);
    this.rename(account, account.username);
  }

  #freeId(): bigint {
    while (this.#byId.has(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }
}

type Empty = Pick<
  Account,
  | "mailbox"
  | "secondary"
  | "dialogs"
  | "sent"
  | "met"
  | "channelChanges"
  | "writers"
  | "blocked"
  | "photos"
>;

function emptyBoxes(): Empty {
  return {
    mailbox: new MessageBox(),
    secondary: new SecondaryBox(),
    dialogs: new Dialogs(),
    sent: new Map(),
    met: new Set(),
    channelChanges: new Map(),
    writers: new Set(),
    blocked: new Set(),
    photos: [],
  };
}
