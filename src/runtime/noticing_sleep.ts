/**
 * A sleep that notices when the computer slept meanwhile: then connections may be dead, and what
 * was planned is late. Runtimes have no event for it; the time of day, the monotonic clock and the
 * end of a short timer differ afterwards.
 */
import type { Clock } from "./clock.ts";

/** How often to look, in milliseconds. */
const SLICE = 10_000;
/** Milliseconds. A timer may be late by less: the program was busy, or the clock was adjusted. */
const JUMP = 5000;

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
  for (let left = ms; left > 0;) {
    const slice = Math.min(left, SLICE);
    const start = clock.monotonic();
    const today = clock.now();
    await clock.sleep(slice, signal);
    const elapsed = Math.max(clock.monotonic() - start, clock.now() - today);
    if (elapsed - slice > JUMP) return true;
    left -= slice;
  }
  return false;
}
