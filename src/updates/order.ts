/**
 * Which sequence an update belongs to. https://core.telegram.org/api/updates. Its fields decide, so
 * that the updates of a new layer are in order from the first day: `pts` is a number of the common
 * sequence or of a channel's, `qts` one of the secondary sequence.
 */
import type { Api } from "../tl/mod.ts";

/** The name of a sequence; a channel's is the channel's id. */
export type Sequence = "common" | "secondary" | bigint;

/** The place of an update. */
export interface Order {
  readonly sequence: Sequence;
  /** The number of the sequence after the update. */
  readonly pts: number;
  /** How many numbers the update takes. */
  readonly count: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Returns the place of an update; undefined if it has none, and is delivered as it comes. */
export function orderOf(update: Api.Update): Order | undefined {
  const { _, pts, ptsCount, qts } = update as Fields;
  // A number of 0 means: no order.
  if (typeof qts === "number") {
    return qts === 0 ? undefined : { sequence: "secondary", pts: qts, count: 1 };
  }
  if (typeof pts !== "number" || pts === 0 || _ === "updateChannelTooLong") return undefined;
  const sequence = channelIdOf(update) ?? "common";
  // An empty message of an unknown channel is in no sequence that is known.
  if (sequence === "common" && update._.includes("Channel")) return undefined;
  return { sequence, pts, count: typeof ptsCount === "number" ? ptsCount : 0 };
}

/** Returns whether Telegram can mean this place. The qts of a bot without events is 0. */
export function isPossible({ sequence, pts, count }: Order): boolean {
  return count >= 0 && (sequence === "secondary" ? pts >= count : pts > count);
}

/** Returns the bare id of the channel that an update is about. */
export function channelIdOf(update: Api.Update): bigint | undefined {
  const { channelId, message } = update as Fields;
  if (typeof channelId === "bigint") return channelId;
  if (typeof message !== "object" || message === null) return undefined;
  const peer = (message as Fields).peerId as Api.Peer | undefined;
  return peer?._ === "peerChannel" ? peer.channelId : undefined;
}

/**
 * Sorts updates by the numbers before them: a read update with a count of 0 may stand before the
 * message with the same pts. Returns the list itself if it is in order already.
 */
export function sortByStart<T extends { readonly order: Order }>(list: T[]): T[] {
  const isSorted = list.every((one, index) => {
    const before = list[index - 1];
    return before === undefined || compare(before.order, one.order) <= 0;
  });
  return isSorted ? list : list.sort((a, b) => compare(a.order, b.order));
}

function compare(a: Order, b: Order): number {
  return (a.pts - a.count) - (b.pts - b.count) || a.pts - b.pts;
}
