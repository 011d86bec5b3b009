/**
 * Sending a text message: once, and after the earlier messages to the same chat.
 * https://core.telegram.org/method/messages.sendMessage
 */
import type { MethodCall } from "../auth/mod.ts";
import { checkFields, randomLong } from "../runtime/mod.ts";
import type { Message } from "./chats/message.ts";
import type { OutgoingMessage, OutgoingParams, SendOptions } from "./chats/outgoing.ts";
import type { PeerContext } from "./input_peer.ts";
import type { PeerLike } from "./named_peer.ts";
import { type Chats, type Sending, sendInOrder } from "./send_in_order.ts";

type Request = MethodCall<"messages.sendMessage">;

/** Sends a text. Returns the message that Telegram made of it. */
export async function sendMessage(
  context: PeerContext,
  to: PeerLike,
  outgoing: OutgoingMessage,
  options: SendOptions = {},
): Promise<Message> {
  checkFields("send a message", options);
  const { signal } = options;
  return await sendInOrder(context, to, signal, (chats) => {
    const params = chats.outgoingParams(outgoing, options);
    return params.entities === undefined
      ? sendingOf(context, chats, params)
      : chats.formatted(context, params, signal).then((all) => sendingOf(context, chats, all));
  });
}

function sendingOf(
  context: PeerContext,
  chats: Chats,
  params: OutgoingParams,
): Sending<Request, Message> {
  const randomId = params.randomId ?? randomLong(context.random);
  return {
    randomId,
    request: (peer) => ({ _: "messages.sendMessage", ...params, peer, randomId }),
    read: (request, answer) => chats.sentMessage(context, request, answer),
  };
}
