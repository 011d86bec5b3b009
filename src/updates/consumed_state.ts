/**
 * The state that a session keeps: it holds only what the program has consumed. If the process dies
 * at any moment, the account starts from it, and Telegram sends again all that was not consumed.
 */
import type { Delivery } from "./delivery.ts";
import type { MessageBoxes } from "./message_boxes.ts";
import type { ChannelPosition, StateChange, UpdatesState } from "./updates_state.ts";

/**
 * Follows the consumption of deliveries. They may be consumed in any order: the state moves past a
 * delivery when all before it are consumed, too. Each delivery must be consumed once, also one that
 * the driver drops.
 */
export class ConsumedState {
  readonly #boxes: MessageBoxes;
  #channels = new Map<bigint, ChannelPosition>();
  #numbers: { pts: number; qts: number; date: number; seq: number } | undefined;
  /** The number of the last delivery before which all are consumed. */
  #consumed: number;
  /** The changes of later deliveries that are consumed already, by their number. */
  readonly #ahead = new Map<number, Readonly<StateChange>>();

  /** Follows `boxes` from where they stand: all deliveries so far are taken as consumed. */
  constructor(boxes: MessageBoxes) {
    this.#boxes = boxes;
    this.#consumed = boxes.issued;
    this.#begin(boxes.state);
  }

  /** Marks a delivery as consumed. Of a delivery that was consumed before, does nothing. */
  consume({ mark }: Delivery): void {
    if (mark.number <= this.#consumed) return;
    if (mark.number > this.#consumed + 1) {
      this.#ahead.set(mark.number, mark.change);
      return;
    }
    this.#pass(mark.change);
    for (;;) {
      const change = this.#ahead.get(this.#consumed + 1);
      if (change === undefined) return;
      this.#ahead.delete(this.#consumed + 1);
      this.#pass(change);
    }
  }

  /** The state to keep; undefined as long as there is none. */
  get state(): UpdatesState | undefined {
    // When nothing is outstanding, changes without a delivery hold as well. They hold from now on,
    // though the next delivery has them in its mark: the state must not go back.
    if (this.#consumed === this.#boxes.issued) this.#begin(this.#boxes.state);
    return this.#numbers && { ...this.#numbers, channels: new Map(this.#channels) };
  }

  #begin(state: UpdatesState | undefined): void {
    if (state === undefined) return;
    const { channels, ...numbers } = state;
    this.#numbers = numbers;
    this.#channels = new Map(channels);
  }

  #pass({ pts, qts, date, seq, channels }: Readonly<StateChange>): void {
    this.#consumed++;
    this.#numbers ??= pts === undefined || qts === undefined
      ? undefined
      : { pts, qts, date: 0, seq: 0 };
    if (this.#numbers !== undefined) {
      if (pts !== undefined) this.#numbers.pts = pts;
      if (qts !== undefined) this.#numbers.qts = qts;
      if (date !== undefined) this.#numbers.date = date;
      if (seq !== undefined) this.#numbers.seq = seq;
    }
    if (channels === undefined) return;
    for (const [id, position] of channels) {
      if (position === undefined) this.#channels.delete(id);
      else this.#channels.set(id, position);
    }
  }
}
