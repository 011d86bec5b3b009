/**
 * A clock that stands still until a test moves it. Whoever sleeps by it wakes in the right order, each after all that the one
 * before has caused.
 */

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** Lets everything happen that needs no time: all promises that can settle do. */
import type { Clock } from "../src/runtime/mod.ts";
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Time by hand. */
export class FakeClock implements Clock {
  readonly #start: number;
  #elapsed = 0;
  #asleep = 0;
  #sleepers: Sleeper[] = [];

  /** A clock that begins at `start`, in milliseconds since 1970. */
  constructor(start = 1_700_000_000_000) {
    this.#start = start;
  }

  /** How many sleep. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** How long the one sleeps that wakes next, in milliseconds. */
  get next(): number | undefined {
    const [first] = this.#inOrder();
    return first && first.until - this.#elapsed;
  }

  now(): number {
    return this.#start + this.#elapsed + this.#asleep;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener("abort", abort);
      };
      const abort = (): void => {
        leave();
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        until: this.#elapsed + ms,
        wake: () => {
          leave();
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Lets time pass, and everything happen that happens in it. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settled();
    for (let first; (first = this.#inOrder()[0]) !== undefined && first.until <= end;) {
      this.#elapsed = Math.max(this.#elapsed, first.until);
      first.wake();
      await settled();
    }
    this.#elapsed = end;
    await settled();
  }

  /** Lets the time of day go on without the monotonic clock, as when a computer sleeps. */
  suspend(ms: number): void {
    this.#asleep += ms;
  }

  #inOrder(): Sleeper[] {
    return this.#sleepers.toSorted((a, b) => a.until - b.until);
  }
}
