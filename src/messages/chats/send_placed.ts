/**
 * The call that sends a message, once it is its turn in the chat.
 *
 * A message keeps its random_id over all attempts, so Telegram never makes a second one of it:
 * https://core.telegram.org/constructor/updateMessageID
 */
import { type CallOptions, type OrderedCall, RpcError } from "../../connection/mod.ts";
import { withAnySignal } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import type { Sending, SendRequest } from "../send_in_order.ts";
import { UncertainSendError } from "../uncertain_send_error.ts";

/** Telegram is still carrying out an earlier attempt. */
const IN_FLIGHT = "RANDOM_ID_DUPLICATE";
/** The pauses between the attempts then, in milliseconds: half a minute in all. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000];

/** Sends to a peer. Returns what Telegram made of it. */
export async function sendPlaced<R extends SendRequest, T>(
  context: PeerContext,
  peer: Api.InputPeer,
  options: CallOptions & { readonly order: OrderedCall },
  prepare: () => Sending<R, T> | Promise<Sending<R, T>>,
): Promise<T> {
  const { order, signal } = options;
  let sending: Sending<R, T> | undefined;
  let answer: Api.Updates | undefined;
  try {
    const prepared = prepare();
    sending = prepared instanceof Promise ? await prepared : prepared;
    const request = sending.request(peer);
    answer = await call(context, request, options);
    return sending.read(request, answer);
  } catch (error) {
    const isOpen = order.mayBeCarriedOut || answer !== undefined;
    if (sending === undefined || !isOpen || signal?.aborted) throw error;
    throw new UncertainSendError(sending.randomId, error);
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
