/**
 * Conversations with their counts: https://core.telegram.org/api/dialogs
 */
import type { Api } from "../../../tl/mod.ts";
import { dialogObject } from "../objects/message.ts";
import type { Account } from "../state/account.ts";
import { chatPeer, type Target } from "../state/chats.ts";
import { isMentioned } from "../state/mentions.ts";
import type { Copy } from "../state/post.ts";
import { channelHistory } from "./post_message.ts";

/** Returns the messages of a conversation, oldest first, as an account sees them. */
export function conversation(account: Account, target: Target): readonly Copy[] {
  return target.kind === "channel" ? channelHistory(target) : account.mailbox.of(target);
}

/** Returns the incoming messages of a conversation that an account has not read. */
export function unreadIn(account: Account, target: Target): readonly Copy[] {
  const { readInboxMaxId } = account.dialogs.of(target);
  const copies = conversation(account, target);
  let from = copies.length;
  while (from > 0 && copies[from - 1].id > readInboxMaxId) from--;
  return copies.slice(from).filter(({ post }) => post.authorId !== account.id);
}

/** Returns a conversation in the form of TL. */
export function dialogOf(account: Account, target: Target): Api.dialog {
  const peer = target.kind === "user" ? target : chatPeer(target);
  const { readInboxMaxId, readOutboxMaxId, pinned } = account.dialogs.of(peer);
  const unread = unreadIn(account, target);
  const isGroup = target.kind !== "user";
  return dialogObject({
    peer,
    topMessage: conversation(account, target).at(-1)?.id ?? 0,
    readInboxMaxId,
    readOutboxMaxId,
    unreadCount: unread.length,
    unreadMentionsCount: unread.filter(({ post }) => isGroup && isMentioned(post, account)).length,
    pinned,
    pts: target.kind === "channel" ? target.box.pts : undefined,
  });
}
