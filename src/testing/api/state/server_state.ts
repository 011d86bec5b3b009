/**
 * The whole state of the offline Telegram, with the clock and the random source that it uses.
 *
 * Each part is a class in a file of its own, which knows neither methods nor transports. New state,
 * such as chats or files, is one more class here and one more field of `ServerState`; state per
 * account, such as a message box, is a field of `Account`.
 */
import type { Random } from "../../../runtime/mod.ts";
import type { Api, TlObject } from "../../../tl/mod.ts";
import { Authorizations } from "./authorizations.ts";
import { BotQueries, type InlineAnswer, type Sleep } from "./bot_queries.ts";
import { Cdn } from "./cdn.ts";
import { Chats, type Target } from "./chats.ts";
import { DeviceSettings } from "./device_settings.ts";
import { Directory } from "./directory.ts";
import { EmailCodes } from "./email_codes.ts";
import { Files } from "./files.ts";
import { LoginCodes } from "./login_codes.ts";
import { LoginTokens } from "./login_tokens.ts";
import { FutureTokens, WebTokens } from "./one_time_tokens.ts";
import {
  type DcAddress,
  type OfflineOptions,
  TEST_ACCOUNTS,
  TEST_API_HASH,
  TEST_API_ID,
  TEST_BOTS,
  UPDATE_LIMITS,
  type UpdateLimits,
} from "./options.ts";
import { Passkeys } from "./passkeys.ts";
import { PasswordChallenges } from "./password_challenges.ts";
import type { Post } from "./post.ts";
import { ScheduledMessages } from "./scheduled.ts";

const CODE_LIFETIME_SECONDS = 300;
const CODE_GUESSES = 5;
const RESET_PERIOD_SECONDS = 604_800;

/** The state of the offline Telegram. */
export class ServerState {
  /** The data centers by their numbers, each with its addresses. */
  readonly dcs: Map<number, readonly DcAddress[]>;
  readonly apiId: number;
  readonly apiHash: string;
  readonly testMode: boolean;
  /** How long the reset of a login email or a password takes. */
  readonly resetPeriodSeconds: number;
  readonly limits: UpdateLimits;
  readonly random: Random;
  readonly directory: Directory;
  readonly chats: Chats;
  readonly scheduled = new ScheduledMessages();
  readonly files: Files;
  readonly cdn: Cdn;
  /** Aborted when the server ends. */
  readonly ended = new AbortController();
  /** Waits; absent for a server that cannot. */
  readonly sleep: Sleep | undefined;
  /** The buttons that were pressed and that wait for their bots. */
  readonly callbacks: BotQueries<Api.messages.botCallbackAnswer>;
  readonly inlineQueries: BotQueries<InlineAnswer>;
  /** The answers to inline queries, by user and query. */
  readonly inlineAnswers = new Map<string, InlineAnswer>();
  /** The messages sent by the inline mode of a bot, by the access hash of their ids. */
  readonly inlineMessages = new Map<string, { readonly target: Target; readonly post: Post }>();
  readonly authorizations: Authorizations;
  readonly codes: LoginCodes;
  readonly emailCodes: EmailCodes;
  readonly deviceSettings: DeviceSettings;
  readonly loginTokens: LoginTokens;
  readonly futureTokens: FutureTokens;
  readonly webTokens: WebTokens;
  readonly passkeys: Passkeys;
  readonly passwordChallenges: PasswordChallenges;
  /** Sends an object of type `Updates` to all sessions of an auth key but one. */
  push: (authKeyId: string, updates: TlObject, exceptSession?: bigint) => void = () => {};
  /** Those who play a person, by user id: they receive the person's updates. */
  readonly watchers = new Map<bigint, Set<(updates: Api.updates) => void>>();
  readonly #clock: () => number;

  constructor(options: OfflineOptions) {
    const { clock, random } = options;
    this.dcs = Map.groupBy(options.dcs, ({ id }) => id);
    this.apiId = options.apiId ?? TEST_API_ID;
    this.apiHash = options.apiHash ?? TEST_API_HASH;
    this.testMode = options.testMode ?? false;
    this.resetPeriodSeconds = options.resetPeriod ?? RESET_PERIOD_SECONDS;
    this.limits = { ...UPDATE_LIMITS, ...options.limits };
    this.random = random;
    this.#clock = clock;
    this.directory = new Directory(random);
    this.sleep = options.sleep;
    this.chats = new Chats(random);
    this.files = new Files(random, clock, options.files);
    this.cdn = new Cdn(random, options.dcs.find(({ cdn }) => cdn)?.id);
    this.callbacks = new BotQueries(random, options.sleep);
    this.inlineQueries = new BotQueries(random, options.sleep);
    this.authorizations = new Authorizations(random, clock);
    this.codes = new LoginCodes(random, clock, {
      lifetimeSeconds: options.codeLifetime ?? CODE_LIFETIME_SECONDS,
      guesses: options.codeGuesses ?? CODE_GUESSES,
    });
    this.emailCodes = new EmailCodes(random, clock);
    this.deviceSettings = new DeviceSettings(random, clock);
    this.loginTokens = new LoginTokens(random, clock);
    this.futureTokens = new FutureTokens(random);
    this.webTokens = new WebTokens(random);
    this.passkeys = new Passkeys(random, clock);
    this.passwordChallenges = new PasswordChallenges(random, clock);
    for (const account of options.accounts ?? TEST_ACCOUNTS) this.directory.addAccount(account);
    for (const bot of options.bots ?? TEST_BOTS) this.directory.addBot(bot);
  }

  /** Returns the time in whole Unix seconds, the form of dates in TL. */
  nowSeconds(): number {
    return Math.floor(this.#clock());
  }
}
