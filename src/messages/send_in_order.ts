/**
 * Sending to a chat, after all that was sent there before: texts, files, albums.
 *
 * A message keeps its random_id over all attempts, so Telegram never makes a second one of it:
 * https://core.telegram.org/constructor/updateMessageID
 */
import type { MethodCall } from "../auth/mod.ts";
import { type CallOptions, RpcError } from "../connection/mod.ts";
import { withAnySignal } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { chatNames, peerName } from "./chat_names.ts";
import { inputPeerOf, type PeerContext } from "./input_peer.ts";
import { loadChats } from "./load_chats.ts";
import type { PeerLike } from "./named_peer.ts";
import { UncertainSendError } from "./uncertain_send_error.ts";

type SendMethod = "messages.sendMessage" | "messages.sendMedia" | "messages.sendMultiMedia";

/** A call that sends. */
type SendRequest = { [M in SendMethod]: MethodCall<M> }[SendMethod];

/** What people do in chats, whose code is loaded when the first message is sent. */
export type Chats = Awaited<ReturnType<typeof loadChats>>;

/** What is sent. */
export interface Sending<R extends SendRequest, T> {
  /** The number that distinguishes the message; the first one of an album. */
  readonly randomId: bigint;
  /** Returns the call. */
  readonly request: (peer: Api.InputPeer) => R;
  /** Returns what Telegram made of it. */
  readonly read: (request: R, answer: Api.Updates) => T;
}

/** Telegram is still carrying out an earlier attempt. */
const IN_FLIGHT = "RANDOM_ID_DUPLICATE";
/** The pauses between the attempts then, in milliseconds: half a minute in all. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15_000];

/**
 * Sends to a chat.
 *
 * @param prepare returns what is sent; called when it is the turn of the message
 */
export async function sendInOrder<R extends SendRequest, T>(
  context: PeerContext,
  to: PeerLike,
  signal: AbortSignal | undefined,
  prepare: (chats: Chats) => Sending<R, T> | Promise<Sending<R, T>>,
): Promise<T> {
  const loading = loadChats(); // while the peer is looked up
  let peer: Api.InputPeer = { _: "inputPeerEmpty" };
  const find = async (): Promise<string> => {
    peer = await inputPeerOf(context, to, { signal });
    return peerName(context, peer);
  };
  const order = await context.chatOrder.place(chatNames(context, to), find, signal);
  let sending: Sending<R, T> | undefined;
  let answer: Api.Updates | undefined;
  try {
    const prepared = prepare(loading instanceof Promise ? await loading : loading);
    sending = prepared instanceof Promise ? await prepared : prepared;
    const request = sending.request(peer);
    answer = await call(context, request, { signal, order });
    return sending.read(request, answer);
  } catch (error) {
    const isOpen = order.mayBeCarriedOut || answer !== undefined;
    if (sending === undefined || !isOpen || signal?.aborted) throw error;
    throw new UncertainSendError(sending.randomId, error);
  } finally {
    order.end();
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
