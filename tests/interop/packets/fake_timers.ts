/** The timers and the clock of a library that takes those of the runtime, in time by hand. */
interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** Replaces the runtime's timers until it goes out of scope. */
export class FakeTimers implements Disposable {
  readonly #timers = new Map<number, Timer>();
  readonly #restore: () => void;
  #now = 0;
  #last = 0;

  constructor() {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const now = performance.now;
    this.#restore = () => {
      Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
      performance.now = now;
    };
    const clear = (id: number): void => void this.#timers.delete(id);
    Object.assign(globalThis, {
      setTimeout: (call: () => void, ms = 0) => {
        this.#timers.set(++this.#last, { at: this.#now + ms, call });
        return this.#last;
      },
      clearTimeout: clear,
      setInterval: () => ++this.#last, // 15 minutes, which no history lasts
      clearInterval: clear,
    });
    performance.now = () => this.#now;
  }

  /** Lets time pass, and calls what is due. Waits for `rest` each time. */
  async advance(ms: number, rest: () => Promise<void>): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= until)
        .sort(([, one], [, other]) => one.at - other.at)[0];
      if (due === undefined) break;
      const [id, { at, call }] = due;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, at);
      call();
      await rest();
    }
    this.#now = until;
    await rest();
  }

  [Symbol.dispose](): void {
    this.#restore();
  }
}
