/** Forwarding messages: https://core.telegram.org/method/messages.forwardMessages */
import { checkFields, randomLong } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { checkChat } from "./check_chat.ts";
import { Message, messageId, type MessageLike } from "./message.ts";
import { type ForwardOptions, forwardParams } from "./outgoing.ts";
import { messagesIn, peersIn } from "./sent_message.ts";

/** Telegram takes so many messages at once. */
const AT_ONCE = 100;

/** Forwards messages of one chat to another. Returns them as they are there, in their order. */
export async function forwardMessages(
  context: PeerContext,
  from: PeerLike,
  messages: readonly MessageLike[] | MessageLike,
  to: PeerLike,
  options: ForwardOptions = {},
): Promise<readonly Message[]> {
  checkFields("forward messages", options);
  const { signal } = options;
  const params = forwardParams(options);
  const ids = [messages].flat().map(messageId);
  const fromPeer = await inputPeerOf(context, from, { signal });
  checkChat(context, fromPeer, messages);
  const toPeer = await inputPeerOf(context, to, { signal });
  const forwarded: Message[] = [];
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const id = ids.slice(i, i + AT_ONCE);
    const randomId = id.map(() => randomLong(context.random));
    const updates = await context.invoke(
      { _: "messages.forwardMessages", ...params, fromPeer, toPeer, id, randomId },
      { signal },
    );
    const peers = peersIn(updates);
    const raws = messagesIn(updates);
    const sentIds = idsOf(randomId, updates);
    for (const sent of sentIds) {
      const raw = raws.find(({ id }) => id === sent);
      if (raw !== undefined) forwarded.push(new Message(context, raw, peers));
    }
  }
  return forwarded;
}

/** Returns the ids of the new messages, in the order of their random ids. */
function idsOf(randomIds: readonly bigint[], updates: Api.Updates): number[] {
  if (!("updates" in updates)) return [];
  const ids = new Map<bigint, number>();
  for (const update of updates.updates) {
    if (update._ === "updateMessageID") ids.set(update.randomId, update.id);
  }
  return randomIds.map((randomId) => ids.get(randomId)).filter((id) => id !== undefined);
}
