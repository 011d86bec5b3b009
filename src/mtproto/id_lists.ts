/**
 * Lists of msg_ids in typed arrays. A msg_id is a bigint, for which an engine makes an object: a
 * session that remembers thousands of them would need ten times as much memory.
 */

/** The first size of a list, which doubles when it is full: most sessions are short. */
const FEW = 16;

/** msg_ids in rising order. */
export class SortedIds {
  #ids = new BigUint64Array(FEW);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Returns the id at an index; undefined behind the end. */
  at(index: number): bigint | undefined {
    return index < this.#length ? this.#ids[index] : undefined;
  }

  /** Returns the first index whose id is not below `msgId`. It is nearly always the end. */
  placeOf(msgId: bigint): number {
    const ids = this.#ids;
    let high = this.#length;
    if (high === 0 || ids[high - 1] < msgId) return high;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ids[middle] < msgId) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Inserts an id at its place. */
  insert(index: number, msgId: bigint): void {
    if (this.#length === this.#ids.length) {
      const ids = new BigUint64Array(2 * this.#length);
      ids.set(this.#ids);
      this.#ids = ids;
    }
    insert(this.#ids, this.#length++, index, msgId);
  }

  /** Removes the lowest ids. */
  removeFirst(count: number): void {
    this.#ids.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** Removes all ids. */
  clear(): void {
    this.#ids = new BigUint64Array(FEW);
    this.#length = 0;
  }
}

/** Numbers of 32 bits, each at the index of its msg_id in a {@linkcode SortedIds}. */
export class NumbersOfIds {
  #numbers = new Int32Array(FEW);
  #length = 0;

  /** Returns the number at an index; undefined before the start and behind the end. */
  at(index: number): number | undefined {
    return index < this.#length ? this.#numbers[index] : undefined;
  }

  /** Inserts a number. */
  insert(index: number, number: number): void {
    if (this.#length === this.#numbers.length) {
      const numbers = new Int32Array(2 * this.#length);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    insert(this.#numbers, this.#length++, index, number);
  }

  /** Removes the first numbers. */
  removeFirst(count: number): void {
    this.#numbers.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** Removes all numbers. */
  clear(): void {
    this.#numbers = new Int32Array(FEW);
    this.#length = 0;
  }
}

/** The msg_ids that were added last, in a ring. */
export class RecentIds {
  readonly #limit: number;
  /** The low and the high half of each id: finding one makes no bigint. */
  #halves = new Int32Array(2 * FEW);
  #count = 0;
  /** The place of the next id. */
  #next = 0;

  /** Keeps the last `limit` ids. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns whether the id is one of them. */
  has(msgId: bigint): boolean {
    const [low, high] = halvesOf(msgId);
    const halves = this.#halves;
    for (let i = 2 * this.#count - 2; i >= 0; i -= 2) {
      if (halves[i] === low && halves[i + 1] === high) return true;
    }
    return false;
  }

  /** Adds an id, in the place of the oldest if there are too many. */
  add(msgId: bigint): void {
    if (this.has(msgId)) return;
    if (this.#count < this.#limit) this.#next = this.#count++;
    if (2 * this.#count > this.#halves.length) {
      const halves = new Int32Array(Math.min(4 * this.#count, 2 * this.#limit));
      halves.set(this.#halves);
      this.#halves = halves;
    }
    this.#halves.set(halvesOf(msgId), 2 * this.#next);
    this.#next = (this.#next + 1) % this.#limit;
  }

  /** Removes all ids. */
  clear(): void {
    this.#halves = new Int32Array(2 * FEW);
    this.#count = this.#next = 0;
  }
}

function halvesOf(msgId: bigint): [low: number, high: number] {
  return [Number(BigInt.asIntN(32, msgId)), Number(BigInt.asIntN(32, msgId >> 32n))];
}

/** Moves the items from an index on, and puts an item there. */
function insert<T>(
  list: { copyWithin(to: number, from: number, end: number): unknown; [index: number]: T },
  length: number,
  index: number,
  item: T,
): void {
  list.copyWithin(index + 1, index, length);
  list[index] = item;
}
