/**
 * The lease of a session: one program at a time. Telegram answers two programs that use one auth key with AUTH_KEY_DUPLICATED, and
 * the key is void for both. The lease is a text that says who holds it, renewed for as long as it is held.
 *
 * Clocks of two machines may differ by any amount. So a lease is only taken over if its holder has ended for certain (a process
 * of this machine), or if its text did not change while it was watched for longer than a renewal takes. What it says of
 * time decides only whether watching it is worth the while. Where the store has locks as well, the holder has one until it
 * ends, and the text only says who that is.
 */
import { type Clock, startTimer } from "../../runtime/mod.ts";
import { hasEnded, type Holder, thisProgram } from "./lease_holder.ts";
import type { KeyValueStore } from "../stores/key_value.ts";
import { SessionError } from "../session_error.ts";

/** How a lease is taken. */
export interface LeaseOptions {
  /** The session, in the text of errors. */
  readonly session: string;
  /** Where its text is. */
  readonly key: string;
  /** Milliseconds for which it is good without being renewed. */
  readonly duration: number;
  /** Whether to wait until it is free. */
  readonly wait: boolean;
  /** Another name for this program. */
  readonly holder?: string;
  readonly clock: Clock;
  /** Gives up waiting when aborted. */
  readonly signal?: AbortSignal;
  /** Called once, when another program has taken it over. */
  readonly onLost: (error: SessionError) => void;
}

/** A store that can swap. */
export type SwappingStore = KeyValueStore & Required<Pick<KeyValueStore, "swap">>;

/** What the text says. */
export interface LeaseText {
  readonly holder: Holder;
  readonly token: string;
  /** Unix milliseconds, by the holder's clock. */
  readonly since: number;
  /** Unix milliseconds, by the holder's clock; changes with each renewal. */
  readonly expires: number;
  readonly duration: number;
  /** Counts renewals. */
  readonly beat: number;
  /** Whether the holder has the store's lock, too, as long as it lives. */
  readonly locked?: boolean;
}

/** The leases that this process holds: another one of its own process number is left from before a restart. */
const heldHere = new Set<string>();

/** A lease that is held. */
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
   * @throws {SessionError} if another program holds it; `holder` and `since` say who.
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
      const isLeftBehind = locked && other?.locked; // its lock is ours now
      if (other === undefined || isLeftBehind || isOver(other, now - (seen?.at ?? now))) {
        const since = clock.now();
        const times = { since, expires: since + duration, duration, beat: 0 };
        const content = { holder, token, ...times, ...(locked && { locked }) };
        if (await store.swap(key, text, JSON.stringify(content))) {
          return new Lease(store, options, content, unlock);
        }
        continue; // somebody was quicker
      }
      if (!wait && !looksExpired(other, clock.now())) throw inUse(options, other);
      await clock.sleep(Math.min(other.duration / 10, 1000), options.signal);
    }
  }

  /**
   * Makes sure that the lease is still held, before something is written.
   *
   * @throws {SessionError} if it is not.
   */
  async confirm(): Promise<void> {
    if (this.#options.clock.monotonic() > this.#goodUntil) await this.#renew(); // it slept
    if (this.#lost !== undefined) throw this.#lost;
  }

  /** Gives it back, for the next. */
  async release(): Promise<void> {
    this.#released = true;
    this.#stopTimer();
    await this.#renewing;
    heldHere.delete(this.#content.token);
    const { key } = this.#options;
    try {
      if (this.#lost === undefined) await this.#store.swap(key, this.#text, undefined);
    } catch {
      // A store that can keep nothing more right now: the lease runs out by itself.
    } finally {
      this.#unlock?.();
    }
  }

  #renewLater(): void {
    if (this.#released || this.#lost !== undefined) return;
    this.#stopTimer = startTimer(() => {
      // A store that cannot be reached right now is tried again; the lease may still be good then.
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
      // The answer to an earlier renewal may have been lost on its way.
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
    const who = other === undefined ? "another program" : `${other.holder.name}`;
    this.#lost = new SessionError(
      `Cannot go on with the session "${this.#options.session}": ${who} has taken it over, as this program did not renew its ` +
        `lease in time, expected one program at a time`,
      other && { holder: other.holder.name, since: new Date(other.since) },
    );
    this.#options.onLost(this.#lost);
  }
}

/** What the text of a lease says; undefined if it is none. */
export function readLease(text: string): LeaseText | undefined {
  try {
    const { holder, token, since, expires, duration, beat, locked } = JSON.parse(text);
    const isWhole = typeof holder?.name === "string" && typeof token === "string" &&
      [since, expires, duration, beat].every(Number.isFinite);
    return isWhole ? { holder, token, since, expires, duration, beat, locked } : undefined;
  } catch {
    return undefined; // not a lease: nobody holds it
  }
}

/** Whether a lease is over that did not change for `watched` ms: it would have been renewed after a third of its duration. */
function isOver({ holder, token, duration }: LeaseText, watched: number): boolean {
  if (holder.pid !== undefined && holder.pid === thisProgram().pid) {
    if (holder.machine === thisProgram().machine) return !heldHere.has(token);
  }
  return hasEnded(holder) || watched > duration / 2;
}

/** Whether the clocks say that it is over, or that they cannot be believed. */
function looksExpired({ expires, duration }: LeaseText, now: number): boolean {
  return now > expires || expires - now > duration;
}

function inUse({ session }: LeaseOptions, other?: LeaseText): SessionError {
  const since = other && new Date(other.since);
  return new SessionError(
    `Cannot open the session "${session}": ${
      other?.holder.name ?? "another program"
    } uses it since ${
      since?.toISOString() ?? "a moment ago"
    }, expected one program at a time (with the option wait it is waited for)`,
    { holder: other?.holder.name, since },
  );
}
