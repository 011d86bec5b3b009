/** A bell that somebody waits for, but not longer than a while: whichever comes first, the ring or the time. */
import { anySignal } from "./any_signal.ts";
import type { Clock } from "./clock.ts";

/** Rung by one, waited for by another. A ring while nobody waits is kept until `reset`. */
export class WakeSignal {
  #woken = new AbortController();

  /** Wakes whoever waits, or will. */
  wake(): void {
    this.#woken.abort();
  }

  /** Forgets that it was woken. */
  reset(): void {
    if (this.#woken.signal.aborted) this.#woken = new AbortController();
  }

  /** Waits for the ring, at most so many milliseconds. Rejects with the signal's reason when that is aborted. */
  async wait(milliseconds: number, clock: Clock, signal?: AbortSignal): Promise<void> {
    const woken = this.#woken.signal;
    if (woken.aborted) return;
    try {
      await clock.sleep(milliseconds, anySignal(signal, woken));
    } catch (error) {
      if (signal?.aborted || !woken.aborted) throw error;
    }
  }
}
