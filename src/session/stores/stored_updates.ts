/**
 * The state of the updates in a store, under a key of its own. Like peers, it is a cache: a text
 * that cannot be used counts as none. If the store itself fails, the error is thrown, as updates
 * would be skipped without it.
 */
import { type Logger, silentLogger } from "../../runtime/mod.ts";
import { UnsealError } from "../sealing/sealer.ts";
import { SessionError } from "../session_error.ts";
import type { UpdatesPlace } from "../updates/updates_place.ts";
import {
  MAX_UPDATES_LENGTH,
  type OwnedUpdates,
  readUpdatesText,
  UpdatesTextError,
  writeUpdatesText,
} from "../updates/updates_text.ts";

/** The key of the text in its store. */
export interface UpdatesKey {
  /** Returns the text of the store. */
  get(): Promise<string | null | undefined>;
  /** Sets the text. A power failure may undo that, and leave the text before. */
  set(text: string): Promise<void>;
  /** Removes the text. */
  delete(): Promise<void>;
  /** The name of the session in errors. */
  readonly label: string;
  /** Returns the id of the user who is signed in. */
  userId(): bigint | undefined;
}

/** The state of the updates of a session in a store. */
export class StoredUpdates implements UpdatesPlace {
  readonly #key: UpdatesKey;
  /** The user of the text in the store, if there is one. */
  #owner: bigint | undefined;
  /** What the store has, as far as it is known. */
  #last: string | undefined;
  /** What the next save writes. */
  #newest: OwnedUpdates | undefined;
  #next: Promise<void> | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  /** `owner` is the id of the user in the saved state. */
  constructor(key: UpdatesKey, owner: bigint | undefined) {
    this.#key = key;
    this.#owner = owner;
  }

  load(log: Logger = silentLogger): Promise<string | undefined> {
    return this.#alone(async () => {
      try {
        return await this.#read();
      } catch (error) {
        const reason = reasonOf(error);
        if (reason === undefined) throw error;
        log.warn(
          `Cannot read how far the updates of the session "${this.#key.label}" were received: ` +
            `${reason}. Updates of the time before may be missing.`,
        );
        return undefined;
      }
    });
  }

  /** Saves a text. Calls during a save share the next one. */
  async save(text: string): Promise<void> {
    const { label } = this.#key;
    if (text.length > MAX_UPDATES_LENGTH) {
      throw new SessionError(
        `Cannot save how far the updates of the session "${label}" were received: the text has ` +
          `${text.length} characters, expected at most ${MAX_UPDATES_LENGTH}`,
      );
    }
    const userId = this.#key.userId();
    if (userId === undefined) return;
    this.#newest = { userId, text };
    await (this.#next ??= this.#alone(() => this.#write()));
  }

  /** Removes the text of a user who is not signed in any longer. Called before a state is saved. */
  async forgetOthers(): Promise<void> {
    if (this.#owner === this.#key.userId()) return;
    await this.#alone(async () => {
      const userId = this.#key.userId();
      if (this.#owner === userId) return; // a save was faster
      await this.#key.delete();
      this.#last = undefined;
      this.#owner = userId;
    });
  }

  /** Saves the last text again, as the store was emptied. */
  async rewrite(): Promise<void> {
    await this.#alone(async () => {
      if (this.#last !== undefined) await this.#key.set(this.#last);
    });
  }

  /** Waits for the saves that were begun. Their callers know whether they failed. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  async #read(): Promise<string | undefined> {
    const userId = this.#key.userId();
    const kept = await this.#key.get() ?? undefined;
    if (kept === undefined || userId === undefined) return undefined;
    this.#owner = undefined; // the next save of the state removes it, unless it is ours
    const found = readUpdatesText(kept);
    if (found.userId !== userId) throw new UpdatesTextError("it is of another user");
    this.#owner = userId;
    this.#last = kept;
    return found.text;
  }

  async #write(): Promise<void> {
    this.#next = undefined;
    // Another user may have signed in since: this text is not of that user.
    if (this.#newest === undefined || this.#newest.userId !== this.#key.userId()) return;
    const text = writeUpdatesText(this.#newest);
    this.#owner = this.#newest.userId;
    this.#newest = undefined;
    await this.#key.set(text);
    this.#last = text;
  }

  /** Runs one call after the other, so that an older text does not replace a newer one. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => {});
    return done;
  }
}

/** Why a text cannot be used; `undefined` if the store itself has failed. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof UpdatesTextError) return error.message;
  return error instanceof UnsealError ? "it is sealed with another secret, or damaged" : undefined;
}
