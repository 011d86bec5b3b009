/**
 * Sending a text message: once, and after the earlier messages to the same chat.
 * https://core.telegram.org/method/messages.sendMessage
 *
 * A message keeps its random_id over all attempts, so Telegram never makes a second one of it:
 * https://core.telegram.org/constructor/updateMessageID
 */
import type { StepOptions } from "../auth/mod.ts";
import { type CallOptions, RpcError } from "../connection/mod.ts";
import { randomLong, withAnySignal } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { chatNames, peerName } from "./chat_names.ts";
import { inputPeerOf, type PeerContext, type PeerLike } from "./input_peer.ts";
import { UncertainSendError } from "./uncertain_send_error.ts";

/** A message to send: a text, or an object with the text, as in GramJS. */
export type OutgoingMessage = string | {
  /** The text. */
  readonly message: string;
  /**
   * Distinguishes the message, so that it is sent once however often it is tried: 64 bits, not 0.
   * A random number by default.
   */
  readonly randomId?: bigint;
};

/** A message that was sent. */
export interface SentMessage {
  /** Its number, unique within the account (or the channel). */
  readonly id: number;
  /** When Telegram received it, in Unix seconds. */
  readonly date: number;
  /** Its text. */
  readonly text: string;
}

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
  options: StepOptions = {},
): Promise<SentMessage> {
  const { message, randomId } = checked(context, outgoing);
  let peer: Api.InputPeer = { _: "inputPeerEmpty" };
  const find = async (): Promise<string> => {
    peer = await inputPeerOf(context, to, options);
    return peerName(context, peer);
  };
  const order = await context.chatOrder.place(chatNames(context, to), find, options.signal);
  const request: Request = { _: "messages.sendMessage", peer, message, randomId };
  let answer: Api.Updates | undefined;
  try {
    answer = await call(context, request, { ...options, order });
    return sentMessage(answer, request);
  } catch (error) {
    const isOpen = order.mayBeCarriedOut || answer !== undefined;
    throw isOpen && !options.signal?.aborted ? new UncertainSendError(randomId, error) : error;
  } finally {
    order.end();
  }
}

function checked(
  { random }: PeerContext,
  outgoing: OutgoingMessage,
): { message: string; randomId: bigint } {
  const message = typeof outgoing === "string" ? outgoing : outgoing?.message;
  if (typeof message !== "string") {
    throw new TypeError(
      `Cannot send a message: its text is of type ${typeof message}. Pass a string, or an object ` +
        "with it as message.",
    );
  }
  const given = typeof outgoing === "string" ? undefined : outgoing.randomId;
  if (given !== undefined && (typeof given !== "bigint" || given === 0n)) {
    throw new TypeError(
      `Cannot send a message: its randomId is ${given}, expected a bigint, not 0`,
    );
  }
  return { message, randomId: given ?? randomLong(random) };
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

/** Finds the message in the answer: a short one, or updates with its id beside our random_id. */
function sentMessage(updates: Api.Updates, { message, randomId }: Request): SentMessage {
  if (updates._ === "updateShortSentMessage") {
    return { id: updates.id, date: updates.date, text: message };
  }
  if (updates._ === "updates" || updates._ === "updatesCombined") {
    const sent = updates.updates.find((update) =>
      update._ === "updateMessageID" && update.randomId === randomId
    );
    if (sent?._ === "updateMessageID") {
      return { id: sent.id, date: dateOf(updates, sent.id), text: message };
    }
  }
  throw new TypeError(`Cannot find the id of the message that was sent in "${updates._}"`);
}

/** The date of the message itself: updates that repeat an old message may have a later one. */
function dateOf(updates: Api.updates | Api.updatesCombined, id: number): number {
  for (const update of updates.updates) {
    if (update._ !== "updateNewMessage" && update._ !== "updateNewChannelMessage") continue;
    const { message } = update;
    if (message._ === "message" && message.id === id) return message.date;
  }
  return updates.date;
}
