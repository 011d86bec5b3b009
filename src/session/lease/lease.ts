/**
 * The lease of a session, which lets one program use it at a time. When two programs use one auth
 * key, Telegram answers AUTH_KEY_DUPLICATED, and the key is void for both.
 * https://core.telegram.org/api/errors
 *
 * The lease is a text in the store, see lease_text.ts. take_lease.ts takes it, this file holds it.
 * `D` is its duration; times count from the *beginning* of the last renewal that succeeded, by the
 * holder's time of lease_time.ts. "Awake" is the time since a timer was last late by 0.05 D.
 *
 * | from    | event                                       | to       | action                   |
 * |---------|---------------------------------------------|----------|--------------------------|
 * | held    | 0.2 D, or up to 0.02 D earlier, and each    | held     | renews: swaps a new text |
 * |         | 0.05 D until it succeeds                    |          |                          |
 * | held    | 0.4 D, awake for less than 0.1 D            | overdue  | `mayUse` is false        |
 * | held    | 0.4 D, awake for longer                     | lost     | tells                    |
 * | overdue | 0.1 D awake                                 | lost     | tells                    |
 * | any     | a renewal succeeds                          | held     | the times begin again    |
 * | any     | a renewal finds a text that we wrote        | the same | swaps that text          |
 * | held    | a renewal finds no text                     | held     | writes a new lease, then |
 * |         |                                             |          | the session, if absent   |
 * | held    | and it finds another session                | lost     | tells                    |
 * | overdue | a renewal finds no text                     | lost     | tells                    |
 * | any     | a renewal finds another lease               | lost     | tells                    |
 * | any     | `release`                                   | released | removes the text         |
 *
 * "Tells" aborts `signal` and calls `onLost`.
 *
 * Why two programs never may use the key at once: a taker needs a text that is unchanged for 0.6 D
 * between two looks, by its slower clock; the holder stops 0.4 D after it began to write that text,
 * by its faster clock. Neither reads the other's clock. So it holds
 *
 * - if a store answers late or never: the holder counts from before the question, the taker from
 *   after the answer;
 * - if a write lands late: a renewal expects the text before it, which no taker leaves there; a
 *   save expects the token of its own lease, see fenced_store.ts;
 * - if a program is paused: `mayUse` reads the clocks, so a program that wakes up asks the store.
 *   It is asked right before each write, when the packet is made, see packet_stream.ts;
 * - if a clock is set, a computer sleeps, or two clocks differ by 20 %;
 * - if a program or a machine ends and starts again: each lease has a new token.
 *
 * It does not hold if both clocks of a paused machine stand still (a restored virtual machine), nor
 * between the check and the network card. A store that forgets what it has answered can let a
 * second program in, until the first renews, 0.2 D later.
 */
import type { SessionError } from "../session_error.ts";
import { giveUp } from "./given_up.ts";
import { closedError, takenOver, unrenewed } from "./lease_error.ts";
import { leasePrefix, type LeaseText, readLease, writeLease } from "./lease_text.ts";
import { HolderTime, leaseTimer } from "./lease_time.ts";
import { type SwappingStore, takeLease, type TakenLease, type TakeOptions } from "./take_lease.ts";

/** The text that a lease guards. */
export interface LeasedText {
  /** Whether the store has our text, or none. Any other text was saved by another program. */
  verify(): Promise<boolean>;
  /** Saves the text again, if the store had none. */
  rewrite(): Promise<void>;
}

/** The options of a lease. */
export interface LeaseOptions extends TakeOptions {
  /** Called once, when this program must not use the session any longer. */
  readonly onLost: (error: SessionError) => void;
  /** The session itself. After a lease that was absent, it is verified and written again. */
  readonly text: LeasedText;
}

/** The shares of the duration, see the table. */
const RENEW = 0.2;
/** Renewals begin at multiples of this share of the clock: those of many leases go together. */
const GRID = 0.02;
const RETRY = 0.05;
const HOLD = 0.4;
const CHANCE = 0.1;
const LATE = 0.05;
/** How many of our last texts are remembered. */
const MAX_WRITTEN = 16;
/** The longest wait for a store when the lease is released, as a share of the duration. */
const RELEASE = 0.2;

