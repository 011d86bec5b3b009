/**
 * A one-shot wake-up signal with a timeout.
 */
import { anySignal } from "./any_signal.ts";
import type { Clock } from "./clock.ts";

/** A signal that ends the waits of other tasks. It stays set until `reset()`. */
export class WakeSignal {
  #set = new AbortController();

  /** Sets the signal: ends all waits, and those that begin before `reset()`. */
  wake(): void {
    this.#set.abort();
  }

  /** Clears the signal. */
  reset(): void {
    if (this.#set.signal.aborted) this.#set = new AbortController();
  }

  /**
   * Waits until the signal is set, at most `ms` milliseconds. Rejects with the reason of `signal`
   * when that aborts.
   */
  async wait(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
    const set = this.#set.signal;
    if (set.aborted) return;
    try {
      await clock.sleep(ms, anySignal(signal, set));
    } catch (error) {
      if (signal?.aborted || !set.aborted) throw error;
    }
  }
}
