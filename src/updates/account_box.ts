/**
 * The sequences of the account: pts of private chats and basic groups, qts of secret chats and
 * bots, seq of the packets. They are three boxes with one difference, `updates.getDifference`.
 * https://core.telegram.org/api/updates#recovering-gaps
 */
import type { Api } from "../tl/mod.ts";
import { Box, type Placed } from "./box.ts";
import type { Arrival, GapReason, Outlet } from "./delivery.ts";
import { foreign, messageIdOf, newEncryptedMessage, newMessage, recover } from "./difference.ts";
import type { Remedy } from "./failure.ts";
import type { Order } from "./order.ts";
import { Turn } from "./turn.ts";
import { isPosition } from "./updates_state.ts";
import type { WantedDifference, WantedState } from "./want.ts";

/** How long a gap may fill by itself, in ms. */
export const GAP_WAIT = 500;
/** How long no packet may come before the difference is fetched, in ms. */
export const SILENCE = 15 * 60_000;
/** The pause before the first state is asked for again, after Telegram refused it often, in ms. */
const STATE_PAUSE = 60_000;

/** The updates of a packet without a place of their own: they have that of the packet. */
interface Rest {
  arrivals: readonly Arrival[];
  readonly date: number;
}

/** Where all sequences of the account stand. */
export interface AccountPosition {
  readonly pts: number;
  readonly qts: number;
  readonly date: number;
  readonly seq: number;
}

/**
 * Why the state is asked for: at the first start; as Telegram says that pts changed; as it does not
 * know our pts any more.
 */
type Reread = "first" | "changed" | "invalid";

/** The sequences of the account. */
export class AccountBox {
  readonly #common: Box<Arrival>;
  readonly #secondary: Box<Arrival>;
  readonly #packets: Box<Rest>;
  readonly #turn = new Turn();
  readonly #outlet: Outlet;
  /** Places an update that is of no sequence of the account. */
  readonly #route: (arrival: Arrival, now: number) => void;
  #date: number;
  #reread: Reread | undefined;
  /** The date from which an account begins that had no state; undefined once it has begun. */
  #begunAt: number | undefined;
  /** When the last packet came. */
  #heardAt: number | undefined;

  constructor(
    position: AccountPosition | undefined,
    outlet: Outlet,
    route: (arrival: Arrival, now: number) => void,
  ) {
    this.#common = new Box(position?.pts, GAP_WAIT);
    this.#secondary = new Box(position?.qts, GAP_WAIT);
    this.#packets = new Box(position?.seq, 0);
    this.#date = position?.date ?? 0;
    this.#outlet = outlet;
    this.#route = route;
    this.#turn.want(-Infinity);
    if (position === undefined) {
      this.#reread = "first";
      this.#hold();
    }
  }