/** A lease that this program holds. */
export class Lease {
  readonly #store: SwappingStore;
  readonly #options: LeaseOptions;
  readonly #time: HolderTime;
  #content: LeaseText;
  readonly #unlock: () => void;
  readonly #ended = new AbortController();
  /** The text that is in the store, as far as we know, and when we began to write it. */
  #text: string;
  #begunAt: number;
  /** The texts that may be in the store: those of renewals without an answer, too. */
  readonly #written: string[];
  /** The tokens of this lease: more than one after it was absent. */
  readonly #tokens: Set<string>;
  #beat = 0;
  #renewAt: number;
  #plannedAt = 0;
  #awakeSince: number;
  #failure: unknown;
  #stopTimer: () => void = () => {};

  /** Use {@linkcode take}. */
  constructor(
    store: SwappingStore,
    options: LeaseOptions,
    time: HolderTime,
    begunAt: number,
    { content, text, unlock }: TakenLease,
  ) {
    this.#store = store;
    this.#options = options;
    this.#time = time;
    this.#content = content;
    this.#unlock = unlock;
    this.#text = text;
    this.#written = [text];
    this.#tokens = new Set([content.token]);
    this.#begunAt = begunAt;
    this.#renewAt = this.#nextRenewal();
    this.#awakeSince = time.mark();
    this.#plan();
  }

  /**
   * Takes the lease.
   *
   * @throws {SessionError} if another program holds it, which `holder` names.
   */
  static async take(store: SwappingStore, options: LeaseOptions): Promise<Lease> {
    const time = new HolderTime(options.clock);
    let begunAt = 0;
    const taken = await takeLease(store, options, () => begunAt = time.mark());
    return new Lease(store, options, time, begunAt, taken);
  }

