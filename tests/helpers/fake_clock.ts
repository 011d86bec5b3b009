/**
 * A clock that stands still until a test moves it. Sleepers wake in the order of their time, each
 * after everything that the one before has caused.
 */
import type { Clock } from "../../src/runtime/mod.ts";

interface Sleeper {
  readonly until: number;
  readonly ms: number;
  wake(): void;
}

/** A dynamic import takes a turn of the event loop, and other code follows it. */
const TURNS = 2;

/** Lets everything happen that needs no time: all promises that can settle do. It never sleeps. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

/** Time by hand. */
export class FakeClock implements Clock {
  readonly #start: number;
  readonly #watchers = new Set<{ ms: number; seen: () => void }>();
  #elapsed = 0;
  #asleep = 0;
  #sleepers: Sleeper[] = [];

  /** A clock that begins at `start`, in milliseconds since 1970. */
  constructor(start = 1_700_000_000_000) {
    this.#start = start;
  }

  /** How many sleep now. */
  get sleepers(): number {
    return this.#sleepers.length;
  }

  /** How long until the next sleeper wakes, in milliseconds. */
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
        ms,
        wake: () => {
          leave();
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
      for (const watcher of this.#watchers) if (watcher.ms === ms) watcher.seen();
    });
  }

  /** Resolves as soon as a sleep of exactly `ms` milliseconds is going on. */
  asleepFor(ms: number): Promise<void> {
    if (this.#sleepers.some((sleeper) => sleeper.ms === ms)) return Promise.resolve();
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

  /** Moves the time of day without the monotonic clock, as when a computer sleeps. */
  suspend(ms: number): void {
    this.#asleep += ms;
  }

  #inOrder(): Sleeper[] {
    return this.#sleepers.toSorted((a, b) => a.until - b.until);
  }
}