  /** Where the sequences stand; undefined before the first answer. */
  get position(): AccountPosition | undefined {
    const pts = this.#common.position;
    const qts = this.#secondary.position;
    const seq = this.#packets.position;
    if (pts === undefined || qts === undefined || seq === undefined) return undefined;
    return { pts, qts, date: this.#date, seq };
  }

  /** When the box has a request; undefined while one is in flight. */
  get time(): number | undefined {
    if (this.#turn.isInFlight) return undefined;
    const deadline = Math.min(
      this.#common.deadline ?? Infinity,
      this.#secondary.deadline ?? Infinity,
      this.#packets.deadline ?? Infinity,
      (this.#heardAt ?? -Infinity) + SILENCE,
    );
    return this.#turn.atLatest(deadline);
  }

  /** Whether updates are missing, or may be. */
  get isBehind(): boolean {
    return this.position === undefined || this.#turn.isBusy ||
      this.#boxes().some((box) => box.waiting.length > 0);
  }

  /** Whether the difference is to come, which also tells of channels. */
  get isCatchingUp(): boolean {
    return this.#turn.isPending;
  }

  /** A packet came: the silence begins anew. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /** Wants the difference. */
  want(now: number): void {
    this.#turn.want(now);
  }

  /** Telegram changed the pts: asks for the state. */
  wantState(now: number): void {
    this.#reread ??= "changed";
    this.#turn.want(now);
  }

  /** Places an update of the common or the secondary sequence. */
  offer({ sequence, pts, count }: Order, item: Arrival, now: number): void {
    const box = sequence === "common" ? this.#common : this.#secondary;
    const placed = { start: pts - count, end: pts, item };
    switch (box.offer(placed, now)) {
      case "applied":
        this.#deliver(box, placed);
        this.#drain(now);
        return;
      case "overlap":
      case "overflow":
        return this.want(now);
      case "renumbered":
        return this.wantState(now);
    }
  }

  /** Keeps an update whose peers are not known until the difference describes them. */
  keep({ sequence, pts, count }: Order, item: Arrival, now: number): void {
    const box = sequence === "common" ? this.#common : this.#secondary;
    const verdict = box.position === undefined
      ? box.offer({ start: pts - count, end: pts, item }, now)
      : box.keep({ start: pts - count, end: pts, item });
    if (verdict !== "old") this.want(now);
  }

  /** An update is left to the difference. */
  miss({ sequence, pts }: Order, now: number): void {
    const { position } = sequence === "common" ? this.#common : this.#secondary;
    if (position !== undefined && pts > position) this.want(now);
  }

  /** Places the rest of a packet. */
  offerRest(seqStart: number, seq: number, date: number, arrivals: Arrival[], now: number): void {
    const item: Rest = { arrivals, date };
    if (seqStart === 0) {
      this.#deliverRest({ start: 0, end: 0, item }, now);
      return;
    }
    const placed = { start: seqStart - 1, end: seq, item };
    if (placed.end <= placed.start) return this.want(now);
    switch (this.#packets.offer(placed, now)) {
      case "applied":
        this.#deliverRest(placed, now);
        this.#drain(now);
        return;
      case "kept":
        // A query wants its answer now, and no difference repeats it.
        for (const query of arrivals.filter(isQuery)) this.#route(query, now);
        item.arrivals = arrivals.filter((arrival) => !isQuery(arrival));
        return;
      case "overlap":
      case "overflow":
      case "renumbered":
        for (const query of arrivals.filter(isQuery)) this.#route(query, now);
        return this.want(now);
    }
  }

  /** Makes the request; call it when {@linkcode time} has come. */
  request(): WantedState | WantedDifference {
    this.#hold();
    const position = this.position;
    if (this.#reread !== undefined || position === undefined) {
      return this.#turn.begin({ kind: "getState", request: { _: "updates.getState" } });
    }
    const { pts, qts, date } = position;
    return this.#turn.begin({
      kind: "getDifference",
      // Telegram refuses a pts or date of 0 as an empty one.
      request: {
        _: "updates.getDifference",
        pts: Math.max(1, pts),
        date: Math.max(1, date),
        qts: Math.max(0, qts),
      },
    });
  }

  /** Whether `want` is the request in flight. */
  awaits(want: WantedState | WantedDifference): boolean {
    return this.#turn.isOf(want);
  }

  /** Takes the answer to getState. */
  answerState(state: Api.updates.State, now: number): void {
    if (![state.pts, state.qts, state.date, state.seq].every(isPosition)) return this.#retry(now);
    const reread = this.#reread;
    this.#reread = undefined;
    const position = this.position;
    if (reread === "first" || position === undefined) {
      this.#set({ ...state, pts: this.#firstPts(state.pts) });
      this.#begunAt = state.date;
    } else if (reread === "invalid" || state.pts < position.pts) {
      // Under a new count, the numbers of what waits mean nothing.
      this.#common.forget();
      if (state.pts !== position.pts) this.#gap("pts", position.pts, state.pts, "renumbered");
      const qts = reread === "invalid" ? state.qts : Math.max(position.qts, state.qts);
      if (qts !== position.qts) this.#gap("qts", position.qts, qts, "renumbered");
      // The date stays: by it the next difference tells which channels have changed since.
      this.#set({ ...state, qts, date: undefined });
    }
    // getState may be behind: https://github.com/LonamiWebs/Telethon/issues/4574
    this.#turn.goOn(now);
  }

  /** An account that begins from now begins with the first update that waits for its state. */
  #firstPts(now: number): number {
    const first = this.#common.waiting[0]?.start ?? now;
    return Math.min(now, Math.max(first, 1));
  }

