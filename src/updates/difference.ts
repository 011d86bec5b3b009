/**
 * The order of the updates in a difference. https://core.telegram.org/api/updates#recovering-gaps
 * Its new messages come without a pts. Each takes one number, and other updates state theirs: when
 * the numbers that are left are as many as the messages, each message has its place.
 */
import type { Api } from "../tl/mod.ts";
import { MAX_FALL } from "./box.ts";
import { isPossible, type Order, orderOf, type Sequence } from "./order.ts";
import { isPosition } from "./updates_state.ts";

/** What one sequence gets from a difference. */
export interface Recovery {
  /** Its new updates, in their order. */
  readonly updates: readonly Recovered[];
  /** Where it stands then. */
  readonly position: number;
  /** Whether it counts anew from a much lower number. */
  readonly isRenumbered: boolean;
}

/** An update of a difference. */
export interface Recovered {
  readonly update: Api.Update;
  /** The number of the sequence after the update; undefined if it is not known. */
  readonly end?: number;
}

/** Another update than a new message, with its place. */
interface OrderedUpdate {
  readonly update: Api.Update;
  readonly order: Order;
}

/**
 * Returns what a sequence gets. What it has already is left out; so is everything if the difference
 * ends before the sequence does.
 *
 * @param from where the sequence stands
 * @param to where the difference ends
 * @param otherUpdates the other updates of the difference, of all sequences
 */
export function recover<M>(
  sequence: Sequence,
  from: number,
  to: number,
  messages: readonly M[],
  otherUpdates: readonly Api.Update[],
  wrap: (message: M, pts: number) => Api.Update,
): Recovery {
  const isRenumbered = isPosition(to) && to + MAX_FALL < from;
  const start = isRenumbered ? -1 : from;
  const others: OrderedUpdate[] = [];
  for (const update of otherUpdates) {
    const order = orderOf(update);
    if (order?.sequence !== sequence || !isPossible(order)) continue;
    if (order.count > 0 ? order.pts > start : order.pts >= start) others.push({ update, order });
  }
  const fresh = to > start ? messages : [];
  const updates = exactOrder(start, to, fresh, others, wrap) ?? [
    ...fresh.map((message) => ({ update: wrap(message, 0) })),
    ...others.map(({ update }) => ({ update })),
  ];
  return { updates, position: isRenumbered ? to : Math.max(from, to), isRenumbered };
}

/** Returns the other updates of a difference that are of none of these sequences. */
export function foreign(
  otherUpdates: readonly Api.Update[],
  sequences: readonly Sequence[],
): Api.Update[] {
  return otherUpdates.filter((update) => {
    const order = orderOf(update);
    return order === undefined || !isPossible(order) || !sequences.includes(order.sequence);
  });
}

/** Returns undefined if the numbers do not tell the order. */
function exactOrder<M>(
  from: number,
  to: number,
  messages: readonly M[],
  others: readonly OrderedUpdate[],
  wrap: (message: M, pts: number) => Api.Update,
): Recovered[] | undefined {
  const taken = others.reduce((sum, { order }) => sum + order.count, 0);
  if (to - from - taken !== messages.length) return undefined;
  const sorted = others.toSorted(({ order: a }, { order: b }) =>
    (a.pts - a.count) - (b.pts - b.count) || a.pts - b.pts
  );
  const found: Recovered[] = [];
  let at = from;
  let index = 0;
  const fill = (until: number): boolean => {
    while (at < until) {
      const message = messages[index++];
      if (message === undefined) return false;
      found.push({ update: wrap(message, ++at), end: at });
    }
    return at === until;
  };
  for (const { update, order } of sorted) {
    if (order.count < 0 || order.pts > to || !fill(order.pts - order.count)) return undefined;
    at = order.pts;
    found.push({ update, end: at });
  }
  return fill(to) && index === messages.length ? found : undefined;
}

/** Makes the update of a new message of a private chat or basic group. */
export function newMessage(message: Api.Message, pts: number): Api.Update {
  return { _: "updateNewMessage", message, pts, ptsCount: pts === 0 ? 0 : 1 };
}

/** Makes the update of a new message of a secret chat. */
export function newEncryptedMessage(message: Api.EncryptedMessage, qts: number): Api.Update {
  return { _: "updateNewEncryptedMessage", message, qts };
}

/** Makes the update of a new message of a channel. */
export function newChannelMessage(message: Api.Message, pts: number): Api.Update {
  return { _: "updateNewChannelMessage", message, pts, ptsCount: pts === 0 ? 0 : 1 };
}

/** Returns the id of the message that an update brings. */
export function messageIdOf(update: Api.Update | undefined): number | undefined {
  switch (update?._) {
    case "updateNewMessage":
    case "updateNewChannelMessage":
      return update.message.id;
  }
  return undefined;
}
