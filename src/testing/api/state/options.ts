/**
 * The options of the offline API, and the accounts, bots and api id that it has by default.
 */
import type { Random } from "../../../runtime/mod.ts";
import type { AccountOptions, BotOptions } from "./account.ts";
import type { FileRules } from "./files.ts";

/** Where a data center of the offline Telegram listens. */
export interface DcAddress {
  /** The number of the data center; 1 to 5 on the real Telegram. */
  readonly id: number;
  /** An IP address. */
  readonly host: string;
  /** A TCP port. */
  readonly port: number;
  /** Whether it is for files only: other methods are refused there. */
  readonly mediaOnly?: boolean;
  /** Whether it is a CDN: https://core.telegram.org/cdn */
  readonly cdn?: boolean;
}

/** The options of an {@linkcode OfflineApi}. */
export interface OfflineOptions {
  /**
   * The addresses of the data centers, as `help.getConfig` lists them. Several may have one number.
   */
  readonly dcs: readonly DcAddress[];
  /** {@linkcode TEST_ACCOUNTS} by default. */
  readonly accounts?: readonly AccountOptions[];
  /** {@linkcode TEST_BOTS} by default. */
  readonly bots?: readonly BotOptions[];
  /** The only api id that is accepted; {@linkcode TEST_API_ID} by default. */
  readonly apiId?: number;
  /** Its hash; {@linkcode TEST_API_HASH} by default. */
  readonly apiHash?: string;
  /** Returns the time in Unix seconds; fractions are allowed. */
  readonly clock: () => number;
  /** The source of all random values: ids, salts, codes. */
  readonly random: Random;
  /** The value of `config.test_mode`; false by default. */
  readonly testMode?: boolean;
  /** How long a sign-in code is valid, in seconds; 300 by default. */
  readonly codeLifetime?: number;
  /** How long the reset of a login email or a 2FA password takes, in seconds; a week by default. */
  readonly resetPeriod?: number;
  /** How many wrong guesses void a sign-in code; 5 by default. */
  readonly codeGuesses?: number;
  /**
   * Waits so many milliseconds, or until the signal aborts. Without it, a question to a bot waits
   * until the bot answers.
   */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How it treats files. */
  readonly files?: Partial<FileRules>;
  /** The limits of differences. */
  readonly limits?: Partial<UpdateLimits>;
}

/** The limits of the differences that clients fetch: https://core.telegram.org/api/updates */
export interface UpdateLimits {
  /** How many events one part of a difference has at most; 100 by default. */
  readonly slice: number;
  /**
   * After how many events a difference is too long, even if the client sets no `pts_total_limit`;
   * by default never.
   */
  readonly tooLongAfter: number;
  /** The `timeout` of the difference of a channel, in seconds; 30 by default. */
  readonly channelTimeout: number;
}

/** The limits by default. */
export const UPDATE_LIMITS: UpdateLimits = {
  slice: 100,
  tooLongAfter: Infinity,
  channelTimeout: 30,
};

/** The api id that the offline Telegram accepts by default. */
export const TEST_API_ID = 12345;

/** The api hash that belongs to {@linkcode TEST_API_ID}. */
export const TEST_API_HASH = "0123456789abcdef0123456789abcdef";

/** The default people: one signs in with a code, the other with a code and a password. */
export const TEST_ACCOUNTS: readonly AccountOptions[] = [
  { phone: "+9996621111", code: "22222" },
  { phone: "+9996622222", code: "22222", password: "hunter2", hint: "the usual" },
];

/** The default bot. */
export const TEST_BOTS: readonly BotOptions[] = [{ token: "777:TESTTOKEN" }];
