/** Editing a message of one's own: https://core.telegram.org/method/messages.editMessage */
import { checkFields } from "../../runtime/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import { inputPeerOf } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { checkChat } from "./check_chat.ts";
import { Message, messageId, type MessageLike } from "./message.ts";
import { type EditOptions, editParams, type TextLike } from "./outgoing.ts";
import { formatted } from "./formatted.ts";
import { messagesIn, peersIn } from "./sent_message.ts";

/** Replaces the text of a message. Returns the message as it is then. */
export async function editMessage(
  context: PeerContext,
  chat: PeerLike,
  message: MessageLike,
  text: TextLike,
  options: EditOptions = {},
): Promise<Message> {
  checkFields("edit a message", options);
  const { signal } = options;
  const id = messageId(message);
  const params = await formatted(context, editParams(text, options), signal);
  const peer = await inputPeerOf(context, chat, { signal });
  checkChat(context, peer, message);
  const updates = await context.invoke(
    { _: "messages.editMessage", ...params, peer, id },
    { signal },
  );
  const raw = messagesIn(updates).find((edited) => edited.id === id);
  if (raw !== undefined) return new Message(context, raw, peersIn(updates));
  throw new TypeError(`Cannot find the message that was edited in "${updates._}"`);
}
