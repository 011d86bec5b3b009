/**
 * After the end of a connection: how long to wait, and with which session and key to go on. A
 * network is forgiven everything; a broken rule is never acted upon, and fails the calls if it is
 * broken again and again.
 *
 * | the connection ended                       | wait          | then                            |
 * |--------------------------------------------|---------------|---------------------------------|
 * | after it worked                            | -             | the same session                |
 * | after it worked, soon after the last one   | longer        | the same session                |
 * | without any use, or without an answer for  | longer        | the same session, and calls     |
 * | calls that wait                            |               | little by little                |
 * | a packet was not for our key               | longer        | the same session                |
 * | -444: not the address of this data center  | longer        | calls fail, unless there is     |
 * |                                            |               | another address to try          |
 * | -404 for the first time                    | -             | the same session                |
 * | -404 for the second time                   | -             | a new session                   |
 * | -404 for the third time                    | -             | a new key                       |
 * | -404, the key is less than a minute old    | longer        | the same session                |
 * | -404, the key is temporary                 | longer each   | a new key                       |
 * |                                            | time          |                                 |
 * | a check of the key exchange failed         | longer        | calls fail                      |
 * | another check failed                       | longer        | the same session                |
 * | for the third time within a minute         | longer        | calls fail                      |
 *
 * "Longer" is the retry delay, doubled each time up to half a minute or half of `giveUpAfter`, 20 %
 * more or less. A -404 is not authenticated, and Telegram sends it for a session_id that it refuses
 * too; so our key is given up only when it comes again and again. Other addresses are asked before.
 * A packet that is not for our key is of a captive portal, say, which goes away: the calls wait.
 * https://core.telegram.org/mtproto/mtproto-transports
 */
import { isOfKeyExchange, isOfStranger, SecurityError } from "../mtproto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import { AUTH_KEY_NOT_FOUND, INVALID_DC, TransportError } from "../transport/mod.ts";

/** The end of a connection. */
export interface ConnectionEnd {
  readonly error: Error;
  /** Whether an answer or an update came over it. */
  readonly worked: boolean;
  /** Whether it answered no call, though calls waited. */
  readonly wasFruitless: boolean;
  /** How long it was open, in milliseconds. */
  readonly lifetime: number;
  /** The time of its end, in milliseconds of a monotonic clock. */
  readonly now: number;
  /** How old the key is, in milliseconds; Infinity if it is from an earlier process. */
  readonly keyAge: number;
  /** Whether another address is known that has not failed lately; false by default. */
  readonly hasOtherAddress?: boolean;
  /** Whether it is a temporary key, which is given up at once; false by default. */
  readonly isTemporary?: boolean;
}

/** The way to go on after the end of a connection. */
export interface Recovered {
  /** Milliseconds until the next attempt. */
  readonly delay: number;
  readonly goOnWith: "the same session" | "a new session" | "a new key";
  /** Whether the calls fail with the error. */
  readonly failsCalls: boolean;
  /** Whether the server was reached, and only lacks our key so far: calls wait for it. */
  readonly lacksNewKey?: boolean;
}

/** Without any pause, a `dial` that fails at once would leave the program no turn. Milliseconds. */
const MIN_RETRY_DELAY = 1;
/** The longest time between two attempts, in milliseconds; jitter may add a fifth. */
export const MAX_RETRY_DELAY = 30_000;
/** A key that is younger may not have reached all servers of its data center yet. */
const KEY_SPREADS_IN = 60_000;
/** After a connection that worked for so long, failures are counted from 0. Milliseconds. */
const GOOD_LIFETIME = 60_000;
const MAX_BROKEN_RULES = 3;
/** How long a broken rule counts, in milliseconds. */
const RULES_COUNT_FOR = 60_000;
/** The windows after so many connections in a row that answered no call, in bytes. */
const WINDOWS = [undefined, 16_384, 8192, 4096, 2048];
const MAX_CAUTION = WINDOWS.length - 1;
const UNKNOWN_KEY_STEPS = ["the same session", "a new session", "a new key"] as const;

/** Counts what went wrong with the connections to one data center, and decides what comes next. */
export class Recovery {
  readonly #retryDelay: number;
  readonly #longest: number;
  readonly #random: Random;
  #lostAt = -Infinity;
  #failures = 0;
  #unknownKeys = 0;
  /** When rules were broken, in milliseconds of the monotonic clock. */
  #brokenRules: number[] = [];
  #fruitless = 0;

