/**
 * The local time as a connection needs it: it never jumps when somebody sets the clock, as the time
 * of day is read once and goes on with the monotonic clock. That one may stand still while the
 * computer sleeps: then the two go apart, and the time is in doubt.
 */

/** Milliseconds by which a clock that is adjusted a little does not jump. */
const JUMP = 5000;

/** Time that only goes on. */
import type { Clock } from "../runtime/mod.ts";
export class SteadyTime {
  readonly #clock: Clock;
  readonly #onDoubt: () => void;
  readonly #epoch: number;
  /**
   * Milliseconds from this time to the time of day, since one of the clocks was last seen to jump.
   */
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
