/**
 * Saving that nobody waits for: a while after a change, so that changes that come close together
 * are saved once, and again and again while the store fails.
 */
import type { Clock } from "../runtime/mod.ts";

/** The longest pause after failures, in milliseconds. */
const LONGEST_PAUSE = 30_000;

/** The parts of {@linkcode saveLater}. */
export interface LaterSave {
  readonly clock: Clock;
  /** Aborted at the end of the client, which saves what is left. No save begins after that. */
  readonly lifetime: AbortSignal;
  /**
   * Returns the milliseconds until the next save, undefined if nothing has changed. They are more
   * than 0 after a save that failed.
   */
  readonly delay: (hasFailed: boolean) => number | undefined;
  /** Returns whether the store has taken it. */
  readonly save: () => Promise<boolean>;
}

/** Saves until nothing has changed since. Pauses grow while the store fails. Never rejects. */
export async function saveLater({ clock, lifetime, delay, save }: LaterSave): Promise<void> {
  let growth = 1;
  for (let pause = delay(false); pause !== undefined; pause = delay(growth > 1)) {
    try {
      await clock.sleep(Math.min(pause * growth, LONGEST_PAUSE), lifetime);
    } catch {
      return;
    }
    growth = await save() ? 1 : 2 * growth;
  }
}
