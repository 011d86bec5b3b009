/**
 * Short ways to make packets and to read deliveries, and the account that the scenarios start from:
 * pts 100, qts 10, seq 5, date 1000; channel 7 at pts 20.
 */
import type { Api } from "../../src/tl/mod.ts";
import {
  type ChannelPosition,
  type Delivery,
  MessageBoxes,
  type ReceiveOptions,
  type UpdatesState,
  type Want,
  type WantedChannelDifference,
  type WantedDifference,
} from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

export const SELF = { id: 1n, isBot: false };
export const BOT = { id: 1n, isBot: true };
export const PERSON: Api.Peer = { _: "peerUser", userId: 2n };

/** The state that the scenarios start from. */
export const START: UpdatesState = {
  pts: 100,
  qts: 10,
  date: 1000,
  seq: 5,
  channels: new Map([[7n, { pts: 20, behind: false }]]),
};

/** Returns boxes that stand at `state`, with the difference of the start behind them. */
export function boxesAt(state = START, self = SELF): MessageBoxes {
  const boxes = new MessageBoxes({ self, state });
  const want = difference(boxes, 0);
  assertEquals(boxes.answer(want, nothing(state.date, state.seq), 0), []);
  return boxes;
}

/** Returns the request for the difference of the account that the boxes want now. */
export function difference(boxes: MessageBoxes, now: number): WantedDifference {
  const want = boxes.want(now);
  assert(want?.kind === "getDifference", `they want ${want?.kind}`);
  return want;
}

/** Returns the request for the difference of a channel that the boxes want now. */
export function channelDifference(boxes: MessageBoxes, now: number): WantedChannelDifference {
  const want = boxes.want(now);
  assert(want?.kind === "getChannelDifference", `they want ${want?.kind}`);
  return want;
}

/** Asserts that the boxes want no request now. */
export function assertIdle(boxes: MessageBoxes, now: number): void {
  const want = boxes.want(now);
  assert(
    want === undefined || (want.kind === "wait" && want.until > now),
    `they want ${kindOf(want)}`,
  );
}

/** Asserts where a channel stands, whatever its newest message is. */
export function assertPosition(boxes: MessageBoxes, id: bigint, expected: ChannelPosition): void {
  const position = boxes.state?.channels.get(id);
  assertEquals(position && { pts: position.pts, behind: position.behind }, expected);
}

function kindOf(want: Want | undefined): string {
  return want === undefined ? "nothing" : want.kind;
}

/** A message with a person. Its id is the pts of the update, and its text says so. */
export function message(id: number, peerId: Api.Peer = PERSON): Api.message {
  return { _: "message", id, peerId, date: 1000, message: `${id}` };
}

export function channelPeer(channelId: bigint): Api.Peer {
  return { _: "peerChannel", channelId };
}

/** A new message of the common box: `fresh(101)` is 101/1. */
export function fresh(pts: number, ptsCount = 1): Api.Update {
  return { _: "updateNewMessage", message: message(pts), pts, ptsCount };
}

/** Deletes `count` messages: `deletion(105, 5)` is 105/5. */
export function deletion(pts: number, ptsCount: number): Api.Update {
  return { _: "updateDeleteMessages", messages: [], pts, ptsCount };
}

/** A read update: `read(101)` is 101/0. */
export function read(pts: number, ptsCount = 0): Api.Update {
  return { _: "updateReadHistoryOutbox", peer: PERSON, maxId: 1, pts, ptsCount };
}

/** A new message of a channel: `post(7n, 21)` is 21/1 of channel 7. */
export function post(channelId: bigint, pts: number, ptsCount = 1): Api.Update {
  const one = message(pts, channelPeer(channelId));
  return { _: "updateNewChannelMessage", message: one, pts, ptsCount };
}

/** An event of bots, numbered by qts. */
export function stopped(qts: number): Api.Update {
  return { _: "updateBotStopped", userId: 2n, date: 1000, stopped: true, qts };
}

/** An update without a place. */
export function typing(): Api.Update {
  return { _: "updateUserTyping", userId: 2n, action: { _: "sendMessageTypingAction" } };
}

/** A packet without a place. */
export function packet(...updates: Api.Update[]): Api.updates {
  return { _: "updates", updates, users: [], chats: [], date: 1000, seq: 0 };
}

/** Gives updates to the boxes, in one packet without a place. */
export function give(
  boxes: MessageBoxes,
  now: number,
  updates: readonly Api.Update[],
  options?: ReceiveOptions,
): string[] {
  return names(boxes.receive(packet(...updates), now, options));
}

/** Short names of deliveries: `101`, `c7:21`, `q11`, `gap 100-9000`. */
export function names(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(({ update, own }) => `${nameOf(update)}${own ? " own" : ""}`);
}

function nameOf(update: Delivery["update"]): string {
  switch (update._) {
    case "gap": {
      const { sequence, channelId, from, to } = update;
      const where = channelId === undefined ? sequence : `c${channelId}`;
      return `gap ${where} ${from}-${to ?? "?"}`;
    }
    case "updateNewMessage":
      return `${update.message.id}`;
    case "updateNewChannelMessage": {
      const { id, peerId } = update.message;
      return `c${peerId?._ === "peerChannel" ? peerId.channelId : "?"}:${id}`;
    }
    case "updateDeleteMessages":
      return `deletion ${update.pts}`;
    case "updateReadHistoryOutbox":
      return `read ${update.pts}`;
    case "updateBotStopped":
      return `q${update.qts}`;
    default:
      return update._;
  }
}

/** The answer of no difference. */
export function nothing(date = 1000, seq = 5): Api.updates.Difference {
  return { _: "updates.differenceEmpty", date, seq };
}

/** A state of the account. */
export function serverState(pts: number, rest: Partial<Api.updates.State> = {}): Api.updates.State {
  return { _: "updates.state", pts, qts: 10, date: 1000, seq: 5, unreadCount: 0, ...rest };
}

/** A difference with new messages by their ids, which ends at `state`. */
export function complete(
  state: Api.updates.State,
  ids: readonly number[] = [],
  otherUpdates: Api.Update[] = [],
): Api.updates.difference {
  return {
    _: "updates.difference",
    newMessages: ids.map((id) => message(id)),
    newEncryptedMessages: [],
    otherUpdates,
    chats: [],
    users: [],
    state,
  };
}

/** The same, with more behind it. */
export function slice(
  intermediateState: Api.updates.State,
  ids: readonly number[] = [],
  otherUpdates: Api.Update[] = [],
): Api.updates.differenceSlice {
  const { state, ...rest } = complete(intermediateState, ids, otherUpdates);
  return { ...rest, _: "updates.differenceSlice", intermediateState: state };
}

/** A difference of a channel with new messages by their ids. */
export function posts(
  channelId: bigint,
  pts: number,
  ids: readonly number[],
  rest: Partial<Api.updates.channelDifference> = {},
): Api.updates.channelDifference {
  return {
    _: "updates.channelDifference",
    final: true,
    pts,
    newMessages: ids.map((id) => message(id, channelPeer(channelId))),
    otherUpdates: [],
    chats: [],
    users: [],
    ...rest,
  };
}

/** Returns the numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
