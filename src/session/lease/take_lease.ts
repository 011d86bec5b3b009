/**
 * Takes the lease of a session, see lease.ts. A taker looks at the text of the lease, and at the
 * lock or the claims of the store, if it has them. The first state that fits counts:
 *
 * | state of the text           | how it is recognised                               | the taker |
 * |-----------------------------|----------------------------------------------------|-----------|
 * | free                        | absent, or not a lease                             | swaps     |
 * | renewed while we watch      | same token as before, but another text             | throws    |
 * | given up                    | its token is on the list of this process           | swaps     |
 * | left behind by its process  | no process has its pid and its start               | swaps     |
 * | left behind by its machine  | no process can be looked up; under our kernel, its | swaps     |
 * |                             | claim is free, or we hold the lock that it held    |           |
 * | stopped                     | no claim of our kernel is held; unchanged for      | swaps     |
 * |                             | `TAKER_SHARE` of its duration                      |           |
 * | in doubt                    | `expires` has passed, or is too far ahead          | watches   |
 * | alive                       | any other text                                     | throws    |
 *
 * With the option `wait`, the taker watches where it would throw. In a store with locks it takes
 * the lock first, and throws if it does not get it. After a swap that fails, because another
 * program was faster, it looks again. The times in a text decide only whether it watches or throws.
 */
import { type Clock, withDeadline } from "../../runtime/mod.ts";
import type { KeyValueStore } from "../key_value_store.ts";
import { SessionError } from "../session_error.ts";
import { giveUp, isGivenUp } from "./given_up.ts";
import { contradicts, unanswered } from "./lease_error.ts";
import { isRunning, isThisProcess, sharesKernel, thisProgram } from "./lease_holder.ts";
import { holderOf, type LeaseText, readLease, writeLease } from "./lease_text.ts";
import { TakerTime } from "./lease_time.ts";

/** A store with `swap`, which a lease needs. */
export type SwappingStore = KeyValueStore & Required<Pick<KeyValueStore, "swap">>;

/** How to take a lease. */
export interface TakeOptions {
  /** The name of the session in errors. */
  readonly session: string;
  /** The key of the text in the store. */
  readonly key: string;
  /** The duration of the lease, in milliseconds. */
  readonly duration: number;
  /** Whether to wait until the lease is free. */
  readonly wait: boolean;
  /** A name for this program, in place of the runtime, the process and the machine. */
  readonly holder?: string;
  readonly clock: Clock;
  /** Ends the wait when aborted. */
  readonly signal: AbortSignal;
}

/** How often a swap may expect the text that was just read, and be refused. */
const MAX_REFUSED = 100;

/** A lease that was taken just now. */
export interface TakenLease {
  readonly content: LeaseText;
  readonly text: string;
  /** Frees the lock and withdraws the claim, if the store has them. */
  readonly unlock: () => void;
}

/**
 * The share of its duration for which a taker must see a text unchanged. The holder stops after
 * less, see lease.ts.
 */
const TAKER_SHARE = 0.6;
/** The share of the duration between two looks, and the longest wait, in milliseconds. */
const LOOK_SHARE = 0.1;
const MAX_WAIT = 1000;

/**
 * Takes the lease. `begin` is called before the text is written: the time of the holder counts
 * from there.
 *
 * @throws {SessionError} if another program holds it, which `holder` names.
 */
export async function takeLease(
  store: SwappingStore,
  options: TakeOptions,
  begin: () => void,
): Promise<TakenLease> {
  const { key } = options;
  const lock = await lockStore(store, options);
  if (lock === "held elsewhere") {
    throw inUse(options, readLease(await answer(options, read(store, key)) ?? ""));
  }
  let withdraw: (() => void) | undefined;
  const unlock = (): void => {
    withdraw?.();
    lock?.();
  };
  const token = crypto.randomUUID();
  let isSigned = false;
  const sign = (): Signs => {
    isSigned = true;
    const claim = token.slice(0, 8);
    withdraw ??= makeClaim(store, claim);
    return { token, ...(lock && { locked: true }), ...(withdraw && { claim }) };
  };
  try {
    return {
      ...await takeText(store, options, begin, { holdsLock: lock !== undefined, sign }),
      unlock,
    };
  } catch (error) {
    if (isSigned) giveUp(token); // the answer may be lost, and the text written
    unlock();
    throw error;
  }
}

