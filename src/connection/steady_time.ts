/**
 * The local time of a connection. It reads the time of day once and goes on with the monotonic
 * clock, so it does not jump when the clock is set. The monotonic clock may stand still while the
 * computer sleeps: the two then drift apart, and the time is in doubt.
 */

import type { Clock } from "../runtime/mod.ts";

/** Milliseconds. A clock that is adjusted by less does not count as set. */
const JUMP = 5000;

/** A time that never goes back. */
export class SteadyTime {
  readonly #clock: Clock;
  readonly #onDoubt: () => void;
  readonly #epoch: number;
  #apart = 0;

  /**
   * Begins at the time of day of `clock`; `onDoubt` is called when one of its clocks stood still or
   * was set.
   */
  constructor(clock: Clock, onDoubt: () => void) {
    this.#clock = clock;
    this.#onDoubt = onDoubt;
    this.#epoch = clock.now() - clock.monotonic();
  }

  /** Milliseconds from this time to the time of day, as of the last jump of a clock. */
  get apart(): number {
    return this.#apart;
  }

  /** Milliseconds since 1970. */
  now(): number {
    const now = this.#epoch + this.#clock.monotonic();
    const apart = this.#clock.now() - now;
    if (Math.abs(apart - this.#apart) > JUMP) {
      this.#apart = apart;
      this.#onDoubt();
    }
    return now;
  }
}
