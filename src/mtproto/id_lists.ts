/**
 * Lists of msg_ids in typed arrays. A msg_id is a bigint, for which an engine makes an object: a
 * session that remembers thousands of them would need ten times as much memory.
 */

/** The first size of a list, which doubles when it is full: most sessions are short. */
const FEW = 16;

/** A list in a typed array that grows. */
export class TypedList<A extends BigUint64Array<ArrayBuffer> | Int32Array<ArrayBuffer>> {
  readonly #make: (length: number) => A;
  #items: A;
  #length = 0;

  /** Begins empty; `make` returns an array of a length. */
  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#items = make(FEW);
  }

  get length(): number {
    return this.#length;
  }

  /** Returns an item; undefined before the start and behind the end. */
  at(index: number): A[number] | undefined {
    return index < this.#length ? this.#items[index] : undefined;
  }

  /** Inserts an item before that of an index. */
  insert(index: number, item: A[number]): void {
    if (this.#length === this.#items.length) {
      const items = this.#make(2 * this.#length);
      items.set(this.#items as never);
      this.#items = items;
    }
    this.#items.copyWithin(index + 1, index, this.#length++);
    this.#items[index] = item;
  }

  /** Removes the first items. */
  removeFirst(count: number): void {
    this.#items.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  /** Removes all items. */
  clear(): void {
    this.#items = this.#make(FEW);
    this.#length = 0;
  }
}

/** msg_ids in rising order. */
export type SortedIds = TypedList<BigUint64Array<ArrayBuffer>>;

/** Returns an empty list of msg_ids. */
export function sortedIds(): SortedIds {
  return new TypedList((length) => new BigUint64Array(length));
}

/** Returns the first index whose id is not below `msgId`. It is nearly always the end. */
export function placeOf(ids: SortedIds, msgId: bigint): number {
  let high = ids.length;
  const last = ids.at(high - 1);
  if (last === undefined || last < msgId) return high;
  let low = 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const id = ids.at(middle);
    if (id !== undefined && id < msgId) low = middle + 1;
    else high = middle;
  }
  return low;
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
