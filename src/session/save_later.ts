/**
 * Saving that nobody waits for: a while after a change, so that changes that come close together
 * are saved once, and again and again while the store fails.
 */
import type { Clock } from "../runtime/mod.ts";

/** The longest pause after failures, in milliseconds. */
const LONGEST_PAUSE = 30_000;

/** What is saved, and when. */
export interface LaterSave {
  readonly clock: Clock;
  /** Ends it when it is aborted: what has changed is saved on the way out. */
  readonly lifetime: AbortSignal;
  /** Returns the milliseconds until the next save; undefined if nothing has changed. */
  readonly delay: () => number | undefined;
  /** Returns whether the store has taken it. */
  readonly save: () => Promise<boolean>;
}

/** Saves until nothing has changed since. Pauses grow while the store fails. Never rejects. */
export async function saveLater({ clock, lifetime, delay, save }: LaterSave): Promise<void> {
  let growth = 1;
  for (let pause = delay(); pause !== undefined; pause = delay()) {
    try {
      await clock.sleep(Math.min(pause * growth, Math.max(pause, LONGEST_PAUSE)), lifetime);
    } catch {
      return;
    }
    growth = await save() ? 1 : 2 * growth;
  }
}
