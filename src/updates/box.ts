/**
 * One sequence of numbered updates.
 * https://core.telegram.org/api/updates#message-related-event-sequences
 *
 * An update that raises the sequence from `start` to `end` is
 *
 * | if                      | then                                                   |
 * | ----------------------- | ------------------------------------------------------ |
 * | `start` = the position  | applied: the position moves to `end`                    |
 * | `start` < the position  | old                                                    |
 * | `start` > the position  | kept: a gap is before it, and it may fill by itself     |
 *
 * While a difference is being fetched the box is on hold, and keeps what is not old.
 */

/** An update with its place in a sequence. A count of 0 has `start` = `end`. */
export interface Placed<T> {
  readonly start: number;
  readonly end: number;
  readonly item: T;
}

/**
 * What a box does with an update. `overlap`: a part of it is old. `renumbered`: it is so old that
 * the other side counts anew. `overflow`: too many wait, and the box forgot them.
 */
export type Verdict = "applied" | "kept" | "old" | "overlap" | "renumbered" | "overflow";

/** The updates of a box that wait. Beyond, the server is the buffer. */
export const MAX_WAITING = 1000;
/** "PTS can only go up or drop cardinally": a lower fall is not a new count, but an old update. */
export const MAX_FALL = 1_000_009;

/** A sequence: its position, and the updates that wait behind a gap. */
export class Box<T> {
  /** The number of the last applied update; undefined before the first. */
  position: number | undefined;
  /** Whether all updates wait. */
  onHold = false;
  /** When the gap has not filled by itself, in milliseconds of the clock. */
  deadline: number | undefined;
  readonly #gapWait: number;
  /** Sorted by `start`, then `end`. */
  #waiting: Placed<T>[] = [];

  /** Makes a box whose gaps may fill by themselves for `gapWait` ms. */
  constructor(position: number | undefined, gapWait: number) {
    this.position = position;
    this.#gapWait = gapWait;
  }

  /** The updates that wait. */
  get waiting(): readonly Placed<T>[] {
    return this.#waiting;
  }

  /** Places an update. If it is applied, {@linkcode next} returns those that follow. */
  offer(placed: Placed<T>, now: number): Verdict {
    const { start, end } = placed;
    if (this.position === undefined && this.onHold) return this.#keep(placed, now);
    const position = this.position ??= start;
    if (start === position && !this.onHold) {
      this.position = end;
      return "applied";
    }
    if (start < position) {
      if (end > position) return "overlap";
      return end + MAX_FALL < position ? "renumbered" : "old";
    }
    return this.#keep(placed, now);
  }

  /** Keeps an update that may be the next until the difference comes. */
  keep(placed: Placed<T>): Verdict {
    const position = this.position ??= placed.start;
    if (placed.start < position) return placed.end > position ? "overlap" : "old";
    this.hold();
    return this.#keep(placed, undefined);
  }

  /** Applies the next update that waits. Call it until it returns undefined. */
  next(now: number): Placed<T> | undefined {
    if (this.onHold) return undefined;
    const position = this.position ??= this.#waiting[0]?.start;
    if (position === undefined) return undefined;
    let old = 0;
    for (const placed of this.#waiting) {
      if (placed.start >= position) break;
      old++;
    }
    const found = this.#waiting[old];
    if (found?.start === position) {
      this.position = found.end;
      this.#waiting.splice(0, old + 1);
      return found;
    }
    if (old > 0) this.#waiting.splice(0, old);
    this.deadline = found === undefined ? undefined : this.deadline ?? now + this.#gapWait;
    return undefined;
  }

  /** Begins to hold all updates: a difference is being fetched. */
  hold(): void {
    this.onHold = true;
    this.deadline = undefined;
  }

  /** Lets the updates go on that are next. Call {@linkcode next} then. */
  release(): void {
    this.onHold = false;
    this.deadline = undefined;
  }

  /** Moves over the gap before the first update that waits. Returns the gap. */
  jump(): { from: number; to: number } | undefined {
    const to = this.#waiting[0]?.start;
    const from = this.position;
    if (from === undefined || to === undefined || to <= from) return undefined;
    this.position = to;
    return { from, to };
  }

  /** Forgets the updates that wait. */
  forget(): void {
    this.#waiting = [];
    this.deadline = undefined;
  }

  #keep(placed: Placed<T>, now: number | undefined): Verdict {
    const list = this.#waiting;
    let index = list.length;
    for (; index > 0; index--) {
      const before = list[index - 1];
      if (before === undefined || isBefore(before, placed)) break;
      if (isSame(before, placed)) return "old";
    }
    if (list.length >= MAX_WAITING) {
      this.forget();
      return "overflow";
    }
    list.splice(index, 0, placed);
    if (now !== undefined && !this.onHold) this.deadline ??= now + this.#gapWait;
    return "kept";
  }
}

function isBefore<T>(a: Placed<T>, b: Placed<T>): boolean {
  return a.start === b.start ? a.end < b.end : a.start < b.start;
}

/** Two updates without a count are two: nothing tells them apart. */
function isSame<T>(a: Placed<T>, b: Placed<T>): boolean {
  return a.start === b.start && a.end === b.end && a.start !== a.end;
}
