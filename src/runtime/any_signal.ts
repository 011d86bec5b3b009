/**
 * Joins two abort signals into one, also in runtimes without `AbortSignal.any`: the edge runtime
 * of Vercel and Next.js.
 */

/**
 * Returns a signal that aborts as soon as one of the two does, with the same reason.
 *
 * @returns the other signal if one is undefined; undefined if both are
 */
export function anySignal(one: AbortSignal, other: AbortSignal | undefined): AbortSignal;
export function anySignal(one: AbortSignal | undefined, other: AbortSignal): AbortSignal;
export function anySignal(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): AbortSignal | undefined;
export function anySignal(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): AbortSignal | undefined {
  if (!one || !other) return one ?? other;
  // Preferred: it leaves no listener on a signal that outlives the other.
  if (AbortSignal.any) return AbortSignal.any([one, other]);
  const both = new AbortController();
  for (const signal of [one, other]) {
    const abort = (): void => both.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }
  return both.signal;
}
