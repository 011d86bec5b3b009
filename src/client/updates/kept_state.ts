/**
 * The state of the updates as the session keeps it: loaded when the updates of a user begin, saved
 * when the program has consumed some, but not more often than once a second.
 */
import type { Clock, Logger } from "../../runtime/mod.ts";
import type { UpdatesPlace } from "../../session/mod.ts";

/** The least time between two savings, in milliseconds. */
const SAVE_INTERVAL = 1000;
/** The pauses after a store that does not answer, in milliseconds. Then the updates end. */
const LOAD_PAUSES = [1000, 2000, 4000, 8000, 16_000];

/** What the kept state works with. */
export interface KeptStateHost {
  readonly clock: Clock;
  readonly log: Logger;
  /** The state may name a channel whose updates can be fetched only with its access hash. */
  readonly peers: { flush(): Promise<unknown> };
}

/** The parts of a {@linkcode KeptState}. */
export interface KeptStateOptions {
  readonly host: KeptStateHost;
  /** Returns where the state is kept, when the session is loaded. */
  readonly place: () => UpdatesPlace;
  /** Returns the state as it is now; undefined if there is none. */
  readonly current: () => string | undefined;
  /** Called after each saving. */
  readonly onSaved: () => void;
}

/** Loads and saves the state of the updates. */
export class KeptState {
  readonly #options: KeptStateOptions;
  #saved: { readonly text?: string; readonly at: number } = { at: -Infinity };
  #saving: Promise<void> | undefined;
  /** Whether the state may have changed since it was saved. */
  #isChanged = false;

  constructor(options: KeptStateOptions) {
    this.#options = options;
  }

  /** Takes note that the state may have changed. */
  change(): void {
    this.#isChanged = true;
  }

  /** Without the state the account would begin from now, and miss what came meanwhile. */
  async load(signal: AbortSignal): Promise<string | undefined> {
    const { place, host: { clock, log } } = this.#options;
    for (const pause of LOAD_PAUSES) {
      try {
        return await place().load(log);
      } catch (error) {
        log.warn(`Cannot load the state of the updates: ${(error as Error).message}`);
        await clock.sleep(pause, signal);
      }
    }
    return await place().load(log);
  }

  /** Takes note of the text that the store has. */
  begin(text: string | undefined): void {
    this.#saved = { text, at: -Infinity };
  }

  /** Saves the state now, or returns when it may be saved: it was saved just before. */
  saveSoon(): number | undefined {
    if (!this.#isChanged || this.#saving !== undefined) return undefined;
    const dueAt = this.#saved.at + SAVE_INTERVAL;
    if (this.#options.host.clock.monotonic() < dueAt) return dueAt;
    void this.save();
  }

  /** Saves the state, if it has changed. */
  async save(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    const text = this.#options.current();
    if (text === undefined) return;
    this.#isChanged = false;
    const isSaved = text === this.#saved.text;
    this.#saved = { text, at: this.#options.host.clock.monotonic() };
    if (isSaved) return;
    this.#saving = this.#keep(text);
    await this.#saving;
  }

  async #keep(text: string): Promise<void> {
    const { place, onSaved, host } = this.#options;
    try {
      await host.peers.flush();
      await place().save(text);
    } catch (error) {
      this.#saved = { at: this.#saved.at };
      this.#isChanged = true; // it is tried again
      host.log.warn(`Cannot keep the state of the updates: ${(error as Error).message}`);
    } finally {
      this.#saving = undefined;
      onSaved();
    }
  }
}
