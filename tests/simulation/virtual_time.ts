/**
 * Virtual time: one heap of events, and clocks over it. An event runs, everything that needs no
 * time follows from it, and then the time jumps to the next event.
 */
import { setImmediate } from "node:timers";
// Code that is loaded on first use is loaded here: loading takes real time.
import "../../src/auth/person/mod.ts";
import "../../src/client/updates/mod.ts";
import "../../src/connection/forward_secrecy/mod.ts";
import "../../src/messages/chats/mod.ts";
import "../../src/session/stores/open_store.ts";
import type { Clock } from "../../src/runtime/mod.ts";

/** The beginning of all worlds, in milliseconds since 1970. */
const BEGINNING = 1_750_000_000_000;
/** A dynamic import takes a turn of the event loop, and other code follows it. */
const TURNS = 2;

interface Event {
  readonly at: number;
  readonly number: number;
  run: (() => void) | undefined;
}

/** Lets everything happen that needs no time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) {
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
}

/** The time of a world, in milliseconds from its beginning. */
export class VirtualTime {
  #now = 0;
  #count = 0;
  readonly #heap: Event[] = [];

  /** Milliseconds from the beginning of the world. */
  get now(): number {
    return this.#now;
  }

  /** The number of events that were scheduled. */
  get count(): number {
    return this.#count;
  }

  /**
   * Runs a function after `ms`, which are rounded up. Returns a function that prevents this. All
   * times are whole milliseconds, so that no sleep is short by the error of a fraction.
   */
  after(ms: number, run: () => void): () => void {
    const at = this.#now + Math.max(Math.ceil(ms), 0);
    const event: Event = { at, number: this.#count++, run };
    this.#push(event);
    return () => event.run = undefined;
  }

  /** Resolves later. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Runs all events up to a moment; ends before it when `isOver` returns true. */
  async runUntil(end: number, isOver: () => boolean = () => false): Promise<void> {
    await settled();
    while (!isOver()) {
      const first = this.#heap[0];
      if (first === undefined || first.at > end) break;
      this.#pop();
      if (first.run === undefined) continue;
      this.#now = Math.max(this.#now, first.at);
      first.run();
      await settled();
    }
    if (!isOver()) this.#now = Math.max(this.#now, end);
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = at - 1 >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number);
}

/** The clock of one program or server. It can be wrong, sleep with its computer, and stop. */
export class ProcessClock implements Clock {
  readonly #time: VirtualTime;
  #ahead: number;
  /** Milliseconds of all its sleeps, the current one included. */
  #asleep = 0;
  #wakesAt = 0;
  #isStopped = false;
  #sleepers = 0;

  /** A clock that is so many milliseconds ahead of the world. */
  constructor(time: VirtualTime, ahead = 0) {
    this.#time = time;
    this.#ahead = ahead;
  }

  /** The number of sleeps that have not ended. */
  get sleepers(): number {
    return this.#sleepers;
  }

  now(): number {
    return BEGINNING + this.#time.now + this.#ahead;
  }

  monotonic(): number {
    return Math.max(this.#time.now, this.#wakesAt) - this.#asleep;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      this.#sleepers++;
      let cancel = (): void => {};
      const end = (): void => {
        cancel();
        this.#sleepers--;
        signal?.removeEventListener("abort", abort);
      };
      const abort = (): void => {
        end();
        if (!this.#isStopped) reject(signal?.reason);
      };
      const until = this.monotonic() + ms;
      const wake = (): void => {
        if (this.#isStopped) return;
        const left = Math.max(until - this.monotonic(), this.#wakesAt - this.#time.now);
        if (left > 0) {
          cancel = this.#time.after(left, wake);
          return;
        }
        end();
        resolve();
      };
      cancel = this.#time.after(ms, wake);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Sets the time of day. */
  setAhead(ms: number): void {
    this.#ahead = ms;
  }

  /** Lets the computer sleep: the monotonic clock stands still, and nobody wakes meanwhile. */
  suspend(ms: number): void {
    const wakesAt = this.#time.now + ms;
    this.#asleep += Math.max(0, wakesAt - Math.max(this.#time.now, this.#wakesAt));
    this.#wakesAt = Math.max(this.#wakesAt, wakesAt);
  }

  /** Stops for good: nobody who sleeps by this clock wakes any more. */
  stop(): void {
    this.#isStopped = true;
  }
}
