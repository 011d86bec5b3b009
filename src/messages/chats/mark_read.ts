/**
 * Marking a chat as read: https://core.telegram.org/method/messages.readHistory,
 * https://core.telegram.org/method/channels.readHistory
 */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { checkChat } from "./check_chat.ts";
import { inputChannelOf } from "./input_channel.ts";
import { messageId, type MessageLike } from "./message.ts";

/** How far a chat is read. */
export interface ReadOptions extends StepOptions {
  /** The last message that was read; all messages by default. */
  readonly upTo?: MessageLike;
}

/** Marks the messages of a chat as read. */
export async function markRead(
  context: PeerContext,
  chat: PeerLike,
  options: ReadOptions = {},
): Promise<void> {
  checkFields("mark a chat as read", options, ["upTo", "signal"]);
  const { signal, upTo } = options;
  const maxId = upTo === undefined ? 0 : messageId(upTo);
  const peer = await inputPeerOf(context, chat, { signal });
  if (upTo !== undefined) checkChat(context, peer, upTo);
  const channel = inputChannelOf(peer);
  if (channel !== undefined) {
    await context.invoke({ _: "channels.readHistory", channel, maxId }, { signal });
  } else {
    await context.invoke({ _: "messages.readHistory", peer, maxId }, { signal });
  }
}
