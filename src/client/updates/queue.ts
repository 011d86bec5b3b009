/** A queue in which taking costs the same however long it is. */

/** Values in the order in which they came. */
export class Queue<T> {
  #values: (T | undefined)[] = [];
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
    const values = this.#values;
    if (this.#first === values.length) return undefined;
    const value = values[this.#first];
    values[this.#first++] = undefined; // nothing keeps what was taken
    if (this.#first === values.length) {
      this.clear();
    } else if (this.#first > 512 && this.#first * 2 > values.length) {
      this.#values = values.slice(this.#first);
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
