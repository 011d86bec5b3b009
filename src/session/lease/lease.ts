/**
 * The lease of a session, which lets one program use it at a time. When two programs use one auth
 * key, Telegram answers AUTH_KEY_DUPLICATED, and the key is void for both.
 * https://core.telegram.org/api/errors
 *
 * The lease is a text in the store, see lease_text.ts. `take` finds the text in one of these
 * states, of which the first that fits counts:
 *
 * | state of the text            | how it is recognised                         | `take`  |
 * | ---------------------------- | -------------------------------------------- | ------- |
 * | free                         | absent, or not a lease                       | swaps   |
 * | renewed while we watch       | same token as before, but another text       | throws  |
 * | left behind, with a lock     | has `locked`, and we hold the lock now       | swaps   |
 * | held by this process         | has our pid, and a token of `heldHere`       | see (1) |
 * | left behind by this process  | has our pid, and another token               | swaps   |
 * | left behind on this machine  | no process has its pid                       | swaps   |
 * | stopped                      | unchanged for `duration / 2`                 | swaps   |
 * | in doubt                     | `expires` has passed, or is too far ahead    | watches |
 * | alive                        | any other text                               | throws  |
 *
 * (1) Either in doubt or alive. With the option `wait`, `take` watches where it would throw. In a
 * store with locks it takes the lock first, and throws if it does not get it. After a swap that
 * fails, because another program was faster, it looks at the text again; after one that succeeds,
 * the lease is held:
 *
 * | from | event                                         | to       | action                   |
 * | ---- | --------------------------------------------- | -------- | ------------------------ |
 * | held | `duration / 3` has passed                     | held     | renews: swaps a new text |
 * | held | `confirm`, last renewal `duration` ago        | held     | renews                   |
 * | held | a renewal fails, as the store does not answer | held     | renews again later       |
 * | held | a renewal finds our token in another text     | held     | swaps that text          |
 * | held | a renewal finds another lease, or no text     | lost     | calls `onLost`           |
 * | held | `release`                                     | released | removes the text         |
 * | lost | `confirm`                                     | lost     | throws                   |
 * | lost | `release`                                     | released | leaves the text          |
 *
 * The clocks of two machines may differ by any amount. So the times in a text never end a lease:
 * they decide only whether `take` watches the text or throws at once.
 */
import { type Clock, startTimer } from "../../runtime/mod.ts";
import type { KeyValueStore } from "../key_value_store.ts";
import { SessionError } from "../session_error.ts";
import { hasEnded, thisProgram } from "./lease_holder.ts";
import { holderOf, type LeaseText, readLease } from "./lease_text.ts";

/** The options of a lease. */
export interface LeaseOptions {
  /** The name of the session in errors. */
  readonly session: string;
  /** The key of the text in the store. */
  readonly key: string;
  /** The time after which a lease without a renewal ends, in milliseconds. */
  readonly duration: number;
  /** Whether to wait until the lease is free. */
  readonly wait: boolean;
  /** A name for this program, in place of the runtime, the process and the machine. */
  readonly holder?: string;
  readonly clock: Clock;
  /** Ends the wait when aborted. */
  readonly signal?: AbortSignal;
  /** Called once, when another program has taken the lease over. */
  readonly onLost: (error: SessionError) => void;
}

/** A store with `swap`, which a lease needs. */
export type SwappingStore = KeyValueStore & Required<Pick<KeyValueStore, "swap">>;

/**
 * The tokens of the leases that this process holds. A lease with the pid of this process and
 * another token is from an earlier process with the same pid, before a restart of the machine or
 * container.
 */
const heldHere = new Set<string>();

/** A lease that this program holds. */
export class Lease {
  readonly #store: SwappingStore;
  readonly #options: LeaseOptions;
  readonly #unlock: (() => void) | undefined;
  #content: LeaseText;
  #text: string;
  #goodUntil: number;
  #lost: SessionError | undefined;
  #renewing: Promise<void> | undefined;
  #stopTimer: () => void = () => {};
  #released = false;

  /** Use {@linkcode take}. */
  constructor(
    store: SwappingStore,
    options: LeaseOptions,
    content: LeaseText,
    unlock?: () => void,
  ) {
    this.#store = store;
    this.#options = options;
    this.#content = content;
    this.#text = JSON.stringify(content);
    this.#unlock = unlock;
    this.#goodUntil = options.clock.monotonic() + options.duration;
    heldHere.add(content.token);
    this.#renewLater();
  }

