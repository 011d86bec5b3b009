interface Sleeper {
  readonly until: number;
  readonly ms: number;
  wake(): void;
}

/** A clock that stands still until it is turned, and knows who sleeps. */
import type { Clock } from "../../src/runtime/mod.ts";
export class FakeClock implements Clock {
  #time = 0;
  readonly #epoch: number;
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<{ ms: number; seen: () => void }>();

  constructor(epoch: number = Date.now()) {
    this.#epoch = epoch;
  }

  now(): number {
    return this.#epoch + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = (): void => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      const sleeper = { until: this.#time + ms, ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
      for (const watcher of this.#watchers) if (watcher.ms === ms) watcher.seen();
    });
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Resolves when somebody lies down to sleep for exactly so many milliseconds; at once if somebody does already. */
  asleepFor(ms: number): Promise<void> {
    if ([...this.#sleepers].some((sleeper) => sleeper.ms === ms)) return Promise.resolve();
    return new Promise((resolve) => {
      const watcher = {
        ms,
        seen: () => {
          this.#watchers.delete(watcher);
          resolve();
        },
      };
      this.#watchers.add(watcher);
    });
  }

  /** Lets time pass, and wakes whose time has come. */
  advance(ms: number): void {
    this.#time += ms;
    for (const sleeper of [...this.#sleepers]) if (sleeper.until <= this.#time) sleeper.wake();
  }
}
