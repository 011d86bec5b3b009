/**
 * The store of a program: texts that outlive it. It can be slow or broken, and a program that has
 * ended reads and writes nothing more.
 */
import type { KeyValueStore } from "../../src/session/mod.ts";
import type { FaultName } from "./faults.ts";
import type { History } from "./history.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** The end of the key under which a session keeps the state of the updates. */
const PLACE = ":updates";

/** A disk of a computer. */
export class Disk {
  readonly texts = new Map<string, string>();
  readonly #time: VirtualTime;
  readonly #history: History;
  #slow = { until: 0, more: 0 };
  #brokenUntil = 0;
  /** The faults of the place of the updates alone. */
  #slowPlace = { until: 0, more: 0 };
  #placeBrokenUntil = 0;

  constructor(time: VirtualTime, history: History) {
    this.#time = time;
    this.#history = history;
  }

  /** Makes it slow: each operation takes `more` milliseconds. */
  slowDown(ms: number, more: number): void {
    this.#slow = { until: this.#time.now + ms, more };
  }

  /** Breaks it: each operation fails. */
  break(ms: number): void {
    this.#brokenUntil = this.#time.now + ms;
  }

  /** Makes it slow for the state of the updates. */
  slowDownPlace(ms: number, more: number): void {
    this.#slowPlace = { until: this.#time.now + ms, more };
  }

  /** Breaks it for the state of the updates. */
  breakPlace(ms: number): void {
    this.#placeBrokenUntil = this.#time.now + ms;
  }

  /** Ends its faults. */
  calm(): void {
    this.#slow.until = this.#brokenUntil = 0;
    this.#slowPlace.until = this.#placeBrokenUntil = 0;
  }

  /** Returns it as the store of a program, for as long as that lives. */
  storeOf(program: { readonly isAlive: boolean }): KeyValueStore {
    const operate = async <T>(key: string, run: () => T): Promise<T> => {
      if (!program.isAlive) return await new Promise<never>(() => {});
      await this.#wait("slowStore", this.#slow);
      if (key.endsWith(PLACE)) await this.#wait("slowPlace", this.#slowPlace);
      if (!program.isAlive) return await new Promise<never>(() => {});
      this.#check("brokenStore", this.#brokenUntil);
      if (key.endsWith(PLACE)) this.#check("brokenPlace", this.#placeBrokenUntil);
      return run();
    };
    const set = async (key: string, value: string): Promise<void> => {
      if (!key.endsWith(PLACE)) {
        return await operate(key, () => void this.texts.set(key, value));
      }
      const { badSaves } = this.#history;
      // Until it has ended, a save is as one that fails.
      const save = { from: this.#time.now, to: Infinity };
      badSaves.add(save);
      try {
        await operate(key, () => void this.texts.set(key, value));
        if (this.#time.now === save.from) badSaves.delete(save);
        this.#history.firstSave ??= save.from;
      } finally {
        save.to = this.#time.now;
      }
    };
    const { texts } = this;
    return {
      get: (key) => operate(key, () => texts.get(key)),
      set,
      delete: (key) => operate(key, () => void texts.delete(key)),
    };
  }

  async #wait(kind: FaultName, { until, more }: { until: number; more: number }): Promise<void> {
    if (this.#time.now >= until) return;
    this.#history.count(`fault: ${kind}`);
    await this.#time.sleep(more);
  }

  #check(kind: FaultName, until: number): void {
    if (this.#time.now >= until) return;
    this.#history.count(`fault: ${kind}`);
    throw new Error("Cannot use the simulated disk: it is full");
  }
}