  /**
   * Takes the lease.
   *
   * @throws {SessionError} if another program holds it, which `holder` names.
   */
  static async take(store: SwappingStore, options: LeaseOptions): Promise<Lease> {
    if (store.lock === undefined) return await Lease.#take(store, options);
    const { key, wait, signal } = options;
    const unlock = await store.lock(key, { wait, signal });
    if (unlock === undefined) throw inUse(options, readLease(await store.get(key) ?? ""));
    try {
      return await Lease.#take(store, options, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  }

  static async #take(
    store: SwappingStore,
    options: LeaseOptions,
    unlock?: () => void,
  ): Promise<Lease> {
    const { key, clock, duration, wait } = options;
    const locked = unlock !== undefined;
    const token = crypto.randomUUID();
    const holder = thisProgram(options.holder);
    let seen: { text: string; at: number } | undefined;
    for (;;) {
      options.signal?.throwIfAborted();
      const text = await store.get(key) ?? undefined;
      const now = clock.monotonic();
      if (text !== undefined && text !== seen?.text) {
        const isRenewed = seen !== undefined &&
          readLease(text)?.token === readLease(seen.text)?.token;
        if (isRenewed && !wait) throw inUse(options, readLease(text));
        seen = { text, at: now };
      }
      const other = text === undefined ? undefined : readLease(text);
      const isLeftBehind = locked && other?.locked; // we hold the lock that the other program held
      if (other === undefined || isLeftBehind || isOver(other, now - (seen?.at ?? now))) {
        const since = clock.now();
        const times = { since, expires: since + duration, duration, beat: 0 };
        const content = { holder, token, ...times, ...(locked && { locked }) };
        if (await store.swap(key, text, JSON.stringify(content))) {
          return new Lease(store, options, content, unlock);
        }
        continue; // another program was faster
      }
      if (!wait && !looksExpired(other, clock.now())) throw inUse(options, other);
      await clock.sleep(Math.min(other.duration / 10, 1000), options.signal);
    }
  }

  /**
   * Checks that this program still holds the lease. Called before each write.
   *
   * @throws {SessionError} if another program has taken it over.
   */
  async confirm(): Promise<void> {
    // A suspended computer runs no timer: the lease may have ended since the last renewal.
    if (this.#options.clock.monotonic() > this.#goodUntil) await this.#renew();
    if (this.#lost !== undefined) throw this.#lost;
  }

  /** Removes the text, so that another program can take the lease. */
  async release(): Promise<void> {
    this.#released = true;
    this.#stopTimer();
    await this.#renewing;
    heldHere.delete(this.#content.token);
    const { key } = this.#options;
    try {
      if (this.#lost === undefined) await this.#store.swap(key, this.#text, undefined);
    } catch {
      // The store cannot write now: the lease ends without a renewal.
    } finally {
      this.#unlock?.();
    }
  }

  #renewLater(): void {
    if (this.#released || this.#lost !== undefined) return;
    this.#stopTimer = startTimer(() => {
      // The store cannot be reached now: the next renewal may come in time.
      this.#renew().catch(() => {}).finally(() => this.#renewLater());
    }, this.#options.duration / 3);
  }

  #renew(): Promise<void> {
    return this.#renewing ??= this.#renewOnce().finally(() => this.#renewing = undefined);
  }

  async #renewOnce(): Promise<void> {
    const { key, clock, duration } = this.#options;
    const begun = clock.monotonic();
    const { beat, token } = this.#content;
    const content = { ...this.#content, beat: beat + 1, expires: clock.now() + duration };
    const text = JSON.stringify(content);
    let isHeld = await this.#store.swap(key, this.#text, text);
    if (!isHeld) {
      // The answer to an earlier renewal may have been lost, and its text written.
      const current = await this.#store.get(key) ?? undefined;
      const isOurs = current !== undefined && readLease(current)?.token === token;
      isHeld = isOurs && await this.#store.swap(key, current, text);
      if (!isHeld) return this.#lose(current === undefined ? undefined : readLease(current));
    }
    this.#content = content;
    this.#text = text;
    this.#goodUntil = begun + duration;
  }

  #lose(other: LeaseText | undefined): void {
    if (this.#lost !== undefined) return;
    this.#stopTimer();
    heldHere.delete(this.#content.token);
    const { holder = "another program" } = holderOf(other);
    this.#lost = new SessionError(
      `Cannot use the session "${this.#options.session}" any longer: ` +
        `${holder} has taken it over, as this program did not renew its lease in time. ` +
        "Close it there before you connect again.",
      holderOf(other),
    );
    this.#options.onLost(this.#lost);
  }
}

/**
 * Whether a lease that was unchanged for `watched` ms is over. A running holder renews it after a
 * third of its duration.
 */
function isOver({ holder, token, duration }: LeaseText, watched: number): boolean {
  if (holder.pid !== undefined && holder.pid === thisProgram().pid) {
    if (holder.machine === thisProgram().machine) return !heldHere.has(token);
  }
  return hasEnded(holder) || watched > duration / 2;
}

/** Whether a lease has expired by our clock, or the clocks of holder and reader disagree. */
function looksExpired({ expires, duration }: LeaseText, now: number): boolean {
  return now > expires || expires - now > duration;
}

function inUse({ session }: LeaseOptions, other?: LeaseText): SessionError {
  const { holder, since } = holderOf(other);
  return new SessionError(
    `Cannot open the session "${session}": ${holder ?? "another program"} uses it since ` +
      `${since?.toISOString() ?? "a moment ago"}, expected one program at a time. ` +
      "Close it there, or set the option wait.",
    { holder, since },
  );
}
