/**
 * The store of a program: texts that outlive it. It can be slow or broken, and a program that has
 * ended reads and writes nothing more.
 */
import type { KeyValueStore } from "../../src/session/mod.ts";
import type { FaultName } from "./faults.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** A disk of a computer. */
export class Disk {
  readonly texts = new Map<string, string>();
  readonly #time: VirtualTime;
  readonly #onFault: (kind: FaultName) => void;
  #slow = { until: 0, more: 0 };
  #brokenUntil = 0;

  constructor(time: VirtualTime, onFault: (kind: FaultName) => void) {
    this.#time = time;
    this.#onFault = onFault;
  }

  /** Makes it slow: each operation takes `more` milliseconds. */
  slowDown(ms: number, more: number): void {
    this.#slow = { until: this.#time.now + ms, more };
  }

  /** Breaks it: each operation fails. */
  break(ms: number): void {
    this.#brokenUntil = this.#time.now + ms;
  }

  /** Ends its faults. */
  calm(): void {
    this.#slow.until = this.#brokenUntil = 0;
  }

  /** Returns it as the store of a program, for as long as that lives. */
  storeOf(program: { readonly isAlive: boolean }): KeyValueStore {
    const operate = async <T>(run: () => T): Promise<T> => {
      if (!program.isAlive) return await new Promise<never>(() => {});
      if (this.#time.now < this.#slow.until) {
        this.#onFault("slowStore");
        await this.#time.sleep(this.#slow.more);
        if (!program.isAlive) return await new Promise<never>(() => {});
      }
      if (this.#time.now < this.#brokenUntil) {
        this.#onFault("brokenStore");
        throw new Error("Cannot use the simulated disk: it is full");
      }
      return run();
    };
    const { texts } = this;
    return {
      get: (key) => operate(() => texts.get(key)),
      set: (key, value) => operate(() => void texts.set(key, value)),
      delete: (key) => operate(() => void texts.delete(key)),
    };
  }
}
