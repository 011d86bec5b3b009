/**
 * The text of a session's state in its store, as this program has last read or saved it. If the
 * store is emptied under a running program, the text is written again.
 */
import type { KeyValueStore } from "../key_value_store.ts";

/** The text of a state. */
export class SavedText {
  readonly #reader: KeyValueStore;
  readonly #key: string;
  #writer: KeyValueStore;
  #isLoaded = false;
  #isMissing = false;
  #last: string | undefined;
  /** The text that is being saved, or could not be: it may be in the store. */
  #newest: string | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** Called after the text was missing, and is written again. */
  onRewritten: () => Promise<void> = () => Promise.resolve();

  /** The text under a key of a store. */
  constructor(store: KeyValueStore, key: string) {
    this.#reader = this.#writer = store;
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

  /** Saves texts to the same store with a fence from now on. */
  saveTo(writer: KeyValueStore): void {
    this.#writer = writer;
  }

  /** Saves a text, after the one before. */
  save(text: string): Promise<void> {
    this.#newest = text;
    return this.#next(() => this.#write(text));
  }

  /** Whether the store has our text, or none. Any other text was saved by another program. */
  async verify(): Promise<boolean> {
    if (!this.#isLoaded) return true;
    const found = await this.#reader.get(this.#key) ?? undefined;
    this.#isMissing = found === undefined;
    return this.#isMissing || found === this.#last || found === this.#newest;
  }

  /** Saves the last text again, if `verify` has missed it. */
  async rewrite(): Promise<void> {
    if (!this.#isMissing) return;
    await this.#next(async () => {
      if (this.#isMissing && this.#last !== undefined) await this.#write(this.#last);
    });
  }

  #next(work: () => Promise<void>): Promise<void> {
    return this.#writing = this.#writing.catch(() => {}).then(work);
  }

  async #write(text: string): Promise<void> {
    await this.#writer.set(this.#key, text);
    this.#last = text;
    if (!this.#isMissing) return;
    this.#isMissing = false;
    await this.onRewritten();
  }
}
