/**
 * The sequence of one channel or supergroup, and its difference, `updates.getChannelDifference`.
 * https://core.telegram.org/api/updates#recovering-gaps
 */
import type { Api } from "../tl/mod.ts";
import { Box, MAX_FALL, type Placed } from "./box.ts";
import { GAP_WAIT, ownMessages, SILENCE } from "./account_box.ts";
import type { Arrival, GapReason, Outlet } from "./delivery.ts";
import { foreign, messageIdOf, newChannelMessage, recover } from "./difference.ts";
import type { Remedy } from "./failure.ts";
import { type Order, orderOf } from "./order.ts";
import { Turn } from "./turn.ts";
import { type ChannelPosition, isPosition } from "./updates_state.ts";
import type { WantedChannelDifference } from "./want.ts";

/** The most that Telegram sends at once: https://core.telegram.org/api/updates */
const USER_LIMIT = 100;
const BOT_LIMIT = 100_000;
const MAX_TIMEOUT = 900;

/** What the channels share. */
export interface ChannelHost {
  readonly isBot: boolean;
  readonly outlet: Outlet;
  /** Places an update that is not of this channel. */
  readonly route: (arrival: Arrival, now: number) => void;
}

/** The sequence of one channel. */
export class ChannelBox {
  /** The bare id. */
  readonly id: bigint;
  /** When to poll the channel, if it is open, in milliseconds of the clock. */
  pollAt = -Infinity;
  /** Whether the account has no access, as far as it knows. */
  isClosed = false;
  readonly #host: ChannelHost;
  readonly #box: Box<Arrival>;
  readonly #turn = new Turn();
  /** Whether updates are missing that none of those that wait shows. */
  #isBehind = false;
  /** The id of the newest delivered message: a too long difference repeats messages. */
  #newest = 0;
  /** Where the channel stood before it was forgotten: what comes late from before is old. */
  #former: number | undefined;
  /** Where the channel stood when Telegram refused that place. */
  #refused: number | undefined;
  /** Whether a difference from 1 is under way, for want of a place. It repeats what came before. */
  #rereads = false;
  /** What was noted last. */
  #noted: ChannelPosition | undefined;

  constructor(id: bigint, position: ChannelPosition | undefined, host: ChannelHost) {
    this.id = id;
    this.#host = host;
    const isUnknown = position?.behind && position.pts === 0;
    this.#box = new Box(isUnknown ? undefined : position?.pts, GAP_WAIT);
    this.#newest = position?.newest ?? 0;
    this.#noted = position;
    if (position?.behind) this.tell(undefined, -Infinity);
  }

  /**
   * Where the channel stands; undefined before the first news of it. A place that Telegram refused
   * is tried again after a restart.
   */
  get position(): ChannelPosition | undefined {
    const { position } = this.#box;
    const known = this.#rereads ? Math.max(position ?? 0, this.#refused ?? 0) : position;
    const pts = known ?? this.#refused ?? (this.#isBehind ? 0 : undefined);
    if (pts === undefined) return undefined;
    const behind = position === undefined || this.#isMissing;
    return this.#newest > 0 ? { pts, behind, newest: this.#newest } : { pts, behind };
  }

  /** Whether a request is in flight. */
  get isInFlight(): boolean {
    return this.#turn.isInFlight;
  }

  /** When the box has a request; undefined if it has none, or while one is in flight. */
  get time(): number | undefined {
    return this.#turn.isInFlight ? undefined : this.#turn.atLatest(this.#box.deadline);
  }

