// All that the methods share: the accounts, who is signed in, what is under way, and the clock and randomness they
// run on.

import type { Random } from "../../../runtime/mod.ts";
import type { TlObject } from "../../../tl/mod.ts";
import { type AccountOptions, type BotOptions, Directory } from "./account.ts";
import { Authorizations } from "./authorizations.ts";
import { DeviceSettings } from "./device_settings.ts";
import { EmailCodes } from "./email_codes.ts";
import { FutureTokens } from "./future_tokens.ts";
import { LoginCodes } from "./login_codes.ts";
import { LoginTokens } from "./login_tokens.ts";
import { Passkeys } from "../methods/passkeys.ts";
import { WebTokens } from "../methods/web_token.ts";
import { Challenges } from "./password.ts";

/** Where a data center of the offline Telegram listens. */
export interface DcAddress {
  /** 1 to 5 on the real Telegram. */
  readonly id: number;
  /** An IP address. */
  readonly host: string;
  /** A TCP port. */
  readonly port: number;
}

/** What the offline Telegram consists of. */
export interface OfflineOptions {
  /** The data centers, as `help.getConfig` lists them. */
  readonly dcs: readonly DcAddress[];
  /** {@linkcode TEST_ACCOUNTS} by default. */
  readonly accounts?: readonly AccountOptions[];
  /** {@linkcode TEST_BOTS} by default. */
  readonly bots?: readonly BotOptions[];
  /** The only api id that is taken; {@linkcode TEST_API_ID} by default. */
  readonly apiId?: number;
  /** Its hash; {@linkcode TEST_API_HASH} by default. */
  readonly apiHash?: string;
  /** Unix seconds. */
  readonly clock: () => number;
  /** All that is random comes from it: ids, salts, codes. */
  readonly random: Random;
  /** What `config.test_mode` says; false by default. */
  readonly testMode?: boolean;
  /** How many seconds a sign-in code lives; 300 by default. */
  readonly codeLifetime?: number;
  /** How many seconds a reset of a login email or a 2FA password takes; seven days by default. */
  readonly resetPeriod?: number;
  /** With how many wrong guesses a sign-in code is void; 5 by default. */
  readonly codeGuesses?: number;
}

/** The api id that the offline Telegram takes by default. */
export const TEST_API_ID = 12345;

/** The api hash that belongs to {@linkcode TEST_API_ID}. */
export const TEST_API_HASH = "0123456789abcdef0123456789abcdef";

/** The people that the offline Telegram has by default: one with a code, one with a code and a password. */
export const TEST_ACCOUNTS: readonly AccountOptions[] = [
  { phone: "+9996621111", code: "22222" },
  { phone: "+9996622222", code: "22222", password: "hunter2", hint: "the usual" },
];

/** The bots that the offline Telegram has by default. */
export const TEST_BOTS: readonly BotOptions[] = [{ token: "777:TESTTOKEN" }];

const CODE_LIFETIME = 300;
const CODE_GUESSES = 5;
const RESET_PERIOD = 604_800;

/** The state of the offline Telegram. */
export class World {
  readonly dcs: Map<number, DcAddress>;
  readonly apiId: number;
  readonly apiHash: string;
  readonly testMode: boolean;
  readonly random: Random;
  readonly directory: Directory;
  readonly authorizations: Authorizations;
  readonly codes: LoginCodes;
  readonly emailCodes: EmailCodes;
  readonly resetPeriod: number;
  readonly deviceSettings: DeviceSettings;
  readonly loginTokens: LoginTokens;
  readonly futureTokens: FutureTokens;
  readonly webTokens: WebTokens;
  readonly passkeys: Passkeys;
  readonly challenges: Challenges;
  /** Takes an update on its way to all sessions of an auth key. */
  push: (authKeyId: string, updates: TlObject) => void = () => {};
  readonly #clock: () => number;

  constructor(options: OfflineOptions) {
    const { clock, random } = options;
    this.dcs = new Map(options.dcs.map((dc) => [dc.id, dc]));
    this.apiId = options.apiId ?? TEST_API_ID;
    this.apiHash = options.apiHash ?? TEST_API_HASH;
    this.testMode = options.testMode ?? false;
    this.random = random;
    this.#clock = clock;
    this.directory = new Directory(random);
    this.authorizations = new Authorizations(random, clock);
    this.codes = new LoginCodes(random, clock, {
      lifetime: options.codeLifetime ?? CODE_LIFETIME,
      guesses: options.codeGuesses ?? CODE_GUESSES,
    });
    this.deviceSettings = new DeviceSettings(random, clock);
    this.loginTokens = new LoginTokens(random, clock);
    this.futureTokens = new FutureTokens(random);
    this.webTokens = new WebTokens(random);
    this.passkeys = new Passkeys(random, clock);
    this.emailCodes = new EmailCodes(random, clock);
    this.resetPeriod = options.resetPeriod ?? RESET_PERIOD;
    this.challenges = new Challenges(random, clock);
    for (const account of options.accounts ?? TEST_ACCOUNTS) this.directory.addAccount(account);
    for (const bot of options.bots ?? TEST_BOTS) this.directory.addBot(bot);
  }

  /** Unix seconds, whole ones as TL dates are. */
  now(): number {
    return Math.floor(this.#clock());
  }
}
