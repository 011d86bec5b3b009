/**
 * The ids of messages count from 1 in each channel, and once for all other chats together: a
 * message of another chat would name one that nobody meant. https://core.telegram.org/api/peers
 */
import { channelPeerId } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import { Message, type MessageLike } from "./message.ts";

/**
 * Refuses a message of another chat than the one that is named with it.
 *
 * @throws {TypeError} if one of them is of another chat
 */
export function checkChat(
  context: PeerContext,
  peer: Api.InputPeer,
  messages: readonly MessageLike[] | MessageLike,
): void {
  const id = chatId(peer) ?? context.session.state.user?.id;
  for (const message of [messages].flat()) {
    if (!(message instanceof Message) || id === undefined || message.chat.id === id) continue;
    throw new TypeError(
      `Cannot use the message ${message.id} of the chat ${message.chat.id} in the chat ${id}. ` +
        "Pass message.chat as its chat.",
    );
  }
}

function chatId(peer: Api.InputPeer): bigint | undefined {
  if ("channelId" in peer) return channelPeerId(peer.channelId);
  if ("chatId" in peer) return -peer.chatId;
  return "userId" in peer ? peer.userId : undefined;
}