  /** Sets the position, if there is none. */
  learn(pts: number): void {
    this.isClosed = false;
    if (this.#box.position !== undefined || this.#turn.isBusy) return;
    this.#box.position = pts;
    this.#note();
  }

  /** Places an update. */
  offer({ pts, count }: Order, item: Arrival, now: number): void {
    this.isClosed = false;
    if (this.#isFormer(pts)) return;
    this.#holdIfUnknown();
    const placed = { start: pts - count, end: pts, item };
    switch (this.#box.offer(placed, now)) {
      case "applied":
        this.#deliver(placed);
        this.#drain(now);
        break;
      case "overlap":
      case "overflow":
      case "renumbered":
        return this.tell(undefined, now);
    }
    this.#note();
  }

  /** Keeps an update whose peers are not known until the difference describes them. */
  keep({ pts, count }: Order, item: Arrival, now: number): void {
    this.isClosed = false;
    if (this.#isFormer(pts)) return;
    this.#holdIfUnknown();
    const { position } = this.#box;
    const placed = { start: pts - count, end: pts, item };
    const isHeld = position === undefined && this.#box.onHold;
    const verdict = isHeld ? this.#box.offer(placed, now) : this.#box.keep(placed);
    if (verdict !== "old") this.#turn.want(now);
    this.#note();
  }

  /** An update is left to the difference. */
  miss({ pts, count }: Order, now: number): void {
    this.isClosed = false;
    if (this.#isFormer(pts)) return;
    if (!this.#turn.isBusy) this.#box.position ??= pts - count;
    this.tell(pts, now);
  }

  /** Updates are missing, up to `pts` if that is known. */
  tell(pts: number | undefined, now: number): void {
    const { position } = this.#box;
    if (this.isClosed || (pts !== undefined && position !== undefined && pts <= position)) return;
    this.#isBehind = true;
    this.#turn.want(now);
    this.#note();
  }

  /** Makes the request; call it when {@linkcode time} has come, or to poll. */
  request(): WantedChannelDifference {
    this.#box.hold();
    const position = this.#place;
    const limit = this.#host.isBot ? BOT_LIMIT : USER_LIMIT;
    this.#note();
    return this.#turn.begin({
      kind: "getChannelDifference",
      channelId: this.id,
      // Of an unknown channel only the position is of use.
      pts: Math.max(1, position ?? 1),
      limit: position === undefined ? 1 : limit,
      force: false,
    });
  }

  /** Whether `want` is the request in flight. */
  awaits(want: WantedChannelDifference): boolean {
    return this.#turn.isOf(want);
  }

  /** Takes the answer. */
  answer(difference: Api.updates.ChannelDifference, now: number): void {
    const { timeout = 1, final } = difference;
    this.pollAt = now + 1000 * Math.min(Math.max(1, timeout), MAX_TIMEOUT);
    const hasMoved = this.#apply(difference, now);
    if (hasMoved === undefined) this.#retry(now);
    else if (final) this.#finish(now, hasMoved);
    else if (hasMoved) {
      this.#turn.advance();
      this.#turn.goOn(now);
    } else this.#retry(now);
    this.#note();
  }

  /** Does what a failure needs. */
  fail(remedy: Remedy, now: number): void {
    this.pollAt = now + 1000 * MAX_TIMEOUT;
    switch (remedy.kind) {
      case "wait":
        this.#release(now);
        this.#turn.retry(now, remedy.milliseconds);
        break;
      case "offline":
        this.#release(now);
        this.#turn.retryOffline(now);
        break;
      case "close":
      case "forget":
        this.#forget("no access", now);
        this.isClosed = remedy.kind === "close";
        break;
      case "reread":
        this.#forget("renumbered", now);
        break;
      default:
        this.#retry(now);
    }
    this.#note();
  }

  /** Returns whether the answer moved the channel; undefined if it makes no sense. */
  #apply(difference: Api.updates.ChannelDifference, now: number): boolean | undefined {
    switch (difference._) {
      case "updates.channelDifferenceEmpty":
        if (!isPosition(difference.pts)) return undefined;
        this.#tellFall(difference.pts);
        return this.#move(difference.pts);
      case "updates.channelDifference":
        return isPosition(difference.pts) ? this.#applyUpdates(difference, now) : undefined;
      case "updates.channelDifferenceTooLong":
        return this.#applyTooLong(difference);
      default:
        return undefined;
    }
  }

  #applyUpdates(difference: Api.updates.channelDifference, now: number): boolean {
    const { pts, newMessages, otherUpdates, users, chats } = difference;
    // A channel that was only opened begins from now.
    if (this.#box.position === undefined && !this.#isBehind) return this.#move(pts);
    const context = { users, chats, own: false };
    // First those that do not move the channel: if the process dies between them and the next, the
    // difference repeats them.
    for (const update of foreign(otherUpdates, [this.id])) {
      this.#host.route({ update, ...context }, now);
    }
    if (this.#place === undefined) this.#rereads = true;
    const from = this.#place ?? 1;
    const recovery = recover(this.id, from, pts, newMessages, otherUpdates, newChannelMessage);
    this.#tellFall(pts);
    const own = ownMessages(this.#box.waiting);
    for (const { update, end } of recovery.updates) {
      const id = messageIdOf(update);
      if (end !== undefined) this.#box.position = end;
      if (this.#rereads && this.#isRepeated(update)) continue;
      this.#put({ update, ...context, own: id !== undefined && own.has(id) });
    }
    const hasMoved = this.#move(recovery.position, from);
    this.#box.position ??= recovery.position;
    return hasMoved;
  }

  #applyTooLong(difference: Api.updates.channelDifferenceTooLong): boolean | undefined {
    const { dialog, messages, users, chats } = difference;
    const pts = dialog._ === "dialog" ? dialog.pts : undefined;
    if (!isPosition(pts)) return undefined;
    const from = this.#box.position;
    if (from === undefined && !this.#isBehind) return this.#move(pts);
    const own = ownMessages(this.#box.waiting);
    const hasMoved = this.#move(pts);
    if (from !== undefined && this.#box.position === from) return false;
    this.#gap(from ?? this.#former ?? 0, pts, "too long");
    for (const message of messages.toSorted((a, b) => a.id - b.id)) {
      if (message.id <= this.#newest) continue;
      const update = newChannelMessage(message, 0);
      this.#put({ update, users, chats, own: own.has(message.id) });
    }
    return hasMoved;
  }

  /** Tells if `pts` is so low that the channel counts anew. */
  #tellFall(pts: number): void {
    const from = this.#box.position;
    if (from !== undefined && pts + MAX_FALL < from) this.#gap(from, pts, "renumbered");
  }

  /** Moves to `pts`, unless it is a little lower. Returns whether the channel moved up. */
  #move(pts: number, from = this.#box.position): boolean {
    if (from === undefined || pts > from) {
      this.#box.position = pts;
      return true;
    }
    if (pts + MAX_FALL < from) {
      this.#box.position = pts;
      this.#box.forget();
      this.#newest = 0;
    }
    return false;
  }

  #finish(now: number, hasMoved: boolean): void {
    this.#rereads = false;
    if (hasMoved) this.#turn.advance();
    this.#release(now);
    const isStuck = this.#box.waiting.length > 0;
    if (isStuck && !hasMoved) return this.#retry(now);
    if (!isStuck) this.#turn.advance();
    this.#turn.end(now);
    this.#isBehind = this.#turn.isBusy;
  }

  /** Tries again later. After too many failures, goes on without what is missing. */
  #retry(now: number): void {
    this.#release(now);
    if (this.#turn.retry(now)) return;
    const isStuck = this.#box.waiting.length > 0;
    this.#jump("given up", now);
    if (isStuck) this.#isBehind = false;
    else if (this.#isBehind) this.#turn.wantLater(now + SILENCE);
  }

  /**
   * Tells what is lost, and goes on from what comes next. The channel keeps its place, unless
   * updates are lost whose number is not known.
   */
  #forget(reason: GapReason, now: number): void {
    this.#release(now);
    const isStuck = this.#box.waiting.length > 0;
    this.#jump(reason, now);
    const isLost = this.#isBehind && !isStuck;
    if (isLost) {
      this.#host.outlet.putGap({
        sequence: "pts",
        channelId: this.id,
        from: this.#box.position ?? 0,
        reason,
      });
    }
    this.#turn.stop();
    this.#isBehind = false;
    if (reason === "renumbered") {
      // The updates that waited have numbers that Telegram gave after it renumbered.
      if (isStuck) return;
      this.#refused = this.#box.position;
      this.#box.position = undefined;
    } else if (isLost) {
      this.#former = this.#box.position ?? this.#former;
      this.#box.position = undefined;
    }
  }

  /** A channel whose first difference is to come does not begin with what comes before it. */
  #holdIfUnknown(): void {
    if (this.#box.position === undefined && this.#turn.isBusy) this.#box.hold();
  }

  #jump(reason: GapReason, now: number): void {
    for (let gap = this.#box.jump(); gap !== undefined; gap = this.#box.jump()) {
      this.#gap(gap.from, gap.to, reason);
      this.#drain(now);
    }
  }

  #gap(from: number, to: number, reason: GapReason): void {
    this.#note();
    this.#host.outlet.putGap({ sequence: "pts", channelId: this.id, from, to, reason });
  }

  #release(now: number): void {
    this.#box.release();
    this.#drain(now);
  }

