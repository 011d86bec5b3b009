/**
 * Sending to a chat, after all that was sent there before: texts, files, albums. The call itself is
 * in chats/send_placed.ts.
 */
import type { MethodCall } from "../auth/mod.ts";
import type { Api } from "../tl/mod.ts";
import { chatNames, peerName } from "./chat_names.ts";
import { inputPeerOf, type PeerContext } from "./input_peer.ts";
import { loadChats } from "./load_chats.ts";
import type { PeerLike } from "./named_peer.ts";

type SendMethod = "messages.sendMessage" | "messages.sendMedia" | "messages.sendMultiMedia";

/** A call that sends. */
export type SendRequest = { [M in SendMethod]: MethodCall<M> }[SendMethod];

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
  try {
    const chats = loading instanceof Promise ? await loading : loading;
    return await chats.sendPlaced(context, peer, { signal, order }, () => prepare(chats));
  } finally {
    order.end();
  }
}