  /** Takes the answer to getDifference. */
  answer(difference: Api.updates.Difference, now: number): void {
    switch (difference._) {
      case "updates.differenceEmpty":
        return this.#finish(now, this.#set({ date: difference.date, seq: difference.seq }));
      case "updates.difference":
        return this.#finish(now, this.#apply(difference, difference.state, now));
      case "updates.differenceSlice":
        return this.#goOn(now, this.#apply(difference, difference.intermediateState, now));
      case "updates.differenceTooLong": {
        const from = this.#common.position ?? 0;
        if (!isPosition(difference.pts) || difference.pts <= from) return this.#retry(now);
        this.#gap("pts", from, difference.pts, "too long");
        this.#set({ pts: difference.pts });
        return this.#goOn(now, true);
      }
      default:
        return this.#retry(now);
    }
  }

  /** Does what a failure needs. */
  fail(remedy: Remedy, now: number): void {
    switch (remedy.kind) {
      case "wait":
        this.#release(now);
        this.#turn.retry(now, remedy.milliseconds);
        return;
      case "offline":
        this.#release(now);
        this.#turn.retryOffline(now);
        return;
      case "reread":
        this.#reread ??= "invalid";
        if (this.#reread === "changed") this.#reread = "invalid";
        return this.#retry(now);
      default:
        return this.#retry(now);
    }
  }

  /** Delivers the updates of a difference. Returns whether it moved a sequence. */
  #apply(
    { newMessages, newEncryptedMessages, otherUpdates, users, chats }:
      | Api.updates.difference
      | Api.updates.differenceSlice,
    state: Api.updates.State,
    now: number,
  ): boolean {
    const context = { users, chats, own: false };
    // First those that do not move the account: if the process dies between them and the next, the
    // difference repeats them.
    for (const update of foreign(otherUpdates, ["common", "secondary"])) {
      this.#route({ update, ...context }, now);
    }
    const from = this.#common.position ?? 0;
    const common = recover("common", from, state.pts, newMessages, otherUpdates, newMessage);
    const fromQts = this.#secondary.position ?? 0;
    const secondary = recover(
      "secondary",
      fromQts,
      state.qts,
      newEncryptedMessages,
      otherUpdates,
      newEncryptedMessage,
    );
    if (common.isRenumbered) {
      this.#gap("pts", from, state.pts, "renumbered");
      this.#common.forget();
    }
    if (secondary.isRenumbered) {
      this.#gap("qts", fromQts, state.qts, "renumbered");
      this.#secondary.forget();
    }
    const own = ownMessages([...this.#common.waiting, ...this.#secondary.waiting]);
    const isPast = this.#pastTest();
    for (const [field, { updates }] of [["pts", common], ["qts", secondary]] as const) {
      for (const { update, end } of updates) {
        if (field === "qts" && isPast(update)) continue;
        if (end !== undefined) this.#outlet.note({ [field]: end });
        const id = messageIdOf(update);
        this.#outlet.put(update, { ...context, own: id !== undefined && own.has(id) });
      }
    }
    return this.#set({ ...state, pts: common.position, qts: secondary.position });
  }

  /**
   * Returns a test for events that are older than the account's beginning: the qts of getState may
   * be that of another day. https://github.com/LonamiWebs/Telethon/issues/4574
   */
  #pastTest(): (update: Api.Update) => boolean {
    const begunAt = this.#begunAt;
    const first = this.#secondary.waiting[0]?.end ?? Infinity;
    if (begunAt === undefined) return () => false;
    return (update) => {
      const { date, message, qts = 0 } = update as Dated;
      return qts < first && (date ?? message?.date ?? begunAt) < begunAt;
    };
  }

  /** Moves the sequences. Returns whether one of them moved up. */
  #set({ pts, qts, date, seq }: Partial<AccountPosition>): boolean {
    const before = this.position;
    if (isPosition(pts)) this.#common.position = pts;
    if (isPosition(qts)) this.#secondary.position = qts;
    if (isPosition(seq)) this.#packets.position = seq;
    if (isPosition(date) && date > 0) this.#date = date;
    const after = this.position;
    if (after === undefined) return false;
    this.#outlet.note(after);
    return before === undefined || after.pts > before.pts || after.qts > before.qts ||
      after.seq > before.seq;
  }

