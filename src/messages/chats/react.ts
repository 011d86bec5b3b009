/** Reactions to messages: https://core.telegram.org/api/reactions */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";
import { checkChat } from "./check_chat.ts";
import { messageId, type MessageLike, type ReactionLike } from "./message.ts";

/** Reacts to a message, in the place of an earlier reaction; without one, takes it back. */
export async function react(
  context: PeerContext,
  chat: PeerLike,
  message: MessageLike,
  reaction: ReactionLike | undefined,
  options: StepOptions = {},
): Promise<void> {
  checkFields("react", options, ["signal"]);
  const { signal } = options;
  const msgId = messageId(message);
  const reactions = reaction === undefined ? [] : [reactionOf(reaction)];
  const peer = await inputPeerOf(context, chat, { signal });
  checkChat(context, peer, message);
  await context.invoke(
    { _: "messages.sendReaction", peer, msgId, reaction: reactions },
    { signal },
  );
}

function reactionOf(reaction: ReactionLike): Api.Reaction {
  if (typeof reaction === "bigint") return { _: "reactionCustomEmoji", documentId: reaction };
  if (typeof reaction === "object" && reaction !== null) return reaction;
  const text = typeof reaction === "string" ? reaction.trim() : "";
  if (/^\d{10,19}$/.test(text)) return { _: "reactionCustomEmoji", documentId: BigInt(text) };
  // No emoji is made of ASCII alone: ":thumbsup:" is the name of one.
  if (/[^ -~]/.test(text)) return { _: "reactionEmoji", emoticon: text };
  throw new TypeError(
    'Cannot react. Pass an emoji such as "👍", or the id of a custom emoji as a bigint.',
  );
}