  /** The text that every text of this lease begins with. It changes if the lease was absent. */
  get prefix(): string {
    return leasePrefix(this.#content.token);
  }

  /** Aborted when the lease is lost or released, with the error as its reason. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Whether this program may use the key right now. Asked before each use, it reads two clocks. */
  mayUse(): boolean {
    if (this.#ended.signal.aborted) return false;
    if (this.#time.now() < this.#holdsUntil) return true;
    this.#look();
    return false;
  }

  /**
   * Asks the store whether the lease is still ours, unless that is known.
   *
   * @throws {SessionError} if it is not.
   */
  async confirm(): Promise<void> {
    if (!this.mayUse()) await this.check();
  }

  /**
   * Asks the store whether the lease is still ours.
   *
   * @throws {SessionError} if it is not.
   */
  async check(): Promise<void> {
    this.#ended.signal.throwIfAborted();
    await this.#renew();
    this.#ended.signal.throwIfAborted();
  }

  /** Reads whether the lease in the store is ours. So are texts that were read before. */
  async isInStore(): Promise<boolean> {
    const text = await this.#store.get(this.#options.key);
    return text?.startsWith(this.prefix) ?? false;
  }

  /** Returns the error of a write that the store has refused, and asks the store why. */
  refused(): SessionError {
    // Later, as the store may be in the middle of a transaction. The check tells the program.
    Promise.resolve().then(() => this.check()).catch(() => {});
    return this.#ended.signal.reason ?? takenOver(this.#options.session, undefined);
  }

  /** Removes the text, so that another program can take the lease. */
  async release(): Promise<void> {
    const { signal } = this.#ended;
    const wasHeld = !signal.aborted;
    if (wasHeld) this.#end(closedError(this.#options.session));
    this.#tokens.forEach(giveUp);
    try {
      if (wasHeld) await this.#removeInTime();
    } catch {
      // The store cannot write now: the lease ends without a renewal.
    } finally {
      this.#unlock();
    }
  }

  get #holdsUntil(): number {
    return this.#begunAt + this.#options.duration * HOLD;
  }

  get #chanceUntil(): number {
    return this.#awakeSince + this.#options.duration * CHANCE;
  }

  /** Renews if it is time to, and ends the lease if it is too late. */
  #look(): void {
    if (this.#ended.signal.aborted) return;
    const { duration } = this.#options;
    const now = this.#time.mark();
    if (now - this.#plannedAt > duration * LATE) this.#awakeSince = now;
    if (now >= this.#holdsUntil && now >= this.#chanceUntil) {
      return this.#lose(unrenewed(this.#options.session, duration * HOLD, this.#failure));
    }
    if (now >= this.#renewAt) {
      this.#renewAt = now + duration * RETRY;
      this.#renew().catch((error) => this.#failure = error); // the next one may come in time
    }
    this.#plan();
  }

  /** When to renew: a little early, to go with others. */
  #nextRenewal(): number {
    const { clock, duration } = this.#options;
    const at = this.#begunAt + duration * RENEW;
    return at - (clock.monotonic() + at - this.#time.now()) % (duration * GRID);
  }

  #plan(): void {
    this.#stopTimer();
    const now = this.#time.now();
    const limit = now < this.#holdsUntil ? this.#holdsUntil : this.#chanceUntil;
    this.#plannedAt = Math.max(now, Math.min(this.#renewAt, limit));
    this.#stopTimer = leaseTimer(
      this.#options.clock,
      () => this.#look(),
      Math.ceil(this.#plannedAt - now),
    );
  }

  async #renew(): Promise<void> {
    const begunAt = this.#time.mark();
    const content = this.#next(this.#content.token);
    const text = this.#write(content);
    if (await this.#swap(this.#text, text)) return await this.#renewed(begunAt, content, text);
    const current = await this.#store.get(this.#options.key) ?? undefined;
    if (this.#ended.signal.aborted) return;
    if (current === undefined) {
      // A new lease: what was written under the old one must not land any more.
      return await this.#swapNext(begunAt, undefined, crypto.randomUUID());
    }
    const lease = readLease(current);
    if (lease === undefined || !this.#written.includes(current)) return this.#takenOver(lease);
    await this.#swapNext(begunAt, current, lease.token); // the answer to its renewal was lost
  }

  async #swapNext(begunAt: number, current: string | undefined, token: string): Promise<void> {
    const content = this.#next(token);
    const text = this.#write(content);
    if (await this.#swap(current, text)) await this.#renewed(begunAt, content, text);
  }

  #next(token: string): LeaseText {
    const { clock, duration } = this.#options;
    return { ...this.#content, token, beat: ++this.#beat, expires: clock.now() + duration };
  }

  #write(content: LeaseText): string {
    const text = writeLease(content);
    this.#written.push(text);
    this.#tokens.add(content.token);
    if (this.#written.length > MAX_WRITTEN) this.#written.shift();
    return text;
  }

  async #renewed(begunAt: number, content: LeaseText, text: string): Promise<void> {
    if (content.token !== this.#content.token) {
      // The lease was absent for a while. While we hold it, only a program that found the store
      // empty can have used the session; after that, one that took the lease over, too.
      const isOurs = this.#time.now() < this.#holdsUntil && await this.#options.text.verify();
      if (!isOurs) {
        await this.#swap(text, undefined);
        return this.#takenOver(undefined);
      }
    }
    if (begunAt < this.#begunAt || this.#ended.signal.aborted) return;
    this.#content = content;
    this.#begunAt = begunAt;
    this.#text = text;
    this.#written.splice(0, this.#written.indexOf(text)); // this one has replaced those before
    this.#failure = undefined;
    this.#renewAt = this.#nextRenewal();
    this.#options.text.rewrite().catch(() => {}); // the next renewal tries again
    this.#plan();
  }

  async #swap(current: string | undefined, next: string | undefined): Promise<boolean> {
    return await this.#store.swap(this.#options.key, current, next);
  }

  #takenOver(other: LeaseText | undefined): void {
    this.#lose(takenOver(this.#options.session, other));
  }

  #lose(error: SessionError): void {
    if (this.#ended.signal.aborted) return;
    this.#tokens.forEach(giveUp);
    this.#end(error);
    this.#options.onLost(error);
  }

  #end(reason: SessionError): void {
    this.#stopTimer();
    this.#ended.abort(reason);
  }

  async #removeInTime(): Promise<void> {
    const { clock, duration } = this.#options;
    const done = new AbortController();
    const limit = clock.sleep(duration * RELEASE, done.signal).catch(() => {});
    try {
      await Promise.race([this.#remove(), limit]);
    } finally {
      done.abort();
    }
  }

  async #remove(): Promise<void> {
    let text: string | undefined = this.#text;
    for (let look = 0; look < MAX_WRITTEN && text !== undefined; look++) {
      if (!this.#written.includes(text) || await this.#swap(text, undefined)) break;
      text = await this.#store.get(this.#options.key) ?? undefined; // a renewal was under way
    }
  }
}
