/**
 * Time limits by a clock that tests can move. A timer ends with the work that it limits, so it
 * does not keep the process alive.
 */
import { withAnySignal } from "./any_signal.ts";
import type { Clock } from "./clock.ts";

/** The limits of {@linkcode withDeadline}. */
export interface DeadlineOptions {
  readonly clock: Pick<Clock, "sleep">;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal;
  /** Makes the error for work that takes longer. */
  readonly late: () => Error;
}

/**
 * Runs `work` with a signal that aborts when `signal` does or when the time is over. Then it
 * rejects at once, without waiting for `work`.
 */
export async function withDeadline<T>(
  { clock, timeout, signal, late }: DeadlineOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  clock.sleep(timeout, done.signal).then(() => limit.abort(late()), () => {});
  try {
    return await withAnySignal(limit.signal, signal, (both) => abortable(work(both), both));
  } finally {
    done.abort();
  }
}

/** Settles like `promise`, but rejects with the signal's reason if the signal aborts first. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
