/**
 * A one-shot wake-up signal with a timeout.
 */
import { withAnySignal } from "./any_signal.ts";
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

  /** Runs `work` with a signal that aborts when this one is set, or when `signal` aborts. */
  async during(
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const set = this.#set.signal;
    if (set.aborted) return;
    try {
      await withAnySignal(set, signal, work);
    } catch (error) {
      if (signal?.aborted || !set.aborted) throw error;
    }
  }

  /**
   * Waits until the signal is set, at most `ms` milliseconds. Rejects with the reason of `signal`
   * when that aborts.
   */
  async wait(ms: number, clock: Clock, signal?: AbortSignal): Promise<void> {
    await this.during(signal, (either) => clock.sleep(ms, either));
  }
}
