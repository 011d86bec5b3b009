/**
 * Saves the session when something has changed in it that nobody is waiting for: a new key, salt or time. Changes that come
 * close together are saved once. What a step of signing in changes is saved by that step, which waits for it.
 */
import type { Clock, Logger } from "../runtime/mod.ts";
import type { Session } from "./mod.ts";

/** Milliseconds from a change until it is saved. */
const SAVE_DELAY = 500;

/** What a {@linkcode Autosave} needs of the client. */
export interface AutosaveHost {
  readonly session: Session;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the client is disconnected. */
  readonly lifetime: AbortSignal;
}

/** Saves a session some time after it changed. */
export class Autosave {
  readonly #host: AutosaveHost;
  #saving: Promise<void> | undefined;
  #changed = false;

  constructor(host: AutosaveHost) {
    this.#host = host;
  }

  /** Has the session saved before long. */
  changed(): void {
    this.#changed = true;
    this.#saving ??= this.#saveSoon();
  }

  /** Saves the session now, if something has changed or `always`. */
  async save(always = false): Promise<void> {
    if (!this.#changed && !always) return;
    this.#changed = false;
    try {
      await this.#host.session.save();
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }

  async #saveSoon(): Promise<void> {
    const { clock, lifetime, log } = this.#host;
    try {
      await clock.sleep(SAVE_DELAY, lifetime);
    } catch {
      return; // disconnected: it is saved on the way out
    } finally {
      this.#saving = undefined;
    }
    await this.save().catch((error: Error) => log.error(error.message));
  }
}