  #drain(now: number): void {
    const box = this.#box;
    for (let one = box.next(now); one !== undefined; one = box.next(now)) this.#deliver(one);
  }

  #deliver({ item }: Placed<Arrival>): void {
    if (item.update !== undefined) this.#put({ ...item, update: item.update });
  }

  #put(arrival: Arrival & { readonly update: Api.Update }): void {
    const { update } = arrival;
    if (update._ === "updateNewChannelMessage" && update.message.id > this.#newest) {
      this.#newest = update.message.id;
    }
    this.#note();
    this.#host.outlet.put(update, arrival);
  }

  /** Where the channel stands, or stood before it was forgotten. */
  get #place(): number | undefined {
    return this.#box.position ?? this.#former;
  }

  /** Whether an update is from before the channel was forgotten. */
  #isFormer(pts: number): boolean {
    const former = this.#former;
    const isForgotten = this.#box.position === undefined && former !== undefined;
    return isForgotten && pts <= former && pts + MAX_FALL >= former;
  }

  /** Whether an update is from before Telegram refused the place. A difference from 1 has it. */
  #isRepeated(update: Api.Update): boolean {
    const id = messageIdOf(update);
    if (id !== undefined) return id <= this.#newest;
    return (orderOf(update)?.pts ?? Infinity) <= (this.#refused ?? 0);
  }

  get #isMissing(): boolean {
    return this.#isBehind || this.#box.waiting.length > 0;
  }

  /** Notes where the channel stands, if that is new. */
  #note(): void {
    const { position } = this;
    const noted = this.#noted;
    const isNoted = position?.pts === noted?.pts && position?.behind === noted?.behind &&
      position?.newest === noted?.newest;
    if (isNoted) return;
    this.#noted = position;
    this.#host.outlet.note({ channels: new Map([[this.id, position]]) });
  }
}
