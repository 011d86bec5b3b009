/**
 * Messages and dialogs in the form of TL: https://core.telegram.org/constructor/message
 */
import type { Api } from "../../../tl/mod.ts";
import type { StoredMessage } from "../state/mailbox.ts";

/** Returns a message as the owner of its box sees it. */
export function messageObject(message: StoredMessage): Api.message {
  const { id, out, peerId, fromId, date, text, entities, replyToId } = message;
  const isSaved = out && peerId === fromId;
  return {
    _: "message",
    // In private chats `out` implies the sender. A message to oneself names the sender instead,
    // and is incoming: TDLib insists on both.
    out: (out && !isSaved) || undefined,
    id,
    fromId: isSaved ? { _: "peerUser", userId: fromId } : undefined,
    peerId: { _: "peerUser", userId: peerId },
    savedPeerId: isSaved ? { _: "peerUser", userId: peerId } : undefined,
    replyTo: replyToId === undefined
      ? undefined
      : { _: "messageReplyHeader", replyToMsgId: replyToId },
    date,
    message: text,
    entities: entities && [...entities],
  };
}

/** Returns a conversation with its newest message; 0 stands for a conversation without messages. */
export function dialogObject(peerId: bigint, topMessage: number): Api.dialog {
  return {
    _: "dialog",
    peer: { _: "peerUser", userId: peerId },
    topMessage,
    readInboxMaxId: topMessage,
    readOutboxMaxId: topMessage,
    unreadCount: 0,
    unreadMentionsCount: 0,
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
    notifySettings: { _: "peerNotifySettings" },
  };
}