  /**
   * `retryDelay` and `giveUpAfter` are in milliseconds. No call that waits for so long may end
   * without an attempt, unless the retry delay itself is longer.
   */
  constructor(retryDelay: number, random: Random, giveUpAfter = Infinity) {
    this.#retryDelay = Math.max(retryDelay, MIN_RETRY_DELAY);
    this.#longest = Math.min(Math.max(giveUpAfter / 2, this.#retryDelay), MAX_RETRY_DELAY);
    this.#random = random;
  }

  /** The number of attempts in a row that failed. */
  get failures(): number {
    return this.#failures + this.#tooManyUnknownKeys;
  }

  /**
   * The bytes of calls with which the next connection begins; undefined for all. The calls
   * themselves may be too much for a line that breaks before it answers any.
   */
  get window(): number | undefined {
    return WINDOWS[this.#fruitless];
  }

  /** Forgets what was counted: the network has changed. */
  reset(): void {
    this.#failures = 0;
    this.#unknownKeys %= UNKNOWN_KEY_STEPS.length;
    this.#lostAt = -Infinity;
  }

  /** Decides how to go on. */
  after(end: ConnectionEnd): Recovered {
    const { error, worked, wasFruitless, lifetime, now, keyAge, isTemporary = false } = end;
    const { hasOtherAddress = false } = end;
    const sinceLast = now - this.#lostAt;
    this.#lostAt = now;
    if (worked) this.#unknownKeys = 0;
    if (worked && lifetime >= GOOD_LIFETIME) this.#failures = this.#fruitless = 0;
    if (wasFruitless) this.#fruitless = Math.min(this.#fruitless + 1, MAX_CAUTION);
    if (error instanceof SecurityError && !isOfStranger(error)) {
      return this.#afterBrokenRule(error, now);
    }
    if (error instanceof TransportError && error.code === AUTH_KEY_NOT_FOUND) {
      if (!isTemporary) return this.#afterUnknownKey(keyAge);
      return { delay: this.#delay(this.#unknownKeys++), goOnWith: "a new key", failsCalls: false };
    }
    const wasGood = worked && !wasFruitless && sinceLast >= this.#retryDelay;
    this.#failures = wasGood ? 0 : this.#failures + 1;
    const isWrongDc = error instanceof TransportError && error.code === INVALID_DC;
    const failsCalls = isWrongDc && !hasOtherAddress;
    return { delay: this.#delay(), goOnWith: "the same session", failsCalls };
  }

  #afterUnknownKey(keyAge: number): Recovered {
    if (keyAge < KEY_SPREADS_IN) {
      this.#failures++;
      return {
        delay: this.#delay(),
        goOnWith: "the same session",
        failsCalls: false,
        lacksNewKey: true,
      };
    }
    const goOnWith = UNKNOWN_KEY_STEPS[this.#unknownKeys % UNKNOWN_KEY_STEPS.length];
    this.#unknownKeys++;
    // These are no failures of the network. But a server that goes on so is not hurried.
    return { delay: this.#delay(this.failures), goOnWith, failsCalls: false };
  }

  get #tooManyUnknownKeys(): number {
    return Math.max(this.#unknownKeys - UNKNOWN_KEY_STEPS.length, 0);
  }

  #afterBrokenRule(error: SecurityError, now: number): Recovered {
    this.#failures++;
    this.#brokenRules = [...this.#brokenRules.filter((at) => at > now - RULES_COUNT_FOR), now];
    const isOften = this.#brokenRules.length >= MAX_BROKEN_RULES;
    const failsCalls = isOfKeyExchange(error) || isOften;
    if (failsCalls) this.#brokenRules = [];
    return { delay: this.#delay(), goOnWith: "the same session", failsCalls };
  }

  #delay(failures = this.#failures): number {
    if (failures === 0) return 0;
    const delay = Math.min(this.#retryDelay * 2 ** (failures - 1), this.#longest);
    const [high, low] = this.#random(2);
    return delay * (0.8 + 0.4 * ((high << 8 | low) / 0x10000));
  }
}
