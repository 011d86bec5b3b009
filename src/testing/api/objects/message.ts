/**
 * Messages and dialogs in the form of TL: https://core.telegram.org/constructor/message
 */
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { isMentioned } from "../state/mentions.ts";
import type { PeerId } from "../state/peer_id.ts";
import type { Copy, Post } from "../state/post.ts";

/** Returns a peer in the form of TL. */
export function peerObject({ kind, id }: PeerId): Api.Peer {
  switch (kind) {
    case "user":
      return { _: "peerUser", userId: id };
    case "chat":
      return { _: "peerChat", chatId: id };
    case "channel":
      return { _: "peerChannel", channelId: id };
  }
}

/** Returns a message as an account sees it. */
export function messageObject(copy: Copy, viewer: Account): Api.message | Api.messageService {
  const { id, post, chat, replyToId } = copy;
  const isOwn = post.authorId === viewer.id;
  const isSaved = isOwn && chat.kind === "user" && chat.id === viewer.id;
  // In private chats `out` implies the sender. A message to oneself names the sender instead, and
  // is incoming: TDLib insists on both.
  const isNamed = isSaved || (chat.kind !== "user" && !post.isChannelPost);
  const common = {
    out: (isOwn && !isSaved) || undefined,
    mentioned: (chat.kind !== "user" && isMentioned(post, viewer)) || undefined,
    silent: post.silent,
    post: post.isChannelPost,
    id,
    fromId: isNamed ? peerObject({ kind: "user", id: post.authorId }) : undefined,
    peerId: peerObject(chat),
    savedPeerId: isSaved ? peerObject(chat) : undefined,
    replyTo: replyToId === undefined
      ? undefined
      : { _: "messageReplyHeader" as const, replyToMsgId: replyToId },
    date: post.date,
  };
  if (post.action !== undefined) {
    const action = typeof post.action === "function" ? post.action() : post.action;
    return { _: "messageService", ...common, action };
  }
  return {
    _: "message",
    ...common,
    fromScheduled: post.fromScheduled,
    pinned: copy.pinned || undefined,
    message: post.text,
    fwdFrom: forwardHeader(post),
    viaBotId: post.viaBotId,
    media: post.media?.object(),
    entities: post.entities && [...post.entities],
    replyMarkup: post.markup,
    views: post.isChannelPost ? 1 : undefined,
    forwards: post.isChannelPost ? 0 : undefined,
    editDate: post.editDate,
    groupedId: post.groupedId,
    reactions: reactionsObject(post, viewer),
  };
}

function forwardHeader({ origin }: Post): Api.messageFwdHeader | undefined {
  if (origin === undefined) return undefined;
  const { from, date, channelPost } = origin;
  return { _: "messageFwdHeader", fromId: peerObject(from), date, channelPost };
}

/** Returns the reactions to a message as an account sees them; undefined if there are none. */
export function reactionsObject(
  { reactions }: Post,
  viewer: Account,
): Api.messageReactions | undefined {
  if (reactions === undefined || reactions.size === 0) return undefined;
  const results = new Map<string, Api.reactionCount>();
  for (const [userId, own] of reactions) {
    for (const [index, reaction] of own.entries()) {
      const key = reaction._ === "reactionEmoji" ? reaction.emoticon : reaction._;
      const known = results.get(key);
      results.set(key, {
        _: "reactionCount",
        chosenOrder: userId === viewer.id ? index : known?.chosenOrder,
        reaction,
        count: (known?.count ?? 0) + 1,
      });
    }
  }
  return { _: "messageReactions", canSeeList: true, results: [...results.values()] };
}

/** The properties of a dialog. */
export interface DialogFields {
  readonly peer: PeerId;
  /** 0 stands for a conversation without messages. */
  readonly topMessage: number;
  readonly readInboxMaxId: number;
  readonly readOutboxMaxId: number;
  readonly unreadCount: number;
  readonly unreadMentionsCount: number;
  readonly pinned?: boolean;
  /** For channels. */
  readonly pts?: number;
}

/** Returns a conversation in the form of TL. */
export function dialogObject({ peer, ...fields }: DialogFields): Api.dialog {
  return {
    _: "dialog",
    ...fields,
    peer: peerObject(peer),
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
    notifySettings: { _: "peerNotifySettings" },
  };
}
