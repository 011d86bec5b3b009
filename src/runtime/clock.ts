/**
 * Time. The floors above take a clock as an argument, so that a test can turn it by hand.
 */

/** Time, as the floors above use it. */
export interface Clock {
  /** The time of day in milliseconds since 1970. It may jump. */
  now(): number;
  /** Milliseconds since some moment. Never goes back. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay that JavaScript timers can count, about 24.8 days. A longer one fires at once. */
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

/** The clock of the machine. A sleep keeps the process alive until it ends or is aborted. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};
