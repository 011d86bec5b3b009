/**
 * Joining and leaving groups and channels: https://core.telegram.org/api/channel
 *
 * A change of the members writes a service message, except in channels that are no supergroups. The
 * list of an account's channels has changed with `updateChannel`, that of the members of a basic
 * group with `updateChatParticipants`. Bots receive `updateChatParticipant` and
 * `updateChannelParticipant` with a qts if they are administrators, and always about themselves.
 */
import type { Api } from "../../../tl/mod.ts";
import type { Caller } from "../caller.ts";
import { channelMember, groupMember } from "../objects/chat.ts";
import { commonUpdate } from "../objects/updates.ts";
import type { Account } from "../state/account.ts";
import {
  type Channel,
  type Chat,
  chatPeer,
  type Group,
  isAdmin,
  type Member,
} from "../state/chats.ts";
import type { BoxEvent } from "../state/message_box.ts";
import type { Post } from "../state/post.ts";
import type { ServerState } from "../state/server_state.ts";
import { deliver } from "./deliver.ts";
import { postMessage, updateOf } from "./post_message.ts";

/** Who changes the members of a chat, by which session. */
export interface Actor {
  readonly account: Account;
  readonly caller?: Caller;
}

/** Writes a service message to a chat. Returns the event in its author's box. */
export function postService(
  state: ServerState,
  chat: Chat,
  action: Post["action"],
  { account, caller }: Actor,
): BoxEvent<"new"> {
  const isChannelPost = (chat.kind === "channel" && !chat.isMegagroup) || undefined;
  const date = state.nowSeconds();
  const post = { authorId: account.id, isChannelPost, date, text: "", action };
  return postMessage(state, chat, post, { author: account, caller });
}

/**
 * Adds accounts to a chat. Returns the updates for the session of the actor.
 *
 * @param action The service message; by default `messageActionChatAddUser`.
 */
export function addMembers(
  state: ServerState,
  chat: Chat,
  added: readonly Account[],
  actor: Actor,
  action?: Api.MessageAction,
): Api.Update[] {
  const date = state.nowSeconds();
  const inviterId = actor.account.id;
  for (const account of added) {
    chat.members.set(account.id, { account, inviterId, date, role: "member" });
    if (chat.kind === "channel") joined(state, chat, account, actor);
    announce(state, chat, account, undefined, chat.members.get(account.id), actor);
  }
  const users = added.map(({ id }) => id);
  const updates = membersChanged(state, chat, actor);
  if (chat.kind === "channel" && !chat.isMegagroup) return updates;
  const said = action ?? { _: "messageActionChatAddUser", users };
  const event = postService(state, chat, said, actor);
  return [...updates, updateOf(event, chat, actor.account)];
}

/** Removes an account from a chat. Returns the updates for the session of the actor. */
export function removeMember(
  state: ServerState,
  chat: Chat,
  removed: Account,
  actor: Actor,
): Api.Update[] {
  const member = chat.members.get(removed.id);
  const userId = removed.id;
  const action: Api.MessageAction = { _: "messageActionChatDeleteUser", userId };
  if (chat.kind === "chat") {
    // Who is removed still receives the message about it.
    const event = postService(state, chat, action, actor);
    chat.members.delete(userId);
    announce(state, chat, removed, member, undefined, actor);
    return [commonUpdate(event, actor.account), ...membersChanged(state, chat, actor)];
  }
  chat.members.delete(userId);
  const update = listChanged(state, chat, removed, actor);
  announce(state, chat, removed, member, undefined, actor);
  const own: Api.Update[] = removed === actor.account ? [update] : [];
  if (!chat.isMegagroup || removed === actor.account) return own;
  const event = postService(state, chat, action, actor);
  return [...own, updateOf(event, chat, actor.account)];
}

/** Tells an account that a channel is now in its list. What was before counts as read. */
function joined(state: ServerState, channel: Channel, account: Account, actor: Actor): void {
  account.dialogs.of(chatPeer(channel)).readInboxMaxId = channel.box.lastId;
  listChanged(state, channel, account, actor);
}

/** Tells an account that the list of its channels has changed. Returns the update. */
function listChanged(
  state: ServerState,
  { id: channelId }: Channel,
  account: Account,
  actor: Actor,
): Api.Update {
  account.channelChanges.set(channelId, state.nowSeconds());
  const except = account === actor.account ? actor.caller : undefined;
  const update: Api.Update = { _: "updateChannel", channelId };
  deliver(state, account, [update], { except, isSequenced: true });
  return update;
}

/** Returns the update about the members of a chat, and delivers it to the members of a group. */
function membersChanged(state: ServerState, chat: Chat, actor: Actor): Api.Update[] {
  if (chat.kind === "channel") return [{ _: "updateChannel", channelId: chat.id }];
  chat.version++;
  const update = participantsUpdate(chat);
  for (const { account } of chat.members.values()) {
    const except = account === actor.account ? actor.caller : undefined;
    deliver(state, account, [update], { except });
  }
  return [update];
}

function participantsUpdate(group: Group): Api.Update {
  const participants = [...group.members.values()].map(groupMember);
  const { id: chatId, version } = group;
  return {
    _: "updateChatParticipants",
    participants: { _: "chatParticipants", chatId, participants, version },
  };
}

/** Tells bots of a change of a member. */
function announce(
  state: ServerState,
  chat: Chat,
  changed: Account,
  before: Member | undefined,
  after: Member | undefined,
  { account: { id: actorId } }: Actor,
): void {
  const accounts = new Set([changed, ...[...chat.members.values()].map(({ account }) => account)]);
  for (const bot of accounts) {
    if (!bot.isBot || (bot !== changed && !isAdmin(chat, bot))) continue;
    const common = { date: state.nowSeconds(), actorId, userId: changed.id };
    const update = bot.secondary.add(
      chat.kind === "chat"
        ? {
          _: "updateChatParticipant",
          chatId: chat.id,
          ...common,
          prevParticipant: before && groupMember(before),
          newParticipant: after && groupMember(after),
        }
        : {
          _: "updateChannelParticipant",
          channelId: chat.id,
          ...common,
          prevParticipant: before && channelMember(before, bot),
          newParticipant: after && channelMember(after, bot),
        },
    );
    deliver(state, bot, [update]);
  }
}

/** Sets the role of a member. */
export function setRole(
  state: ServerState,
  chat: Chat,
  member: Member,
  role: Member["role"],
  actor: Actor,
): void {
  const before = { ...member };
  member.role = role;
  announce(state, chat, member.account, before, member, actor);
}
