/** The state of the updates in memory: of a session that stores nothing. */
import type { UpdatesPlace } from "./updates_place.ts";

/** An {@linkcode UpdatesPlace} in memory, gone when the process ends. */
export class MemoryUpdates implements UpdatesPlace {
  readonly #userId: () => bigint | undefined;
  #owner: bigint | undefined;
  #text: string | undefined;

  /** `userId` returns the id of the user who is signed in. */
  constructor(userId: () => bigint | undefined) {
    this.#userId = userId;
  }

  load(): Promise<string | undefined> {
    this.forgetOthers();
    return Promise.resolve(this.#text);
  }

  save(text: string): Promise<void> {
    this.forgetOthers();
    if (this.#owner !== undefined) this.#text = text;
    return Promise.resolve();
  }

  /** Forgets the text of a user who is not signed in any longer. */
  forgetOthers(): void {
    const userId = this.#userId();
    if (this.#owner === userId) return;
    this.#owner = userId;
    this.#text = undefined;
  }
}
