/**
 * Sending a text message: once, and after the earlier messages to the same chat.
 * https://core.telegram.org/method/messages.sendMessage
 *
 * A message keeps its random_id over all attempts, so Telegram never makes a second one of it:
 * https://core.telegram.org/constructor/updateMessageID
 */
import { checkFields } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { chatNames, peerName } from "./chat_names.ts";
import type { Message } from "./chats/message.ts";
import type { OutgoingMessage, SendOptions } from "./chats/outgoing.ts";
import { inputPeerOf, type PeerContext } from "./input_peer.ts";
import { loadChats } from "./load_chats.ts";
import type { PeerLike } from "./named_peer.ts";

/** Sends a text. Returns the message that Telegram made of it. */
export async function sendMessage(
  context: PeerContext,
  to: PeerLike,
  outgoing: OutgoingMessage,
  options: SendOptions = {},
): Promise<Message> {
  checkFields("send a message", options);
  const { signal } = options;
  const loading = loadChats(); // while the peer is looked up
  let peer: Api.InputPeer = { _: "inputPeerEmpty" };
  const find = async (): Promise<string> => {
    peer = await inputPeerOf(context, to, { signal });
    return peerName(context, peer);
  };
  const order = await context.chatOrder.place(chatNames(context, to), find, signal);
  try {
    const { sendInOrder } = loading instanceof Promise ? await loading : loading;
    return await sendInOrder(context, peer, outgoing, options, order);
  } finally {
    order.end();
  }
}
