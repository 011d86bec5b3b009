/**
 * Time limits by a clock that tests can turn. Timers never outlive what they limit, so they do not keep a process alive.
 */
import { anySignal } from "./any_signal.ts";
import type { Clock } from "./clock.ts";

/** How to limit a piece of work. */
export interface DeadlineOptions {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** The error for work that takes longer. */
  readonly late: () => Error;
}

/** Runs `work` with a signal that is aborted when `signal` is or when the time is over; then rejects without waiting for it. */
export async function withDeadline<T>(
  { clock, timeout, signal, late }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  clock.sleep(timeout, done.signal).then(() => limit.abort(late()), () => {});
  try {
    const both = anySignal(signal, limit.signal);
    return await abortable(work(both), both);
  } finally {
    done.abort();
  }
}

/** The promise, or the signal's reason if it is aborted first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
