/**
 * A sleep that notices when the computer slept meanwhile: then connections may be dead, and what
 * was planned is late. Runtimes have no event for it; the time of day, the monotonic clock and the
 * end of a short timer differ afterwards. All long sleeps by one clock share that short timer, so
 * that a thousand idle connections wake the program as rarely as one.
 */
import type { Clock } from "./clock.ts";

/** How often to look, in milliseconds. */
const SLICE = 10_000;
/** Milliseconds. A timer may be late by less: the program was busy, or the clock was adjusted. */
const JUMP = 5000;

/** Looks whether the computer slept, while somebody sleeps by a clock. */
class SleepWatch {
  readonly #clock: Clock;
  readonly #sleepers = new Set<() => void>();
  #ended = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `wake` when the computer has slept. */
  add(wake: () => void): void {
    this.#sleepers.add(wake);
    if (this.#sleepers.size === 1) this.#watch(this.#ended.signal).catch(() => {}); // the last left
  }

  delete(wake: () => void): void {
    this.#sleepers.delete(wake);
    if (this.#sleepers.size > 0) return;
    this.#ended.abort();
    this.#ended = new AbortController();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (await isLate(this.#clock, SLICE, signal)) {
        for (const wake of [...this.#sleepers]) wake();
      }
    }
  }
}

const watches = new WeakMap<Clock, SleepWatch>();

function watchOf(clock: Clock): SleepWatch {
  const watch = watches.get(clock) ?? new SleepWatch(clock);
  watches.set(clock, watch);
  return watch;
}

/**
 * Sleeps for `ms` milliseconds, or until the computer has slept.
 *
 * @returns whether the computer slept; at most ten seconds after it has woken up
 */
export async function noticingSleep(
  clock: Clock,
  ms: number,
  signal?: AbortSignal,
): Promise<boolean> {
  if (ms <= 0) return false;
  if (ms <= SLICE) return await isLate(clock, ms, signal);
  signal?.throwIfAborted();
  const watch = watchOf(clock);
  const ended = new AbortController();
  let hasSlept = false;
  const wake = (): void => {
    hasSlept = true;
    ended.abort();
  };
  const abort = (): void => ended.abort(signal?.reason);
  watch.add(wake);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await isLate(clock, ms, ended.signal);
  } catch (error) {
    if (hasSlept) return true;
    throw error;
  } finally {
    watch.delete(wake);
    signal?.removeEventListener("abort", abort);
  }
}

/** Sleeps, and returns whether the end is late, as it is when the computer slept. */
async function isLate(clock: Clock, ms: number, signal?: AbortSignal): Promise<boolean> {
  const start = clock.monotonic();
  const today = clock.now();
  await clock.sleep(ms, signal);
  const elapsed = Math.max(clock.monotonic() - start, clock.now() - today);
  return elapsed - ms > JUMP;
}
