/**
 * The message boxes: packets and time in, updates in their order and requests for missed ones out.
 * https://core.telegram.org/api/updates. Three sequences of the account share one difference, and
 * each channel has a sequence and a difference of its own. No clock, no timer, no network here.
 *
 * Each box is in one of these states:
 *
 * | state     | event                                    | next                                 |
 * | --------- | ---------------------------------------- | ------------------------------------ |
 * | unknown   | account: `want`                          | fetching, by getState                |
 * | unknown   | channel: its first update                | ready, at the number before it; the  |
 * |           |                                          | account's difference comes first     |
 * | ready     | the next update                          | ready; it is delivered               |
 * | ready     | an old update                            | ready; it is dropped                 |
 * | ready     | a later update                           | gap, for 0.5 s (seq: 0 s); it waits  |
 * | ready     | `invalidate`, too long, 15 min silence   | wanted                               |
 * | ready     | an update with unknown peers             | wanted; all updates wait             |
 * | gap       | the missing update                       | ready; all that follow are delivered |
 * | gap       | the deadline; more than 1,000 wait       | wanted                               |
 * | wanted    | `want`                                   | fetching                             |
 * | fetching  | an update                                | fetching; it waits                   |
 * | fetching  | a slice                                  | wanted at once                       |
 * | fetching  | the last answer                          | ready, or gap                        |
 * | fetching  | a failure; a slice that does not advance | wanted, after 1, 2, 4, ... 64 s      |
 * | fetching  | the 8th failure                          | ready; a gap is delivered            |
 * | fetching  | no access                                | ready; a gap is delivered, if there  |
 * |           |                                          | is one; unknown after one without end |
 * | any       | 401                                      | ended                                |
 *
 * Nothing that Telegram sends makes a method throw. An impossible update (`count` below 0 or above
 * `pts`) is not applied: the difference of its box is fetched, and tells the truth. What cannot be
 * fetched is delivered as a gap. So no update is lost in silence, none is delivered twice, and
 * those of a sequence are in order. Updates with a count of 0, or without a place, may repeat.
 */
import type { Api, TlObject } from "../tl/mod.ts";
import { AccountBox } from "./account_box.ts";
import { affectedBy, positionsIn } from "./affected.ts";
import { MAX_WAITING } from "./box.ts";
import { ChannelBoxes } from "./channel_boxes.ts";
import { type Arrival, type Delivery, Outlet } from "./delivery.ts";
import { remedyFor, type WantFailure } from "./failure.ts";
import { messageOf, neededPeers } from "./needed_peers.ts";
import { isPossible, type Order, orderOf, sortByStart } from "./order.ts";
import { type Packet, type Self, toPacket } from "./packet.ts";
import type { UpdatesState } from "./updates_state.ts";
import type { Want } from "./want.ts";

/** Options of {@linkcode MessageBoxes}. */
export interface MessageBoxesOptions {
  /** The account. */
  readonly self: Self;
  /** Where it stands; without it, it starts from now. */
  readonly state?: UpdatesState;
}

/** Options of {@linkcode MessageBoxes.receive}. */
export interface ReceiveOptions {
  /** Whether the packet is the answer to a call of this client. */
  readonly own?: boolean;
  /** The request that the packet answers: a short answer needs its peer and text. */
  readonly request?: TlObject;
  /** Whether a user or chat can be used. Without it, all can. */
  readonly knows?: (peer: Api.Peer) => boolean;
}

interface Ordered {
  readonly order: Order;
  readonly arrival: Arrival & { readonly update: Api.Update };
}

/** The sequences of an account. */
export class MessageBoxes {
  readonly #self: Self;
  readonly #outlet = new Outlet();
  readonly #account: AccountBox;
  readonly #channels: ChannelBoxes;
  /** What came of channels that are not known, before the difference that may tell of them. */
  readonly #early: ((now: number) => void)[] = [];
  #isEnded = false;

  /** Makes the boxes of an account, which want a request at once. */
  constructor({ self, state }: MessageBoxesOptions) {
    this.#self = self;
    const outlet = this.#outlet;
    const route = (arrival: Arrival, now: number): void => this.#route(arrival, now);
    this.#account = new AccountBox(state, outlet, route);
    const { isBot } = self;
    this.#channels = new ChannelBoxes(state?.channels ?? new Map(), { isBot, outlet, route });
  }

