/**
 * Joins two abort signals for the time of one task. It does not use `AbortSignal.any`: Node and
 * Deno keep memory for each use on a signal that lives long (nodejs/node#54614), and some edge
 * runtimes lack it.
 */

/**
 * Runs `work` with a signal that aborts as soon as `one` or `other` does, with the same reason. No
 * listener stays on either of them after `work` has ended.
 */
export function withAnySignal<T>(
  one: AbortSignal,
  other: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T>;
export function withAnySignal<T>(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T>;
export function withAnySignal<T>(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // Not an async function: each call of Telegram goes this way, mostly with one signal.
  if (one === undefined || other === undefined) return work((one ?? other) as AbortSignal);
  return withBoth(one, other, work);
}

async function withBoth<T>(
  one: AbortSignal,
  other: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const joined = new AbortController();
  const signals = [one, other];
  const abort = (): void => joined.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of signals) {
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }
  try {
    return await work(joined.signal);
  } finally {
    for (const signal of signals) signal.removeEventListener("abort", abort);
  }
}
