/**
 * The text of a session's state in its store, as this program has last read or saved it. If the
 * store is emptied under a running program, the text is written again.
 */
import type { KeyValueStore } from "../key_value_store.ts";

/** The text of a state. */
export class SavedText {
  /** The store that the text is saved to. */
  store: KeyValueStore;
  readonly #reader: KeyValueStore;
  readonly #key: string;
  #isLoaded = false;
  #last: string | undefined;
  #saving: string | undefined;

  /** The text under a key of a store. */
  constructor(store: KeyValueStore, key: string) {
    this.store = this.#reader = store;
    this.#key = key;
  }

  /** The text that was last read or saved; `undefined` for a new session. */
  get last(): string | undefined {
    return this.#last;
  }

  /** Reads the text. */
  async load(): Promise<void> {
    this.#last = await this.#reader.get(this.#key) ?? undefined;
    this.#isLoaded = true;
  }

  /** Saves a text. */
  async save(text: string): Promise<void> {
    this.#saving = text;
    await this.store.set(this.#key, text);
    this.#last = text;
  }

  /**
   * Saves the last text again if the store has none. Returns `false` if it has a text that is not
   * ours.
   */
  async restore(): Promise<boolean> {
    if (!this.#isLoaded) return true;
    const text = this.#last;
    if (text !== undefined && await this.#reader.swap?.(this.#key, undefined, text)) return true;
    const found = await this.#reader.get(this.#key) ?? undefined;
    return found === undefined || found === this.#last || found === this.#saving;
  }
}
