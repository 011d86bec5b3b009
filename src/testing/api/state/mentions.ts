/**
 * Whom a message in a group concerns: mentions, and the privacy mode of bots.
 * https://core.telegram.org/bots/features#privacy-mode
 *
 * The page hides a command without a name from a bot that was not the last one to write. Here each
 * bot of a group receives such a command, and messages with its name, as those who test a bot
 * expect.
 */
import type { Account } from "./account.ts";
import { type Chat, isAdmin } from "./chats.ts";
import type { Post } from "./post.ts";

/** Returns whether a message mentions an account, or replies to one of its messages. */
export function isMentioned(post: Post, { id, username }: Account): boolean {
  if (post.authorId === id) return false;
  if (post.replyTo?.authorId === id) return true;
  return (post.entities ?? []).some((entity) => {
    if (entity._ === "messageEntityMentionName") return entity.userId === id;
    if (entity._ !== "messageEntityMention" || username === undefined) return false;
    const name = post.text.substring(entity.offset + 1, entity.offset + entity.length);
    return name.toLowerCase() === username.toLowerCase();
  });
}

/** Returns whether an account that is a member of a chat receives a message there. */
export function receives(account: Account, post: Post, chat: Chat): boolean {
  const isPrivate = account.isBot && account.privacy !== false && !isAdmin(chat, account);
  if (!isPrivate || post.action !== undefined || post.isChannelPost) return true;
  if (post.authorId === account.id || post.viaBotId === account.id) return true;
  return isMentioned(post, account) || isCommandTo(account, post.text);
}

function isCommandTo({ username }: Account, text: string): boolean {
  const command = /^\/\w+(?:@(\w+))?/.exec(text);
  if (command === null) return false;
  return command[1] === undefined || command[1].toLowerCase() === username?.toLowerCase();
}
