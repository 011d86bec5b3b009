/**
 * The secondary event sequence of an account, numbered by qts: here, the events of bots.
 * https://core.telegram.org/api/updates#secondary-event-sequence
 */
import type { Api } from "../../../tl/mod.ts";

/** The updates with a qts. */
export type QtsUpdate = Extract<Api.Update, { qts: number }>;

/** An event without its number. */
export type QtsEvent = QtsUpdate extends infer U ? U extends unknown ? Omit<U, "qts"> : never
  : never;

/** The events of one account. */
export class SecondaryBox {
  readonly #log: QtsUpdate[] = [];

  /** The qts of the last event. */
  get qts(): number {
    return this.#log.length;
  }

  /** Adds and numbers an event. */
  add(event: QtsEvent): QtsUpdate {
    const update = { ...event, qts: this.#log.length + 1 } as QtsUpdate;
    this.#log.push(update);
    return update;
  }

  /** Returns the events after a qts, oldest first. */
  since(qts: number): readonly QtsUpdate[] {
    return this.#log.slice(Math.max(qts, 0));
  }
}
