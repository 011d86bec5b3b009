/**
 * The call that sends a message, once its place among the others is known.
 * https://core.telegram.org/method/messages.sendMessage
 */
import { type CallOptions, type OrderedCall, RpcError } from "../../connection/mod.ts";
import { randomLong, withAnySignal } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import { UncertainSendError } from "../uncertain_send_error.ts";
import { formatted } from "./formatted.ts";
import type { Message } from "./message.ts";
import { type OutgoingMessage, outgoingParams, type SendOptions } from "./outgoing.ts";
import { sentMessage } from "./sent_message.ts";

type Params = Api.Methods["messages.sendMessage"]["params"];
type SendRequest = { readonly _: "messages.sendMessage" } & Params;

/** Telegram is still carrying out an earlier attempt. */
const IN_FLIGHT = "RANDOM_ID_DUPLICATE";
/** The pauses between the attempts then, in milliseconds: half a minute in all. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000];

/** Sends a text to a peer. Returns the message that Telegram made of it. */
export async function sendInOrder(
  context: PeerContext,
  peer: Api.InputPeer,
  outgoing: OutgoingMessage,
  options: SendOptions,
  order: OrderedCall,
): Promise<Message> {
  const { signal } = options;
  let randomId: bigint | undefined;
  let answer: Api.Updates | undefined;
  try {
    const plain = outgoingParams(outgoing, options);
    const params = plain.entities === undefined ? plain : await formatted(context, plain, signal);
    randomId = params.randomId ?? randomLong(context.random);
    const request: SendRequest = { _: "messages.sendMessage", ...params, peer, randomId };
    answer = await call(context, request, { signal, order });
    return sentMessage(context, request, answer);
  } catch (error) {
    const isOpen = order.mayBeCarriedOut || answer !== undefined;
    if (randomId === undefined || !isOpen || signal?.aborted) throw error;
    throw new UncertainSendError(randomId, error);
  }
}

/** Calls again with the same random_id while an earlier attempt is being carried out. */
async function call(
  context: PeerContext,
  request: SendRequest,
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
