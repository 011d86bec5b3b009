/**
 * Time. The floors above take a clock as an argument, so that a test can move it by hand.
 */

/** A source of time. */
export interface Clock {
  /** Returns the time of day in milliseconds since 1970. It may jump. */
  now(): number;
  /** Returns milliseconds since an arbitrary moment. It never goes back. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds. Rejects with the signal's reason when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay of a JavaScript timer, about 24.8 days. A longer delay would fire at once. */
const MAX_TIMER_DELAY = 0x7fffffff;

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, Math.min(Math.max(ms, 0), MAX_TIMER_DELAY));
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** The clock of the machine. A sleep keeps the process alive until it ends or aborts. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};
