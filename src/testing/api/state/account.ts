// Who there is: people with a phone, and bots with a token. What is configured, and what grows from it.
// Passwords are in password.ts; who is signed in where is in authorizations.ts.

import { bytesToBigInt } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";
import { Mailbox } from "./mailbox.ts";
import type { Delivery } from "./login_codes.ts";
import { AccountPassword, type TwoFactor } from "./password.ts";
import { phoneDigits } from "../phone_number.ts";
import type { CodePrice } from "../objects/sent_code.ts";

/** A person with an account. */
export interface AccountOptions {
  /** In any notation: `+9996621111`, `999 66 2 1111`. */
  readonly phone: string;
  /**
   * The sign-in code, or what hands one out. By default the code of a test number (99966XYYYY: X five times), and a
   * random one of five digits for others; `OfflineApi.lastCode()` tells it.
   */
  readonly code?: string | ((phone: string) => string);
  /** The 2FA password; none by default. */
  readonly password?: string;
  /** The hint to the password. */
  readonly hint?: string;
  /** The user id; by default counted up. */
  readonly id?: number | bigint;
  /** The data center where the account lives; 2 by default. Others answer `PHONE_MIGRATE_2`. */
  readonly dcId?: number;
  /** By default `User` and the last four digits of the number. */
  readonly firstName?: string;
  /** None by default. */
  readonly lastName?: string;
  /** Without the `@`; none by default. */
  readonly username?: string;
  /** The ways that its codes take, one after the other; by default app (if signed in elsewhere), SMS, call. */
  readonly codeWays?: readonly [Delivery, ...Delivery[]];
  /** What a code to this number costs; nothing by default. See `OfflineApi.payForCode()`. */
  readonly codePrice?: CodePrice;
  /** The login email, to which codes go instead; none by default. */
  readonly loginEmail?: string;
  /** Whether it has to set up a login email before it gets a code. */
  readonly needsLoginEmail?: boolean;
  /** The email by which the 2FA password can be recovered; none by default. */
  readonly recoveryEmail?: string;
  /** Whether the number is banned: it gets no code. */
  readonly banned?: boolean;
  /**
   * Whether it is told at each sign-in to set a 2FA password, as long as it has none, and after how many days it could sign in by
   * SMS again without; it is not by default.
   */
  readonly otherwiseReloginDays?: number;
  /** How many sessions it may have open at once, as each sign-in tells it; nothing is told by default. */
  readonly tmpSessions?: number;
}

/** A bot. Its user id is the number before the colon of its token. */
export interface BotOptions {
  /** As BotFather hands them out: `777:TESTTOKEN`. */
  readonly token: string;
  /** The data center where the bot lives; 2 by default. Others answer `USER_MIGRATE_2`. */
  readonly dcId?: number;
  /** By default `Bot` and its id. */
  readonly firstName?: string;
  /** Without the `@`; `test_777_bot` by default. */
  readonly username?: string;
}

/** An account, of a person or a bot. */
export interface Account {
  readonly id: bigint;
  readonly accessHash: bigint;
  readonly isBot: boolean;
  readonly dcId: number;
  readonly firstName: string;
  readonly lastName?: string;
  readonly username?: string;
  /** Digits only. */
  readonly phone?: string;
  readonly code?: string | ((phone: string) => string);
  readonly banned?: boolean;
  readonly otherwiseReloginDays?: number;
  readonly tmpSessions?: number;
  readonly codeWays?: readonly [Delivery, ...Delivery[]];
  readonly codePrice?: CodePrice;
  /** The payment form in which its code was paid for. */
  paidForm?: bigint;
  loginEmail?: string;
  needsLoginEmail?: boolean;
  /** When the login email is reset, in Unix seconds. */
  loginEmailReset?: number;
  password?: AccountPassword;
  /** What hangs on the password. */
  readonly twoFactor: TwoFactor;
  readonly mailbox: Mailbox;
}

const HOME_DC = 2;
const FIRST_USER_ID = 5_000_001n;

/** All accounts, found by whatever a request may name them with. */
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

  addAccount(options: AccountOptions): Account {
    const phone = phoneDigits(options.phone);
    if (phone === undefined) {
      throw new TypeError(
        `Cannot add an account "${options.phone}": not a phone number, expected 7 to 15 digits`,
      );
    }
    if (this.#byPhone.has(phone)) {
      throw new TypeError(
        `Cannot add an account "${options.phone}": it exists, expected another number`,
      );
    }
    const { code, banned, otherwiseReloginDays, tmpSessions } = options;
    const { password, hint, lastName, username } = options;
    const account: Account = {
      id: options.id === undefined ? this.#freeId() : BigInt(options.id),
      accessHash: this.#accessHash(),
      isBot: false,
      dcId: options.dcId ?? HOME_DC,
      firstName: options.firstName ?? `User ${phone.slice(-4)}`,
      lastName,
      username,
      phone,
      code,
      banned,
      otherwiseReloginDays,
      tmpSessions,
      password: password === undefined
        ? undefined
        : AccountPassword.of(password, hint, this.#random),
      codeWays: options.codeWays,
      codePrice: options.codePrice,
      loginEmail: options.loginEmail,
      needsLoginEmail: options.needsLoginEmail,
      twoFactor: { recoveryEmail: options.recoveryEmail },
      mailbox: new Mailbox(),
    };
    this.#add(account);
    this.#byPhone.set(phone, account);
    return account;
  }

  addBot(options: BotOptions): Account {
    const id = /^([1-9][0-9]{0,17}):./.exec(options.token)?.[1];
    if (id === undefined) {
      throw new TypeError("Cannot add a bot: not a token, expected digits, a colon and a secret");
    }
    const account: Account = {
      id: BigInt(id),
      accessHash: this.#accessHash(),
      isBot: true,
      dcId: options.dcId ?? HOME_DC,
      firstName: options.firstName ?? `Bot ${id}`,
      username: options.username ?? `test_${id}_bot`,
      twoFactor: {},
      mailbox: new Mailbox(),
    };
    this.#add(account);
    this.#byToken.set(options.token, account);
    return account;
  }

  /** By a phone number in any notation, a bot token or a user id. */
  find(who: string | bigint): Account | undefined {
    if (typeof who === "bigint") return this.byId(who);
    return this.byPhone(phoneDigits(who) ?? "") ?? this.byToken(who);
  }

  byId(id: bigint): Account | undefined {
    return this.#byId.get(id);
  }

  byPhone(digits: string): Account | undefined {
    return this.#byPhone.get(digits);
  }

  byToken(token: string): Account | undefined {
    return this.#byToken.get(token);
  }

  byUsername(username: string): Account | undefined {
    return this.#byUsername.get(username.toLowerCase());
  }

  #add(account: Account): void {
    if (this.#byId.has(account.id)) {
      throw new TypeError(`Cannot add an account "${account.id}": it exists, expected another id`);
    }
    this.#byId.set(account.id, account);
    if (account.username !== undefined) {
      this.#byUsername.set(account.username.toLowerCase(), account);
    }
  }

  #freeId(): bigint {
    while (this.#byId.has(this.#nextId)) this.#nextId++;
    return this.#nextId++;
  }

  #accessHash(): bigint {
    return BigInt.asIntN(64, bytesToBigInt(this.#random(8)));
  }
}
