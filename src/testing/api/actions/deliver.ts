/**
 * Telling an account's sessions, and those who play a person, of updates.
 * https://core.telegram.org/api/updates
 *
 * A private message, or one in a basic group, travels in its short form if the account has met all
 * users in it, and if the form has all of its fields. Unordered updates without peers travel in
 * `updateShort`. All else is `updates`. Telegram does not say which packets have a `seq`: here it
 * is those that change the list of an account's channels; other packets have the seq 0. Each auth
 * key has a seq of its own.
 */
import type { Api } from "../../../tl/mod.ts";
import type { Caller } from "../caller.ts";
import { peersIn } from "../objects/peers.ts";
import type { Account } from "../state/account.ts";
import type { ServerState } from "../state/server_state.ts";

/** How to deliver. */
export interface DeliveryOptions {
  /** The session that learns of the updates by the answer to its call. */
  readonly except?: Caller;
  /** Whether users that the account has not met come as `min`. */
  readonly min?: boolean;
  /** Whether the packet has a seq. */
  readonly isSequenced?: boolean;
}

/** Delivers updates to an account. */
export function deliver(
  state: ServerState,
  to: Account,
  updates: readonly Api.Update[],
  { except, min, isSequenced = false }: DeliveryOptions = {},
): void {
  const keys = state.authorizations.authKeyIds(to);
  const watchers = state.watchers.get(to.id) ?? [];
  if (updates.length === 0) return;
  for (const watcher of watchers) watcher(packetOf(state, to, updates));
  if (keys.length === 0) return;
  const short = shortForm(updates, to, state.nowSeconds());
  const full = packetOf(state, to, updates, min);
  for (const key of keys) {
    const seq = isSequenced ? state.authorizations.nextSeq(key) : 0;
    const isCaller = except?.authKeyId === key;
    state.push(key, short ?? { ...full, seq }, isCaller ? except?.sessionId : undefined);
  }
}

/** Returns updates as an answer, or as a packet without a seq. */
export function packetOf(
  state: ServerState,
  viewer: Account,
  updates: readonly Api.Update[],
  min = false,
): Api.updates {
  const { users, chats } = peersIn(state, viewer, updates, { min: min && !viewer.isBot });
  return { _: "updates", updates: [...updates], users, chats, date: state.nowSeconds(), seq: 0 };
}

const UNORDERED: readonly string[] = [
  "updateUserTyping",
  "updateChatUserTyping",
  "updateChannelUserTyping",
  "updateReadChannelOutbox",
  "updateUserStatus",
];

function shortForm(
  updates: readonly Api.Update[],
  viewer: Account,
  date: number,
): Api.Updates | undefined {
  const [update] = updates;
  if (updates.length !== 1) return undefined;
  if (UNORDERED.includes(update._)) return { _: "updateShort", update, date };
  if (update._ !== "updateNewMessage" || update.message._ !== "message") return undefined;
  const { pts, ptsCount, message } = update;
  const { out, mentioned, silent, id, peerId, fromId, replyTo, entities } = message;
  const isShort = message.media === undefined && message.replyMarkup === undefined &&
    message.fwdFrom === undefined && message.viaBotId === undefined &&
    message.savedPeerId === undefined && !message.fromScheduled;
  if (!isShort) return undefined;
  const named = (entities ?? []).flatMap((one) =>
    one._ === "messageEntityMentionName" ? [one.userId] : []
  );
  if (!named.every((userId) => viewer.met.has(userId))) return undefined;
  const common = { out, mentioned, silent, id, message: message.message, pts, ptsCount };
  const rest = { date: message.date, replyTo, entities };
  if (peerId._ === "peerUser" && viewer.met.has(peerId.userId)) {
    return { _: "updateShortMessage", ...common, userId: peerId.userId, ...rest };
  }
  if (peerId._ !== "peerChat" || fromId?._ !== "peerUser") return undefined;
  if (!viewer.met.has(fromId.userId)) return undefined;
  const { chatId } = peerId;
  return { _: "updateShortChatMessage", ...common, fromId: fromId.userId, chatId, ...rest };
}
