/**
 * Two ways to measure how much time has passed, for the two sides of a lease. A computer that
 * sleeps stops its monotonic clock, and the time of day may be set: so each side trusts the clock
 * that makes it more careful. All times are in milliseconds.
 */
import { type Clock, startTimer, systemClock } from "../../runtime/mod.ts";

/** The time of the holder: never slower than the faster of its clocks. */
export class HolderTime {
  readonly #clock: Clock;
  #elapsed = 0;
  #monotonic: number;
  #today: number;

  /** Begins at 0. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#monotonic = clock.monotonic();
    this.#today = clock.now();
  }

  /** Returns the time since the beginning. */
  now(): number {
    return this.#at(this.#clock.monotonic(), this.#clock.now());
  }

  /**
   * Returns the time, and begins a new stretch. In each stretch the faster clock counts, so a clock
   * that is set back in one of them takes nothing from another.
   */
  mark(): number {
    // Each clock is read once: what passes between two readings would count in no stretch.
    const [monotonic, today] = [this.#clock.monotonic(), this.#clock.now()];
    this.#elapsed = this.#at(monotonic, today);
    this.#monotonic = monotonic;
    this.#today = today;
    return this.#elapsed;
  }

  #at(monotonic: number, today: number): number {
    return this.#elapsed + Math.max(monotonic - this.#monotonic, today - this.#today);
  }
}

/** The time of a taker: never faster than the slower of its clocks. */
export class TakerTime {
  readonly #clock: Clock;
  #monotonic: number;
  #today: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#monotonic = clock.monotonic();
    this.#today = clock.now();
  }

  /** Returns the time since the last call, at most `limit`. */
  step(limit: number): number {
    const monotonic = this.#clock.monotonic();
    const today = this.#clock.now();
    const passed = Math.min(monotonic - this.#monotonic, today - this.#today, limit);
    this.#monotonic = monotonic;
    this.#today = today;
    return Math.max(passed, 0);
  }
}

/**
 * Calls a function once, after `ms` milliseconds. With the clock of the system, the timer does not
 * keep the process alive.
 *
 * @returns a function that stops the timer
 */
export function leaseTimer(clock: Clock, call: () => void, ms: number): () => void {
  if (clock === systemClock) return startTimer(call, ms);
  const stopped = new AbortController();
  clock.sleep(ms, stopped.signal).then(call, () => {});
  return () => stopped.abort();
}
