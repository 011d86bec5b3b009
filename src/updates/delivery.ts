/**
 * What the message boxes hand out: the updates in their order, each with the change of the state
 * that its consumption makes.
 */
import type { Api } from "../tl/mod.ts";
import { mergeChange, type StateChange } from "./updates_state.ts";

/** Why updates are missing. */
export type GapReason =
  /** Telegram has too many updates to send them. */
  | "too long"
  /** Telegram did not answer requests for them. */
  | "given up"
  /** The account has no access to the channel, or does not know it. */
  | "no access"
  /** Telegram counts from another number since. */
  | "renumbered";

/** Tells that updates are lost: Telegram will not send them any more. */
export interface GapUpdate {
  readonly _: "gap";
  /** The name of the sequence in which updates are missing. */
  readonly sequence: "pts" | "qts" | "seq";
  /** The channel; undefined in the sequences of the account. */
  readonly channelId?: bigint;
  /** The number of the last update before the gap. */
  readonly from: number;
  /** The number of the last missing update; undefined if it is not known. */
  readonly to?: number;
  /** Why they are missing. */
  readonly reason: GapReason;
}

/** The place of a delivery in the order of all. {@linkcode ConsumedState} reads it. */
export interface DeliveryMark {
  /** 1 for the first delivery, and one more for each next. */
  readonly number: number;
  /** What changes in the state, from the delivery before to this one. */
  readonly change: Readonly<StateChange>;
}

/** An update in its order. */
export interface Delivery {
  readonly update: Api.Update | GapUpdate;
  /** The users that came with the update. */
  readonly users: readonly Api.User[];
  /** The chats that came with the update. */
  readonly chats: readonly Api.Chat[];
  /** Whether this client caused the update by a call. */
  readonly own: boolean;
  readonly mark: DeliveryMark;
}

/** An update that has not found its place yet, and what came with it. */
export interface Arrival {
  /** The update; undefined for an answer that only moves a sequence. */
  readonly update: Api.Update | undefined;
  readonly users: readonly Api.User[];
  readonly chats: readonly Api.Chat[];
  readonly own: boolean;
}

/** Collects deliveries, and the changes of the state between them. */
export class Outlet {
  #deliveries: Delivery[] = [];
  #change: StateChange = {};
  #issued = 0;

  /** The number of deliveries so far. */
  get issued(): number {
    return this.#issued;
  }

  /** Adds a change of the state: it holds when all deliveries so far are consumed. */
  note(change: Readonly<StateChange>): void {
    mergeChange(this.#change, change);
  }

  /** Delivers an update. */
  put(update: Api.Update | GapUpdate, { users, chats, own }: Omit<Arrival, "update">): void {
    const mark = { number: ++this.#issued, change: this.#change };
    this.#change = {};
    this.#deliveries.push({ update, users, chats, own, mark });
  }

  /** Delivers news of a gap. */
  putGap(gap: Omit<GapUpdate, "_">): void {
    this.put({ _: "gap", ...gap }, { users: [], chats: [], own: false });
  }

  /** Returns the deliveries since the last call. */
  take(): Delivery[] {
    const deliveries = this.#deliveries;
    this.#deliveries = [];
    return deliveries;
  }
}
