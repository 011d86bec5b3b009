/** A bell that somebody waits for, but not longer than a while: whichever comes first, the ring or the time. */
import { anySignal } from "./any_signal.ts";
import type { Clock } from "./clock.ts";

/** Rung by one, waited for by another. A ring while nobody waits is kept until `reset`. */
export class WakeSignal {
  #rung = new AbortController();

  /** Wakes whoever waits, or will. */
  ring(): void {
    this.#rung.abort();
  }

  /** Forgets that it was rung. */
  reset(): void {
    if (this.#rung.signal.aborted) this.#rung = new AbortController();
  }

  /** Waits for the ring, at most so many milliseconds. Rejects with the signal's reason when that is aborted. */
  async wait(milliseconds: number, clock: Clock, signal?: AbortSignal): Promise<void> {
    const rung = this.#rung.signal;
    if (rung.aborted) return;
    try {
      await clock.sleep(milliseconds, anySignal(signal, rung));
    } catch (error) {
      if (signal?.aborted || !rung.aborted) throw error;
    }
  }
}
