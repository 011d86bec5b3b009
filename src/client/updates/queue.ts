/** A queue in which taking costs the same however long it is. */

/** Values in the order in which they came. */
export class Queue<T> {
  #values: T[] = [];
  #first = 0;

  /** The number of values. */
  get size(): number {
    return this.#values.length - this.#first;
  }

  /** Adds values at the end. */
  add(values: readonly T[]): void {
    for (const value of values) this.#values.push(value);
  }

  /** Takes the first value; undefined if there is none. */
  take(): T | undefined {
    if (this.#first === this.#values.length) return undefined;
    const value = this.#values[this.#first++];
    if (this.#first > 512 && this.#first * 2 > this.#values.length) {
      this.#values = this.#values.slice(this.#first);
      this.#first = 0;
    }
    return value;
  }

  /** Forgets all values. */
  clear(): void {
    this.#values = [];
    this.#first = 0;
  }
}