/** Takes the lock of the store. A store whose lock fails is guarded by the text alone. */
async function lockStore(
  store: SwappingStore,
  { key, wait, signal }: TakeOptions,
): Promise<(() => void) | "held elsewhere" | undefined> {
  if (store.lock === undefined) return undefined;
  try {
    return await store.lock(key, { wait, signal }) ?? "held elsewhere";
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Makes a claim. A store that cannot make it is guarded by the text alone. */
function makeClaim({ claims }: SwappingStore, name: string): (() => void) | undefined {
  try {
    return claims?.make(name);
  } catch {
    return undefined; // a file system without locks, for one
  }
}

/** The fields of a text by which others see whether its program runs. */
type Signs = Pick<LeaseText, "token" | "locked" | "claim">;

async function takeText(
  store: SwappingStore,
  options: TakeOptions,
  begin: () => void,
  { holdsLock, sign }: { readonly holdsLock: boolean; readonly sign: () => Signs },
): Promise<Pick<TakenLease, "content" | "text">> {
  const { session, key, clock, duration, wait, signal } = options;
  const time = new TakerTime(clock);
  let seen: string | undefined;
  let unchanged = 0;
  let refused = 0;
  for (let pause = 0;;) {
    signal.throwIfAborted();
    // Only the time between two looks counts: the time before the first and during each does not.
    unchanged += time.step(2 * pause);
    const text = await answer(options, read(store, key));
    time.step(0);
    const other = text === undefined ? undefined : readLease(text);
    if (text !== seen) {
      const isRenewed = other !== undefined && other.token === readLease(seen ?? "")?.token;
      if (isRenewed && !wait && !isGivenUp(other.token)) throw inUse(options, other);
      seen = text;
      unchanged = refused = 0;
    }
    if (other === undefined || isOver(other, unchanged, store, holdsLock)) {
      const since = clock.now();
      const times = { since, expires: since + duration, duration, beat: 0 };
      const content = { ...sign(), holder: thisProgram(options.holder), ...times };
      const next = writeLease(content);
      begin();
      const isTaken = await answer(options, swap(store, key, text, next));
      if (isTaken) return { content, text: next };
      if (++refused === MAX_REFUSED) throw contradicts(session);
      pause = 0;
      continue; // another program was faster
    }
    if (!wait && !looksExpired(other, clock.now())) throw inUse(options, other);
    pause = Math.min(other.duration * LOOK_SHARE, MAX_WAIT);
    await clock.sleep(pause, signal);
  }
}

/** Waits for the answer of the store, which may never come, for the duration of a lease. */
async function answer<T>(
  { session, clock, duration, signal }: TakeOptions,
  answer: Promise<T>,
): Promise<T> {
  const late = (): SessionError => unanswered(session, duration);
  return await withDeadline({ clock, timeout: duration, signal, late }, () => answer);
}

async function read(store: KeyValueStore, key: string): Promise<string | undefined> {
  return await store.get(key) ?? undefined;
}

async function swap(
  store: SwappingStore,
  key: string,
  current: string | undefined,
  next: string,
): Promise<boolean> {
  return await store.swap(key, current, next);
}

/** Whether a lease that was unchanged for some milliseconds is over. */
function isOver(
  lease: LeaseText,
  unchanged: number,
  { claims }: SwappingStore,
  holdsLock: boolean,
): boolean {
  if (isGivenUp(lease.token)) return true;
  const runs = isRunning(lease.holder);
  const isNear = sharesKernel(lease.holder, thisProgram());
  // Asked in any case: this also removes what a program left behind that was killed.
  const isHeld = isNear && lease.claim !== undefined ? claims?.isHeld(lease.claim) : undefined;
  if (runs === false) return true;
  if (isHeld === true) return false;
  // A process that runs may have lost its lock: a program that opens and closes the file frees it.
  const isFree = isHeld === false || (isNear && holdsLock && lease.locked === true);
  return (isFree && runs === undefined) || unchanged >= lease.duration * TAKER_SHARE;
}

/** Whether a lease has expired by our clock, or the clocks of holder and reader disagree. */
function looksExpired({ expires, duration }: LeaseText, now: number): boolean {
  return now > expires || expires - now > duration;
}

function inUse({ session }: TakeOptions, other?: LeaseText): SessionError {
  const { holder, since } = holderOf(other);
  const advice = other !== undefined && isThisProcess(other.holder)
    ? "That is this process itself, perhaps with another copy of the library: use the client " +
      "that has the session, or disconnect it first."
    : "Close it there, or set the option wait.";
  return new SessionError(
    `Cannot open the session "${session}": ${holder ?? "another program"} uses it since ` +
      `${since?.toISOString() ?? "a moment ago"}, expected one program at a time. ${advice}`,
    { holder, since },
  );
}
