/**
 * The one door to `session.save()`. A change that nobody waits for (a new key, salt or time) is
 * saved after a short delay, and again if the store fails. A step of signing in waits for its own
 * save, and fails if the store does.
 */
import type { Clock, Logger } from "../runtime/mod.ts";
import { saveLater } from "./save_later.ts";
import type { Session } from "./session.ts";

/** Milliseconds from a change until it is saved. */
const SAVE_DELAY = 500;

/** The parts of a client that an {@linkcode Autosave} works with. */
export interface AutosaveHost {
  readonly session: Session;
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the client is disconnected. */
  readonly lifetime: AbortSignal;
}

/** Saves a session. */
export class Autosave {
  readonly #host: AutosaveHost;
  #saving: Promise<void> | undefined;
  #changed = false;

  constructor(host: AutosaveHost) {
    this.#host = host;
  }

  /** Saves the session before long. */
  changed(): void {
    this.#changed = true;
    this.#saving ??= this.#saveSoon();
  }

  /** Saves the session now, for a step that waits for it. */
  async save(): Promise<void> {
    await this.#host.session.save();
  }

  /** Saves the session now, if a change waits for it, or `always`. */
  async flush(always = false): Promise<void> {
    if (!this.#changed && !always) return;
    this.#changed = false;
    try {
      await this.save();
    } catch (error) {
      this.#changed = true;
      throw error;
    }
  }

  async #saveSoon(): Promise<void> {
    const { clock, lifetime, log } = this.#host;
    await saveLater({
      clock,
      lifetime,
      delay: () => this.#changed ? SAVE_DELAY : undefined,
      save: () =>
        this.flush().then(() => true, (error: Error) => {
          log.error(error.message);
          return false;
        }),
    });
    this.#saving = undefined;
  }
}
