/**
 * The seven constructors of `Updates`, in one shape. https://core.telegram.org/type/Updates
 */
import type { Api, TlObject } from "../tl/mod.ts";

/** Updates that came together. */
export interface Packet {
  readonly updates: readonly Api.Update[];
  readonly users: readonly Api.User[];
  readonly chats: readonly Api.Chat[];
  /** In Unix seconds; 0 if there is none. */
  readonly date: number;
  /** 0 if the packet is in no order. */
  readonly seqStart: number;
  /** 0 if the packet is in no order. */
  readonly seq: number;
  /** Whether the packet names peers without describing them. */
  readonly isShort: boolean;
}

/** The account whose updates come. */
export interface Self {
  readonly id: bigint;
  readonly isBot: boolean;
}

/**
 * Returns the packet in one shape; undefined if its updates are not in it, and the difference must
 * be fetched.
 *
 * @param request the request that the packet answers
 */
export function toPacket(packet: Api.Updates, self: Self, request?: TlObject): Packet | undefined {
  switch (packet._) {
    case "updates":
      return { ...packet, seqStart: packet.seq, isShort: false };
    case "updatesCombined":
      return { ...packet, isShort: false };
    case "updateShort":
      return alone(packet.update, packet.date);
    case "updateShortMessage":
      return alone(shortMessage(packet, self), packet.date);
    case "updateShortChatMessage":
      return alone(shortChatMessage(packet), packet.date);
    case "updateShortSentMessage": {
      const update = request && sentMessage(packet, self, request);
      return update && alone(update, packet.date);
    }
    default:
      return undefined;
  }
}

function alone(update: Api.Update, date: number): Packet {
  return { updates: [update], users: [], chats: [], date, seqStart: 0, seq: 0, isShort: true };
}

function shortMessage(short: Api.updateShortMessage, self: Self): Api.Update {
  const { _, userId, pts, ptsCount, ...fields } = short;
  const fromId: Api.Peer = { _: "peerUser", userId: short.out ? self.id : userId };
  const peerId: Api.Peer = { _: "peerUser", userId };
  return {
    _: "updateNewMessage",
    message: { _: "message", ...fields, fromId, peerId },
    pts,
    ptsCount,
  };
}

function shortChatMessage(short: Api.updateShortChatMessage): Api.Update {
  const { _, fromId: userId, chatId, pts, ptsCount, ...fields } = short;
  const fromId: Api.Peer = { _: "peerUser", userId };
  const peerId: Api.Peer = { _: "peerChat", chatId };
  return {
    _: "updateNewMessage",
    message: { _: "message", ...fields, fromId, peerId },
    pts,
    ptsCount,
  };
}

/** Text, peer and reply come from the request. */
function sentMessage(
  short: Api.updateShortSentMessage,
  self: Self,
  request: TlObject,
): Api.Update | undefined {
  const { peer, message: text, replyTo, silent } = request as
    & TlObject
    & Partial<
      Pick<Api.Methods["messages.sendMessage"]["params"], "peer" | "message" | "replyTo" | "silent">
    >;
  const peerId = peer && toPeer(peer, self);
  if (peerId === undefined) return undefined;
  const { _, pts, ptsCount, ...fields } = short;
  const header = replyTo && replyHeader(replyTo, self);
  const message: Api.Message = {
    _: "message",
    ...fields,
    out: true,
    ...(silent && { silent }),
    fromId: { _: "peerUser", userId: self.id },
    peerId,
    message: text ?? "",
    ...(header && { replyTo: header }),
  };
  const name = peerId._ === "peerChannel" ? "updateNewChannelMessage" : "updateNewMessage";
  return { _: name, message, pts, ptsCount };
}

function replyHeader(replyTo: Api.InputReplyTo, self: Self): Api.MessageReplyHeader | undefined {
  if (replyTo._ !== "inputReplyToMessage") return undefined;
  const { replyToMsgId, topMsgId, quoteText, quoteEntities, quoteOffset } = replyTo;
  const peer = replyTo.replyToPeerId && toPeer(replyTo.replyToPeerId, self);
  return {
    _: "messageReplyHeader",
    replyToMsgId,
    ...(topMsgId !== undefined && { replyToTopId: topMsgId }),
    ...(peer && { replyToPeerId: peer }),
    ...(quoteText !== undefined && { quote: true, quoteText }),
    ...(quoteEntities && { quoteEntities }),
    ...(quoteOffset !== undefined && { quoteOffset }),
  };
}

function toPeer(input: Api.InputPeer, self: Self): Api.Peer | undefined {
  switch (input._) {
    case "inputPeerSelf":
      return { _: "peerUser", userId: self.id };
    case "inputPeerUser":
    case "inputPeerUserFromMessage":
      return { _: "peerUser", userId: input.userId };
    case "inputPeerChat":
      return { _: "peerChat", chatId: input.chatId };
    case "inputPeerChannel":
    case "inputPeerChannelFromMessage":
      return { _: "peerChannel", channelId: input.channelId };
    default:
      return undefined;
  }
}
