/**
 * The clock and the randomness of the machine. The floors below take time and random bytes as arguments; this is where they
 * come from in the end, and what a test replaces.
 */
import type { Random } from "../crypto/mod.ts";

/** Time, as the floors above use it. */
export interface Clock {
  /** The time of day in milliseconds since 1970, which may jump. */
  now(): number;
  /** Milliseconds since some moment; never goes back. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest time that timers of JavaScript can count (about 24.8 days); a longer one would fire at once. */
const LONGEST_TIMER = 0x7fffffff;
/** The most that one call of `getRandomValues` gives. */
const LONGEST_RANDOM = 65536;

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
    }, Math.min(Math.max(ms, 0), LONGEST_TIMER));
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** The clock of the machine. A sleep keeps the process alive until it is over or aborted. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
};

/** Random bytes from the runtime's cryptographic generator. */
export const systemRandom: Random = (length) => {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += LONGEST_RANDOM) {
    crypto.getRandomValues(bytes.subarray(start, start + LONGEST_RANDOM));
  }
  return bytes;
};