  /** Where the boxes stand; undefined before the first answer. */
  get state(): UpdatesState | undefined {
    const { position } = this.#account;
    return position && { ...position, channels: this.#channels.positions };
  }

  /** The number of the last delivery. */
  get issued(): number {
    return this.#outlet.issued;
  }

  /** Whether the account is signed out: nothing comes any more. */
  get ended(): boolean {
    return this.#isEnded;
  }

  /** Whether updates are missing, or may be: a difference is wanted, or a gap may fill. */
  get isBehind(): boolean {
    return !this.#isEnded && (this.#account.isBehind || this.#channels.isBehind);
  }

  /**
   * Takes a packet.
   *
   * @param now the time in milliseconds of a clock that never goes back
   * @returns the updates that are next now
   */
  receive(packet: Api.Updates, now: number, options: ReceiveOptions = {}): Delivery[] {
    return this.#take(packet, now, options, false);
  }

  /**
   * Takes a packet for which there is no room: only the updates that no difference repeats are
   * returned. The others are fetched later, when {@linkcode want} is called.
   */
  overlook(packet: Api.Updates, now: number): Delivery[] {
    return this.#take(packet, now, {}, true);
  }

  /** Takes the answer to a call that may move a sequence without an update. */
  affected(request: TlObject, answer: unknown, now: number): Delivery[] {
    if (this.#isEnded) return [];
    const order = affectedBy(request, answer);
    if (order !== undefined) {
      if (!isPossible(order)) this.#want(order, now);
      else this.#offer(order, { update: undefined, users: [], chats: [], own: true }, now);
    }
    for (const [id, pts] of positionsIn(request, answer)) {
      this.#inTime(id, () => this.#channels.use(id, (box) => box.learn(pts)), now);
    }
    return this.#outlet.take();
  }

  /**
   * Updates of the account may be missing: its difference is wanted. So it is when the session was
   * lost, when an update could not be decoded, and when the program asks.
   */
  invalidate(now: number): void {
    this.#account.want(now);
  }

  /**
   * Begins to poll a channel, as Telegram is slow to push the updates of big ones. At most 10 are
   * polled, in the order of opening.
   */
  openChat(channelId: bigint): void {
    this.#channels.open(channelId);
  }

  /** Ends to poll a channel. */
  closeChat(channelId: bigint): void {
    this.#channels.close(channelId);
  }

  /**
   * Returns what to do next. Each request is returned once: pass its end to {@linkcode answer} or
   * {@linkcode fail}. Call it again at once, as the differences of channels run side by side, until
   * it returns a wait, or undefined: then nothing is to do before the next packet or answer.
   */
  want(now: number): Want | undefined {
    if (this.#isEnded) return undefined;
    const { time } = this.#account;
    if (time !== undefined && time <= now) return this.#account.request();
    const want = this.#channels.request(now);
    if (want !== undefined) return want;
    const until = Math.min(time ?? Infinity, this.#channels.time ?? Infinity);
    return until === Infinity ? undefined : { kind: "wait", until };
  }

  /** Takes the answer to a request. An answer to an earlier one is ignored. */
  answer(
    want: Want,
    result: Api.updates.State | Api.updates.Difference | Api.updates.ChannelDifference,
    now: number,
  ): Delivery[] {
    if (this.#isEnded || want.kind === "wait") return [];
    if (want.kind === "getChannelDifference") {
      this.#channels.answer(want, result as Api.updates.ChannelDifference, now);
    } else if (this.#account.awaits(want)) {
      if (want.kind === "getState") this.#account.answerState(result as Api.updates.State, now);
      else this.#account.answer(result as Api.updates.Difference, now);
      this.#takeEarly(now);
    }
    return this.#outlet.take();
  }

  /** Takes the failure of a request. */
  fail(want: Want, failure: WantFailure, now: number): Delivery[] {
    if (this.#isEnded || want.kind === "wait") return [];
    const isChannel = want.kind === "getChannelDifference";
    const remedy = remedyFor(failure, isChannel);
    if (remedy.kind === "end") this.#isEnded = true;
    else if (isChannel) this.#channels.fail(want, remedy, now);
    else if (this.#account.awaits(want)) {
      this.#account.fail(remedy, now);
      this.#takeEarly(now);
    }
    return this.#outlet.take();
  }

  #take(raw: Api.Updates, now: number, options: ReceiveOptions, isFull: boolean): Delivery[] {
    if (this.#isEnded) return [];
    this.#account.heard(now);
    const { own = false, request, knows } = options;
    const packet = toPacket(raw, this.#self, request);
    if (packet === undefined) {
      this.#account.want(now);
      return this.#outlet.take();
    }
    const { users, chats } = packet;
    const ordered: Ordered[] = [];
    const rest: Arrival[] = [];
    for (const update of packet.updates) {
      const arrival = { update, users, chats, own };
      const order = orderOf(update);
      if (order === undefined) rest.push(arrival);
      else ordered.push({ order, arrival });
    }
    const isKnown = own || knows === undefined ? undefined : this.#acquaintance(packet, knows);
    for (const { order, arrival } of sortByStart(ordered)) {
      const { sequence } = order;
      if (!isPossible(order)) this.#want(order, now);
      else if (isFull) this.#inTime(sequence, (now) => this.#miss(order, now), now);
      else if (isKnown?.(arrival.update, order) === false) {
        this.#inTime(sequence, (now) => this.#keep(order, arrival, now), now);
      } else this.#inTime(sequence, (now) => this.#offer(order, arrival, now), now);
    }
    this.#account.offerRest(packet.seqStart, packet.seq, packet.date, rest, now);
    return this.#outlet.take();
  }

  /**
   * Does something in a sequence. A channel without a place would begin there, after the updates
   * that the difference of the account may tell of: it waits for that.
   */
  #inTime(sequence: Order["sequence"], action: (now: number) => void, now: number): void {
    const mustWait = typeof sequence === "bigint" && this.#account.isCatchingUp &&
      this.#early.length < MAX_WAITING && !this.#channels.isKnown(sequence);
    if (mustWait) this.#early.push(action);
    else action(now);
  }

  #takeEarly(now: number): void {
    if (this.#account.isCatchingUp) return;
    for (const action of this.#early.splice(0)) action(now);
  }

  /** Places an update of a difference, or one that has no place. */
  #route(arrival: Arrival, now: number): void {
    const { update } = arrival;
    if (update === undefined) return;
    const order = orderOf(update);
    if (order !== undefined && isPossible(order)) return this.#offer(order, arrival, now);
    switch (update._) {
      case "updateChannelTooLong":
        this.#channels.see(update.channelId); // Telegram tells of channels with access
        this.#channels.use(update.channelId, (box) => box.tell(update.pts, now));
        return;
      case "updateChannel":
        this.#channels.see(update.channelId);
        break;
      case "updatePtsChanged":
        this.#account.wantState(now);
        break;
    }
    this.#outlet.put(update, arrival);
  }

  #offer(order: Order, arrival: Arrival, now: number): void {
    const { sequence } = order;
    if (typeof sequence !== "bigint") this.#account.offer(order, arrival, now);
    else this.#channels.use(sequence, (box) => box.offer(order, arrival, now));
  }

  #keep(order: Order, arrival: Ordered["arrival"], now: number): void {
    const { sequence } = order;
    if (typeof sequence !== "bigint") return this.#account.keep(order, arrival, now);
    this.#channels.use(sequence, (box) => box.keep(order, arrival, now));
    // It may tell that the account is out of the channel, whose difference it then cannot fetch.
    if (messageOf(arrival.update)?._ === "messageService") this.#account.want(now);
  }

  #miss(order: Order, now: number): void {
    const { sequence } = order;
    if (typeof sequence !== "bigint") this.#account.miss(order, now);
    else this.#channels.use(sequence, (box) => box.miss(order, now));
  }

  #want({ sequence }: Order, now: number): void {
    if (typeof sequence !== "bigint") this.#account.want(now);
    else this.#channels.use(sequence, (box) => box.tell(undefined, now));
  }

  /**
   * Returns a test of whether all peers of an update can be used. In a channel, a peer that the
   * packet describes in part is enough: its message is the way to it.
   */
  #acquaintance(
    { users, chats }: Packet,
    knows: (peer: Api.Peer) => boolean,
  ): (update: Api.Update, order: Order) => boolean {
    const described = (peer: Api.Peer, isChannel: boolean): boolean => {
      if (peer._ === "peerUser") {
        const user = users.find(({ id }) => id === peer.userId);
        return user?._ === "user" && (isChannel || !user.min);
      }
      const [kind, id] = peer._ === "peerChat"
        ? ["chat", peer.chatId]
        : ["channel", peer.channelId];
      const chat = chats.find((chat) => chat.id === id && chat._.startsWith(`${kind}`));
      return chat !== undefined && (isChannel || chat._ !== "channel" || !chat.min);
    };
    return (update, { sequence }) => {
      const message = messageOf(update);
      return message === undefined ||
        neededPeers(message).every((peer) =>
          (peer._ === "peerUser" && peer.userId === this.#self.id) ||
          described(peer, typeof sequence === "bigint") || knows(peer)
        );
    };
  }
}
