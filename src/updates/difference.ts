/**
 * The order of the updates in a difference. https://core.telegram.org/api/updates#recovering-gaps
 * Its new messages come without a pts. Each takes one number, and other updates state theirs: when
 * the numbers that are left are as many as the messages, each message has its place.
 */
import type { Api } from "../tl/mod.ts";
import type { Order } from "./order.ts";

/** An update of a difference. */
export interface Recovered {
  readonly update: Api.Update;
  /** The number of the sequence after the update; undefined if it is not known. */
  readonly end?: number;
}

/** Another update than a new message, with its place. */
export interface OrderedUpdate {
  readonly update: Api.Update;
  readonly order: Order;
}

/**
 * Puts the updates of one sequence in order.
 *
 * @param from the number of the sequence before the difference
 * @param to the number after it
 * @param others the other updates of this sequence
 */
export function inOrder<M>(
  from: number,
  to: number,
  messages: readonly M[],
  others: readonly OrderedUpdate[],
  wrap: (message: M, pts: number) => Api.Update,
): Recovered[] {
  return exactOrder(from, to, messages, others, wrap) ?? [
    ...messages.map((message) => ({ update: wrap(message, 0) })),
    ...others.map(({ update }) => ({ update })),
  ];
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
