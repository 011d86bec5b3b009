/**
 * Waits while another program has locked a SQLite file. SQLite itself would block the whole process
 * meanwhile, so it waits for some milliseconds only, and the rest is waited for here. One call
 * follows the other, as an older value must not overwrite a newer one.
 */
import { type Clock, systemClock } from "../../runtime/mod.ts";
import { isLocked } from "./sqlite_error.ts";

/** How long SQLite itself waits, in milliseconds: most programs hold a lock for less. */
export const BUSY_TIMEOUT = 10;
/** The pause between two attempts, in milliseconds. */
const PAUSE = 50;

/** How long to wait for another program, and by which clock. */
export interface PatienceOptions {
  /** Milliseconds until a call fails. Default: 5,000. */
  readonly patience?: number;
  /** The clock. Set it in tests only. */
  readonly clock?: Clock;
}

/** Runs calls of SQLite, and repeats those that find the file locked. */
export class Patience {
  readonly #patience: number;
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ patience = 5000, clock = systemClock }: PatienceOptions = {}) {
    this.#patience = patience;
    this.#clock = clock;
  }

  /** Runs `work` after the calls before it. Throws the error of the last attempt. */
  run<T>(work: () => T): Promise<T> {
    const done = this.#last.then(() => this.#attempt(work));
    this.#last = done.catch(() => {});
    return done;
  }

  async #attempt<T>(work: () => T): Promise<T> {
    const end = this.#clock.monotonic() + this.#patience;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isLocked(error) || this.#clock.monotonic() >= end) throw error;
      }
      await this.#clock.sleep(PAUSE);
    }
  }
}
