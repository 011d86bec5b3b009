/**
 * Sending a text message. https://core.telegram.org/method/messages.sendMessage
 */
import type { StepOptions } from "../auth/mod.ts";
import { randomLong } from "../runtime/mod.ts";
import type { Api } from "../tl/mod.ts";
import { inputPeerOf, type PeerContext, type PeerLike } from "./input_peer.ts";

/** A message to send: a text, or an object with the text, as in GramJS. */
export type OutgoingMessage = string | { readonly message: string };

/** A message that was sent. */
export interface SentMessage {
  /** Its number, unique within the account (or the channel). */
  readonly id: number;
  /** When Telegram received it, in Unix seconds. */
  readonly date: number;
  /** Its text. */
  readonly text: string;
}

/** Sends a text. Returns the message that Telegram made of it. */
export async function sendMessage(
  context: PeerContext,
  to: PeerLike,
  outgoing: OutgoingMessage,
  options: StepOptions = {},
): Promise<SentMessage> {
  const text = typeof outgoing === "string" ? outgoing : outgoing?.message;
  if (typeof text !== "string") {
    throw new TypeError(
      `Cannot send a message: its text is of type ${typeof text}. Pass a string, or an object ` +
        "with it as message.",
    );
  }
  const peer = await inputPeerOf(context, to, options);
  const randomId = randomLong(context.random);
  const updates = await context.invoke(
    { _: "messages.sendMessage", peer, message: text, randomId },
    options,
  );
  return sentMessage(updates, text, randomId);
}

/** Finds the message in the answer: a short one, or updates with its id beside our random_id. */
function sentMessage(updates: Api.Updates, text: string, randomId: bigint): SentMessage {
  if (updates._ === "updateShortSentMessage") return { id: updates.id, date: updates.date, text };
  if (updates._ === "updates" || updates._ === "updatesCombined") {
    const sent = updates.updates.find((update) =>
      update._ === "updateMessageID" && update.randomId === randomId
    );
    if (sent?._ === "updateMessageID") return { id: sent.id, date: updates.date, text };
  }
  throw new TypeError(`Cannot find the id of the message that was sent in "${updates._}"`);
}
