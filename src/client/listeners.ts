/** Functions that are told something, in the order in which they were added. */
export class Listeners<T> {
  /** A new list for each change: one that is being told stays as it is. */
  #all: readonly ((value: T) => void)[] = [];
  readonly #failed: (error: unknown) => void;

  /** @param failed Takes what a listener throws, or rejects with. The others are told, too. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get size(): number {
    return this.#all.length;
  }

  /** Adds a listener, which may be there already. Returns a function that ends this. */
  add(listener: (value: T) => void): () => void {
    const own = (value: T): void => listener(value);
    this.#all = [...this.#all, own];
    return () => void (this.#all = this.#all.filter((other) => other !== own));
  }

  tell(value: T): void {
    for (const listener of this.#all) {
      try {
        const done: unknown = listener(value); // a promise, if the listener is async
        if (done instanceof Promise) done.catch(this.#failed);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
