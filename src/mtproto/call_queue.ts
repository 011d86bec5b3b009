/**
 * The calls that wait to be sent, in the order of their numbers: a call that is sent again goes out
 * before the calls that were made after it. A binary heap: adding and removing take O(log n).
 */

/** An item of a {@linkcode CallQueue}. */
export interface QueueItem {
  readonly id: number;
  /** The index in the heap; -1 outside of the queue. */
  place: number;
}

/** Items in the order of their ids. An item is in one queue at most. */
export class CallQueue<T extends QueueItem> {
  readonly #heap: T[] = [];

  /** The number of items. */
  get length(): number {
    return this.#heap.length;
  }

  /** The item with the lowest id. */
  get first(): T | undefined {
    return this.#heap[0];
  }

  /** Adds an item, unless it is there. */
  add(item: T): void {
    if (item.place < 0) this.#rise(item, this.#heap.length);
  }

  /** Removes an item, if it is there. */
  delete(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#sink(last, place);
    this.#rise(last, last.place);
  }

  /** Puts an item at `place`, or above it where it belongs. */
  #rise(item: T, place: number): void {
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above];
      if (parent.id < item.id) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(item, place);
  }

  /** Puts an item at `place`, or below it where it belongs. */
  #sink(item: T, place: number): void {
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const isRight = right < this.#heap.length && this.#heap[right].id < this.#heap[left].id;
      const below = isRight ? right : left;
      if (below >= this.#heap.length || this.#heap[below].id > item.id) break;
      this.#put(this.#heap[below], place);
      place = below;
    }
    this.#put(item, place);
  }

  #put(item: T, place: number): void {
    this.#heap[place] = item;
    item.place = place;
  }
}
