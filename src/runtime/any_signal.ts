/**
 * Two signals as one, also where the runtime has no `AbortSignal.any`: the edge runtime of Vercel and Next.js.
 */

/** A signal that is aborted when one of the two is, with its reason; undefined if there is none. */
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
  // Preferred: it leaves nothing behind on a signal that outlives the other.
  if (AbortSignal.any) return AbortSignal.any([one, other]);
  const both = new AbortController();
  for (const signal of [one, other]) {
    const abort = (): void => both.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  }
  return both.signal;
}
