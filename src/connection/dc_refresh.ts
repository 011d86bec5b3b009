/**
 * Keeps the addresses of the data centers up to date: takes them wherever Telegram names them, and
 * asks for them when they may have changed. https://core.telegram.org/api/config
 *
 * | event                                           | what happens                               |
 * |-------------------------------------------------|--------------------------------------------|
 * | a `config` comes, also to a call of the program | kept; not asked again until it expires,    |
 * |                                                 | after 1 minute to 1 day                    |
 * | `updateDcOptions` comes                         | kept, and asked for the rest               |
 * | any update comes, and the program listens       | asked, if expired                          |
 * | every address of a data center has failed       | asked, at most once a minute               |
 * | the same, and no data center is connected       | searched for, if the program wants it      |
 * | an address works that was found so              | asked                                      |
 *
 * It asks on a connection that is open, so no timer is needed. No call waits for the answer.
 */
import type { Clock, Logger } from "../runtime/mod.ts";
import type { Api, TlObject } from "../tl/mod.ts";
import type { AddressList } from "./addresses.ts";
import type { DcAddresses } from "./dc_options.ts";

const MIN_LIFETIME = 60; // s
const MAX_LIFETIME = 86_400; // s
/** The lifetime of addresses from an earlier run, whose configuration is not kept. */
const USUAL_LIFETIME = 3600; // s

/** The book that keeps the addresses. */
export interface LearningBook {
  /** Whether addresses that Telegram names are of use. */
  readonly isLearning: boolean;
  /** When Telegram named the addresses of the home, in Unix seconds; undefined if it never did. */
  readonly learnedAt: number | undefined;
  /** Keeps the addresses that Telegram names, and when it did, in Unix seconds. */
  learn(options: readonly Api.DcOption[], date: number): void;
}

/** The parts of a {@linkcode DcRefresh}. */
export interface DcRefreshOptions {
  readonly book: LearningBook;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether the program takes updates, and so stays connected. */
  readonly isListening: () => boolean;
  /** Asks a data center that is connected, other than `unlike`; undefined if there is none. */
  readonly ask: (unlike?: number) => Promise<Api.config> | undefined;
  /**
   * Called when all addresses of a data center have failed, and no other is connected. Returns
   * whether there are new ones.
   */
  readonly onCutOff?: () => Promise<boolean>;
}

/** Learns the addresses of the data centers. */
export class DcRefresh {
  readonly #options: DcRefreshOptions;
  /** When the addresses expire, in seconds of the steady clock; undefined before they came. */
  #expires: number | undefined;
  /** When it may ask again, in seconds of the steady clock. */
  #notBefore = -Infinity;
  #isAsking = false;
  /** Whether a search has found addresses of which none has worked so far. */
  #hasFound = false;

  constructor(options: DcRefreshOptions) {
    this.#options = options;
  }

  /** Takes note of the configuration. */
  learn({ dcOptions, date, expires }: Api.config): void {
    const lifetime = Math.min(Math.max(expires - date, MIN_LIFETIME), MAX_LIFETIME);
    this.#expires = this.#steadyNow() + lifetime;
    this.#options.book.learn(dcOptions, date);
  }

  /** Takes note of an update, which also shows that the connection is open. */
  see(updates: TlObject): void {
    const { book, isListening } = this.#options;
    const options = dcOptionsIn(updates as Api.Updates);
    if (options !== undefined) {
      book.learn(options, this.#unixNow());
      this.#expires = -Infinity;
    }
    if (isListening() && this.#isExpired) this.#ask();
  }

  /** Returns the addresses, watched: Telegram is asked when all of them have failed. */
  watch(dcId: number, addresses: AddressList): DcAddresses {
    return {
      get areForFiles() {
        return addresses.areForFiles;
      },
      candidates: (now) => addresses.candidates(now),
      secretOf: (address) => addresses.secretOf(address),
      isExhausted: (now) => addresses.isExhausted(now),
      worked: (address) => {
        addresses.worked(address);
        if (!this.#hasFound) return;
        this.#hasFound = false;
        this.#ask();
      },
      failed: (address, now) => {
        addresses.failed(address, now);
        if (addresses.isExhausted(now)) this.#ask(dcId);
      },
    };
  }

  get #isExpired(): boolean {
    if (this.#expires !== undefined) return this.#steadyNow() >= this.#expires;
    const { learnedAt } = this.#options.book;
    // A date in the future is of a clock that was wrong.
    return learnedAt === undefined || Math.abs(this.#unixNow() - learnedAt) >= USUAL_LIFETIME;
  }

  #ask(unlike?: number): void {
    const { book, ask, onCutOff, logger } = this.#options;
    if (!book.isLearning || this.#isAsking || this.#steadyNow() < this.#notBefore) return;
    const config = ask(unlike);
    if (config === undefined) {
      void onCutOff?.().then((isFound) => this.#hasFound ||= isFound);
      return;
    }
    this.#isAsking = true;
    this.#notBefore = this.#steadyNow() + MIN_LIFETIME;
    config.then((config) => this.learn(config), (error: Error) => {
      logger.debug(`Cannot ask for the addresses of the data centers: ${error.message}`);
    }).finally(() => this.#isAsking = false);
  }

  #steadyNow(): number {
    return this.#options.clock.monotonic() / 1000;
  }

  #unixNow(): number {
    return Math.floor(this.#options.clock.now() / 1000);
  }
}

/** Returns the addresses that an update names. */
function dcOptionsIn(updates: Api.Updates): readonly Api.DcOption[] | undefined {
  const list = updates._ === "updates" || updates._ === "updatesCombined"
    ? updates.updates
    : updates._ === "updateShort"
    ? [updates.update]
    : [];
  const found = list.filter((update) => update._ === "updateDcOptions");
  return found.length === 0 ? undefined : found.flatMap(({ dcOptions }) => dcOptions);
}