  /** The difference has more: fetches it at once, if it moves at all. */
  #goOn(now: number, hasMoved: boolean): void {
    if (!hasMoved) return this.#retry(now);
    this.#turn.advance();
    this.#turn.goOn(now);
  }

  /** The difference is complete. */
  #finish(now: number, hasMoved: boolean): void {
    this.#heardAt = now;
    this.#begunAt = undefined;
    if (hasMoved) this.#turn.advance();
    this.#release(now);
    const isStuck = this.#boxes().some((box) => box.waiting.length > 0);
    if (isStuck && !hasMoved) return this.#retry(now);
    if (!isStuck) this.#turn.advance();
    this.#turn.end(now);
  }

  /** Tries again later. After too many failures, goes on without what is missing. */
  #retry(now: number): void {
    this.#release(now);
    if (this.#turn.retry(now)) return;
    this.#heardAt = now;
    this.#jump(this.#common, "pts", now);
    this.#jump(this.#secondary, "qts", now);
    this.#jump(this.#packets, "seq", now);
    if (this.#reread === undefined) return;
    // Without a state there is nothing to go on from.
    const pause = this.position === undefined ? STATE_PAUSE : SILENCE;
    this.#turn.wantLater(now + pause);
  }

  #jump(box: Box<Arrival> | Box<Rest>, sequence: "pts" | "qts" | "seq", now: number): void {
    for (let gap = box.jump(); gap !== undefined; gap = box.jump()) {
      this.#gap(sequence, gap.from, gap.to, "given up");
      this.#drain(now);
    }
  }

  #gap(sequence: "pts" | "qts" | "seq", from: number, to: number, reason: GapReason): void {
    this.#outlet.note({ [sequence]: to });
    this.#outlet.putGap({ sequence, from, to, reason });
  }

  #boxes(): (Box<Arrival> | Box<Rest>)[] {
    return [this.#common, this.#secondary, this.#packets];
  }

  #hold(): void {
    for (const box of this.#boxes()) box.hold();
  }

  #release(now: number): void {
    if (this.position === undefined) return;
    for (const box of this.#boxes()) box.release();
    this.#drain(now);
  }

  #drain(now: number): void {
    for (const box of [this.#common, this.#secondary]) {
      for (let one = box.next(now); one !== undefined; one = box.next(now)) {
        this.#deliver(box, one);
      }
    }
    const packets = this.#packets;
    for (let one = packets.next(now); one !== undefined; one = packets.next(now)) {
      this.#deliverRest(one, now);
    }
  }

  #deliver(box: Box<Arrival>, { end, item }: Placed<Arrival>): void {
    this.#outlet.note(box === this.#common ? { pts: end } : { qts: end });
    if (item.update !== undefined) this.#outlet.put(item.update, item);
  }

  #deliverRest({ end, item: { arrivals, date } }: Placed<Rest>, now: number): void {
    for (const arrival of arrivals) this.#route(arrival, now);
    // Telegram tells of the channels that changed since the date of a request: the date stays until
    // it is answered.
    if (date > this.#date && isPosition(date) && !this.#turn.isBusy) {
      this.#date = date;
      this.#outlet.note({ date });
    }
    if (end > 0) this.#outlet.note({ seq: end });
  }
}

/** The fields of an event of the secondary sequence, in which most have a date. */
interface Dated {
  readonly date?: number;
  readonly message?: { readonly date?: number };
  readonly qts?: number;
}

/** Queries of callback buttons, of inline mode and of payments. */
function isQuery({ update }: Arrival): boolean {
  return update !== undefined && "queryId" in update;
}

/** Returns the ids of the own messages that wait: a difference does not tell that they are own. */
export function ownMessages(waiting: readonly Placed<Arrival>[]): Set<number> {
  const ids = new Set<number>();
  for (const { item } of waiting) {
    const id = item.own ? messageIdOf(item.update) : undefined;
    if (id !== undefined) ids.add(id);
  }
  return ids;
}
