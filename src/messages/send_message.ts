/**
 * Sending a text message: once, and after the earlier messages to the same chat.
 * https://core.telegram.org/method/messages.sendMessage
 *
 * A message keeps its random_id over all attempts, so Telegram never makes a second one of it:
 * https://core.telegram.org/constructor/updateMessageID
 */
import { type CallOptions, RpcError } from "../connection/mod.ts";
import { randomLong, withAnySignal } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { chatNames, peerName } from "./chat_names.ts";
import type { Message } from "./chats/message.ts";
import type { OutgoingMessage, SendOptions } from "./chats/outgoing.ts";
import { inputPeerOf, type PeerContext } from "./input_peer.ts";
import { loadChats } from "./load_chats.ts";
import type { PeerLike } from "./named_peer.ts";
import { UncertainSendError } from "./uncertain_send_error.ts";

type Request =
  & { readonly _: "messages.sendMessage" }
  & Api.Methods["messages.sendMessage"][
    "params"
  ];

/** Telegram is still carrying out an earlier attempt. */
const IN_FLIGHT = "RANDOM_ID_DUPLICATE";
/** The pauses between the attempts then, in milliseconds: half a minute in all. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000];

/** Sends a text. Returns the message that Telegram made of it. */
export async function sendMessage(
  context: PeerContext,
  to: PeerLike,
  outgoing: OutgoingMessage,
  options: SendOptions = {},
): Promise<Message> {
  const { signal } = options;
  const loading = loadChats(); // while the peer is looked up
  let peer: Api.InputPeer = { _: "inputPeerEmpty" };
  const find = async (): Promise<string> => {
    peer = await inputPeerOf(context, to, { signal });
    return peerName(context, peer);
  };
  const order = await context.chatOrder.place(chatNames(context, to), find, signal);
  let randomId: bigint | undefined;
  let answer: Api.Updates | undefined;
  try {
    const { formatted, outgoingParams, sentMessage } = loading instanceof Promise
      ? await loading
      : loading;
    const plain = outgoingParams(outgoing, options);
    const params = plain.entities === undefined ? plain : await formatted(context, plain, signal);
    randomId = params.randomId ?? randomLong(context.random);
    const request: Request = { _: "messages.sendMessage", ...params, peer, randomId };
    answer = await call(context, request, { signal, order });
    return sentMessage(context, request, answer);
  } catch (error) {
    const isOpen = order.mayBeCarriedOut || answer !== undefined;
    if (randomId === undefined || !isOpen || signal?.aborted) throw error;
    throw new UncertainSendError(randomId, error);
  } finally {
    order.end();
  }
}

/** Calls again with the same random_id while an earlier attempt is being carried out. */
async function call(
  context: PeerContext,
  request: Request,
  options: CallOptions,
): Promise<Api.Updates> {
  const { clock, lifetime, log } = context;
  for (const pause of PAUSES) {
    try {
      return await context.invoke(request, options);
    } catch (error) {
      if (!(error instanceof RpcError && error.is(IN_FLIGHT))) throw error;
      log.info(`A message is still being sent: it is asked for again in ${pause / 1000} s`);
      await withAnySignal(lifetime, options.signal, (signal) => clock.sleep(pause, signal));
    }
  }
  return await context.invoke(request, options);
}
