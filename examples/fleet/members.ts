/**
 * The processes of a fleet. Each keeps an entry in the store, `fleet:process:…`, and changes it
 * with each beat. A process lives while its entry changes. Everybody counts the time by a clock of
 * their own, so that the clocks of the machines do not matter.
 *
 * An entry only helps to plan. The lease of a session alone decides who may use it.
 */
import type { KeyValueStore } from "@tessera/mtproto/stores";
import type { Member } from "./plan.ts";

const PREFIX = "fleet:process:";
/** An entry that stays the same for so many times the silence of a dead process is removed. */
const FORGOTTEN = 10;

/** The entries of all processes. */
export class Members {
  readonly #store: KeyValueStore;
  readonly #silence: number;
  readonly #seen = new Map<string, { text: string; since: number }>();
  #beats = 0;

  /** `silence` is the time after which a process counts as dead, in milliseconds. */
  constructor(store: KeyValueStore, silence: number) {
    this.#store = store;
    this.#silence = silence;
  }

  /** Writes our entry. Returns the other processes that live. */
  async beat(self: Member): Promise<Member[]> {
    const own = PREFIX + self.id;
    await this.#store.set(
      own,
      JSON.stringify({ ...self, beat: ++this.#beats }),
    );
    const keys = await this.#store.list?.(PREFIX, "") ?? [];
    for (const key of this.#seen.keys()) {
      if (!keys.includes(key)) this.#seen.delete(key);
    }
    const others = keys.filter((key) => key !== own);
    const members = await Promise.all(others.map((key) => this.#look(key)));
    return members.filter((member) => member !== undefined);
  }

  /** Removes our entry. */
  async leave({ id }: Member): Promise<void> {
    await this.#store.delete(PREFIX + id);
  }

  async #look(key: string): Promise<Member | undefined> {
    const text = await this.#store.get(key);
    if (typeof text !== "string") return undefined;
    const now = performance.now();
    const before = this.#seen.get(key);
    if (before?.text !== text) {
      this.#seen.set(key, { text, since: now });
      return JSON.parse(text);
    }
    const unchanged = now - before.since;
    if (unchanged < this.#silence) return JSON.parse(text);
    if (unchanged > this.#silence * FORGOTTEN) {
      await this.#store.swap?.(key, text, undefined);
    }
    return undefined;
  }
}
