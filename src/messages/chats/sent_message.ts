/** The message that an answer tells of: https://core.telegram.org/constructor/updateMessageID */
import type { Api } from "../../tl/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import { Message, type RawMessage } from "./message.ts";
import { type OtherPeers, PacketPeers } from "./peer_info.ts";

type SendRequest = Pick<
  Api.Methods["messages.sendMessage"]["params"],
  "peer" | "message" | "entities" | "randomId" | "replyTo"
>;

/** Returns the messages in updates, in their order. */
export function messagesIn(updates: Api.Updates): readonly RawMessage[] {
  if (updates._ !== "updates" && updates._ !== "updatesCombined") return [];
  return updates.updates.flatMap((update) => {
    switch (update._) {
      case "updateNewMessage":
      case "updateNewChannelMessage":
      case "updateNewScheduledMessage":
      case "updateEditMessage":
      case "updateEditChannelMessage":
        return update.message._ === "messageEmpty" ? [] : [update.message];
      default:
        return [];
    }
  });
}

/** Returns the users and chats in updates. */
export function peersIn(updates: Api.Updates, others: OtherPeers = {}): PacketPeers {
  return "users" in updates
    ? new PacketPeers(updates.users, updates.chats, others)
    : new PacketPeers([], [], others);
}

/** Returns the message that was sent: a short answer, or one with its id beside our random_id. */
export function sentMessage(
  context: PeerContext,
  request: SendRequest,
  updates: Api.Updates,
): Message {
  const { randomId } = request;
  if (updates._ === "updateShortSentMessage") return fromShort(context, request, updates);
  if (updates._ === "updates" || updates._ === "updatesCombined") {
    const sent = updates.updates.find((update) =>
      update._ === "updateMessageID" && update.randomId === randomId
    );
    if (sent?._ === "updateMessageID") {
      const raw = messagesIn(updates).find(({ id }) => id === sent.id) ??
        bareMessage(context, request, { id: sent.id, date: updates.date });
      return new Message(context, raw, peersIn(updates, { input: request.peer }));
    }
  }
  throw new TypeError(`Cannot find the id of the message that was sent in "${updates._}"`);
}

function fromShort(
  context: PeerContext,
  request: SendRequest,
  { id, date, media, entities, ttlPeriod }: Api.updateShortSentMessage,
): Message {
  const raw = bareMessage(context, request, { id, date, media, ttlPeriod });
  return new Message(
    context,
    { ...raw, entities },
    new PacketPeers([], [], { input: request.peer }),
  );
}

/** Makes the message of what was sent, as the answer does not repeat it. */
function bareMessage(
  { session }: PeerContext,
  { peer, message, entities, replyTo }: SendRequest,
  answer: Pick<Api.message, "id" | "date" | "media" | "ttlPeriod">,
): Api.message {
  const self = session.state.user?.id ?? 0n;
  return {
    _: "message",
    out: true,
    peerId: peerOf(peer, self),
    fromId: { _: "peerUser", userId: self },
    message,
    ...(entities !== undefined && { entities }),
    ...(replyTo?._ === "inputReplyToMessage" && {
      replyTo: { _: "messageReplyHeader", replyToMsgId: replyTo.replyToMsgId },
    }),
    ...answer,
  };
}

function peerOf(peer: Api.InputPeer, self: bigint): Api.Peer {
  switch (peer._) {
    case "inputPeerUser":
    case "inputPeerUserFromMessage":
      return { _: "peerUser", userId: peer.userId };
    case "inputPeerChat":
      return { _: "peerChat", chatId: peer.chatId };
    case "inputPeerChannel":
    case "inputPeerChannelFromMessage":
      return { _: "peerChannel", channelId: peer.channelId };
    default:
      return { _: "peerUser", userId: self };
  }
}
