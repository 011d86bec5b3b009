/**
 * A small Telegram for the random runs: sequences of events, and the differences between them. It
 * knows no network: the world of the run loses, doubles and shuffles its packets.
 */
import type { Api } from "../../src/tl/mod.ts";
import { channelPeer, message } from "./boxes_world.ts";

/** An event of a sequence. */
export interface ModelEvent {
  /** Unique: the sequence and the number after the event. */
  readonly key: string;
  readonly update: Api.Update;
  readonly end: number;
  readonly date: number;
}

/** The name of a sequence: `common`, `secondary`, or the id of a channel. */
export type ModelSequence = "common" | "secondary" | bigint;

/** Returns the key of an update that the model made. */
export function keyOf(update: Api.Update): string {
  switch (update._) {
    case "updateNewMessage":
      return `common ${update.message.id}`;
    case "updateDeleteMessages":
      return `common ${update.pts}`;
    case "updateBotStopped":
      return `secondary ${update.qts}`;
    case "updateNewChannelMessage": {
      const { id, peerId } = update.message;
      return `${peerId?._ === "peerChannel" ? peerId.channelId : "?"} ${id}`;
    }
    case "updateDeleteChannelMessages":
      return `${update.channelId} ${update.pts}`;
    case "updateUserName":
      return `packet ${update.userId}`;
    default:
      return update._;
  }
}

/** The server: it makes events, and answers requests for differences. */
export class ModelServer {
  readonly #limit: number;
  readonly #logs = new Map<ModelSequence, ModelEvent[]>();
  readonly #ends = new Map<ModelSequence, number>();
  date = 1000;
  seq = 1;

  /** Sends at most `limit` events in an answer. All sequences begin at 1. */
  constructor(channels: readonly bigint[], limit: number) {
    this.#limit = limit;
    for (const name of ["common", "secondary", ...channels] as const) {
      this.#logs.set(name, []);
      this.#ends.set(name, 1);
    }
  }

  /** The events of all sequences. */
  get events(): ModelEvent[] {
    return [...this.#logs.values()].flat();
  }

  end(sequence: ModelSequence): number {
    return this.#ends.get(sequence) ?? 1;
  }

  /** Makes an event: a message, or a deletion of `deleted` messages. */
  add(sequence: ModelSequence, deleted: number): ModelEvent {
    const isMessage = deleted === 0;
    const count = sequence === "secondary" || isMessage ? 1 : deleted;
    const end = this.end(sequence) + count;
    this.#ends.set(sequence, end);
    const update = makeUpdate(sequence, end, isMessage, count);
    const event = { key: keyOf(update), update, end, date: this.date };
    this.#logs.get(sequence)?.push(event);
    return event;
  }

  get state(): Api.updates.State {
    return {
      _: "updates.state",
      pts: this.end("common"),
      qts: this.end("secondary"),
      date: this.date,
      seq: this.seq,
      unreadCount: 0,
    };
  }

  getDifference(request: { pts: number; date: number; qts: number }): Api.updates.Difference {
    const common = this.#after("common", request.pts);
    const secondary = this.#after("secondary", request.qts);
    const others: Api.Update[] = [];
    for (const [channelId, log] of this.#logs) {
      const last = log.at(-1);
      if (typeof channelId !== "bigint" || last === undefined || last.date < request.date) continue;
      others.push({ _: "updateChannelTooLong", channelId, pts: last.end });
    }
    if (common.length + secondary.length + others.length === 0) {
      return { _: "updates.differenceEmpty", date: this.date, seq: this.seq };
    }
    const isAll = common.length <= this.#limit && secondary.length <= this.#limit;
    const [pts, events] = this.#part("common", common);
    const [qts, stops] = this.#part("secondary", secondary);
    const rest = {
      newMessages: events.flatMap(({ update }) =>
        update._ === "updateNewMessage" ? [update.message] : []
      ),
      newEncryptedMessages: [],
      otherUpdates: [
        ...events.map(({ update }) => update).filter(({ _ }) => _ !== "updateNewMessage"),
        ...stops.map(({ update }) => update),
        ...others,
      ],
      users: [],
      chats: [],
    };
    const state = { ...this.state, pts, qts };
    return isAll
      ? { _: "updates.difference", ...rest, state }
      : { _: "updates.differenceSlice", ...rest, intermediateState: { ...state, seq: 1 } };
  }

  getChannelDifference(channelId: bigint, from: number): Api.updates.ChannelDifference {
    const missing = this.#after(channelId, from);
    const [pts, events] = this.#part(channelId, missing);
    if (missing.length === 0) {
      return { _: "updates.channelDifferenceEmpty", final: true, pts: this.end(channelId) };
    }
    return {
      _: "updates.channelDifference",
      final: missing.length <= this.#limit || undefined,
      pts,
      newMessages: events.flatMap(({ update }) =>
        update._ === "updateNewChannelMessage" ? [update.message] : []
      ),
      otherUpdates: events.map(({ update }) => update)
        .filter(({ _ }) => _ !== "updateNewChannelMessage"),
      users: [],
      chats: [],
    };
  }

  #after(sequence: ModelSequence, from: number): ModelEvent[] {
    return (this.#logs.get(sequence) ?? []).filter(({ end }) => end > from);
  }

  #part(sequence: ModelSequence, missing: ModelEvent[]): [end: number, events: ModelEvent[]] {
    const events = missing.slice(0, this.#limit);
    return [events.length < missing.length ? events.at(-1)?.end ?? 1 : this.end(sequence), events];
  }
}

function makeUpdate(
  sequence: ModelSequence,
  pts: number,
  isMessage: boolean,
  ptsCount: number,
): Api.Update {
  if (sequence === "secondary") {
    return { _: "updateBotStopped", userId: 2n, date: 1000, stopped: true, qts: pts };
  }
  if (sequence === "common") {
    return isMessage
      ? { _: "updateNewMessage", message: message(pts), pts, ptsCount }
      : { _: "updateDeleteMessages", messages: [], pts, ptsCount };
  }
  const channelId = sequence;
  return isMessage
    ? {
      _: "updateNewChannelMessage",
      message: message(pts, channelPeer(channelId)),
      pts,
      ptsCount,
    }
    : { _: "updateDeleteChannelMessages", channelId, messages: [], pts, ptsCount };
}
