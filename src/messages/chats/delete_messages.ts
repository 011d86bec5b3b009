/**
 * Deleting messages: https://core.telegram.org/method/messages.deleteMessages,
 * https://core.telegram.org/method/channels.deleteMessages
 */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { checkChat } from "./check_chat.ts";
import { inputChannelOf } from "./input_channel.ts";
import { messageId, type MessageLike } from "./message.ts";

/** Telegram takes so many ids at once. */
const AT_ONCE = 100;

/** Who loses the messages. */
export interface DeleteOptions extends StepOptions {
  /** Whether the others keep them; in channels and supergroups they never do. */
  readonly onlyForMe?: boolean;
}

/** Deletes messages, for everybody in the chat if that is possible. */
export async function deleteMessages(
  context: PeerContext,
  chat: PeerLike,
  messages: readonly MessageLike[] | MessageLike,
  options: DeleteOptions = {},
): Promise<void> {
  checkFields("delete messages", options, ["onlyForMe", "signal"]);
  const { signal, onlyForMe = false } = options;
  const ids = [messages].flat().map(messageId);
  const peer = await inputPeerOf(context, chat, { signal });
  checkChat(context, peer, messages);
  const channel = inputChannelOf(peer);
  for (let i = 0; i < ids.length; i += AT_ONCE) {
    const id = ids.slice(i, i + AT_ONCE);
    if (channel !== undefined) {
      await context.invoke({ _: "channels.deleteMessages", channel, id }, { signal });
    } else {
      await context.invoke({ _: "messages.deleteMessages", revoke: !onlyForMe, id }, { signal });
    }
  }
}
