/**
 * Writing a message into the boxes of all who receive it: https://core.telegram.org/api/updates
 *
 * A bot in privacy mode does not receive all messages of a supergroup, but their pts is one series
 * for all: here such a bot finds a gap, which its next difference closes. Telegram does not
 * document this.
 */
import type { Api } from "../../../tl/mod.ts";
import type { Caller } from "../caller.ts";
import { channelUpdate, commonUpdate } from "../objects/updates.ts";
import type { Account } from "../state/account.ts";
import { type Channel, chatPeer, type Group, type Target } from "../state/chats.ts";
import type { BoxEvent } from "../state/message_box.ts";
import { receives } from "../state/mentions.ts";
import { userPeer } from "../state/peer_id.ts";
import type { Copy, Post } from "../state/post.ts";
import type { ServerState } from "../state/server_state.ts";
import { deliver } from "./deliver.ts";

/** The author of a message, and how it was sent. */
export interface Sender {
  readonly author: Account;
  /** The session that sends it, which learns of it by the answer. */
  readonly caller?: Caller;
  readonly randomId?: bigint;
}

/** Writes a message to a user, group or channel. Returns the event in the author's box. */
export function postMessage(
  state: ServerState,
  target: Target,
  post: Post,
  sender: Sender,
): BoxEvent<"new"> {
  switch (target.kind) {
    case "user":
      return postToUser(state, target.account, post, sender);
    case "chat":
      return postToGroup(state, target, post, sender);
    case "channel":
      return postToChannel(state, target, post, sender);
  }
}

function postToUser(
  state: ServerState,
  to: Account,
  post: Post,
  { author, caller, randomId }: Sender,
): BoxEvent<"new"> {
  const sent = author.mailbox.add(userPeer(to.id), post, randomId);
  deliver(state, author, [commonUpdate(sent, author)], { except: caller });
  if (to === author) return sent;
  to.writers.add(author.id);
  const received = to.mailbox.add(userPeer(author.id), post);
  deliver(state, to, [commonUpdate(received, to)]);
  return sent;
}

function postToGroup(
  state: ServerState,
  group: Group,
  post: Post,
  { author, caller, randomId }: Sender,
): BoxEvent<"new"> {
  // The author may just have left: the message about that is its last one.
  const receivers = new Set([author, ...[...group.members.values()].map(({ account }) => account)]);
  const events = [...receivers].filter((one) => receives(one, post, group)).map((one) => {
    const isAuthor = one === author;
    const event = one.mailbox.add(chatPeer(group), post, isAuthor ? randomId : undefined);
    deliver(state, one, [commonUpdate(event, one)], { except: isAuthor ? caller : undefined });
    return event;
  });
  return events[0];
}

function postToChannel(
  state: ServerState,
  channel: Channel,
  post: Post,
  { author, caller, randomId }: Sender,
): BoxEvent<"new"> {
  const event = channel.box.add(chatPeer(channel), post, randomId);
  author.dialogs.of(chatPeer(channel)).readInboxMaxId = event.copy.id;
  deliverToMembers(state, channel, event, { author, caller });
  return event;
}

/** Tells the members of a channel of an event in its box. */
export function deliverToMembers(
  state: ServerState,
  channel: Channel,
  event: BoxEvent,
  { author, caller }: Sender,
): void {
  for (const { account } of channel.members.values()) {
    if (!concerns(event, channel, account)) continue;
    const except = account === author ? caller : undefined;
    deliver(state, account, [channelUpdate(event, channel, account)], { except, min: true });
  }
}

/** Returns whether an event of a channel reaches an account: see the privacy mode of bots. */
export function concerns(event: BoxEvent, channel: Channel, account: Account): boolean {
  const isMessage = event.kind === "new" || event.kind === "edit";
  return !isMessage || receives(account, event.copy.post, channel);
}

/** Returns the update of an event as an account sees it. */
export function updateOf(event: BoxEvent, target: Target, viewer: Account): Api.Update {
  if (target.kind === "channel") return channelUpdate(event, target, viewer);
  return commonUpdate(event, viewer);
}

/** Returns the messages of a channel, oldest first. */
export function channelHistory(channel: Channel): readonly Copy[] {
  return channel.box.of(chatPeer(channel));
}
