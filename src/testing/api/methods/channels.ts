/**
 * Channels and supergroups: https://core.telegram.org/api/channel
 */
import type { Api } from "../../../tl/mod.ts";
import { packetOf } from "../actions/deliver.ts";
import { dialogOf, unreadIn } from "../actions/dialogs.ts";
import { addMembers, postService, removeMember, setRole } from "../actions/membership.ts";
import { updateOf } from "../actions/post_message.ts";
import { badRequest } from "../failure.ts";
import { channelMember, chatObject } from "../objects/chat.ts";
import { profilePhotoObject } from "../objects/media.ts";
import { peersIn } from "../objects/peers.ts";
import { type Channel, isAdmin, type Member } from "../state/chats.ts";
import { checkHome } from "./caller_checks.ts";
import { checkedTitle, invited, userIn } from "./groups.ts";
import { channelOf, userOfPeer } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

const MEMBERS_LIMIT = 200;

/** Channels and supergroups. */
export const channelMethods: Methods = {
  "channels.createChannel": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const title = checkedTitle(request.title);
      const isMegagroup = request.megagroup === true;
      const date = state.nowSeconds();
      const options = { title, about: request.about, creator: account, date, isMegagroup };
      const channel = state.chats.addChannel(options);
      const action: Api.MessageAction = { _: "messageActionChannelCreate", title };
      const event = postService(state, channel, action, { account, caller });
      return packetOf(state, account, [
        { _: "updateChannel", channelId: channel.id },
        updateOf(event, channel, account),
      ]);
    },
  },

  "channels.joinChannel": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      return joinResult(join(channelOf(request.channel, call), call));
    },
  },

  "channels.leaveChannel": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const channel = channelOf(request.channel, call);
      if (!channel.members.has(account.id)) throw badRequest("USER_NOT_PARTICIPANT");
      return packetOf(state, account, removeMember(state, channel, account, { account, caller }));
    },
  },

  "channels.inviteToChannel": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const channel = channelOf(request.channel, call);
      const mayInvite = channel.isMegagroup
        ? channel.members.has(account.id)
        : isAdmin(channel, account);
      if (!mayInvite) throw badRequest("CHAT_ADMIN_REQUIRED");
      const users = request.users.map((input) => userIn(input, call))
        .filter(({ id }) => !channel.members.has(id));
      const isBotInChannel = !channel.isMegagroup && users.some(({ isBot }) => isBot);
      // Channels have bots as administrators only: channels.editAdmin adds them.
      if (isBotInChannel) throw badRequest("USER_BOT");
      const updates = users.length === 0
        ? []
        : addMembers(state, channel, users, { account, caller });
      for (const { id } of users) channel.banned.delete(id);
      return invited(packetOf(state, account, updates));
    },
  },

  "channels.editAdmin": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const channel = channelOf(request.channel, call);
      if (!isAdmin(channel, account)) throw badRequest("CHAT_ADMIN_REQUIRED");
      const user = userIn(request.userId, call);
      const actor = { account, caller };
      const updates: Api.Update[] = [];
      if (!channel.members.has(user.id)) updates.push(...addMembers(state, channel, [user], actor));
      const member = channel.members.get(user.id) as Member;
      if (member.role === "creator") throw badRequest("USER_CREATOR");
      const { _, ...rights } = request.adminRights;
      const hasRights = Object.values(rights).some((right) => right === true);
      setRole(state, channel, member, hasRights ? "admin" : "member", actor);
      return packetOf(state, account, [...updates, { _: "updateChannel", channelId: channel.id }]);
    },
  },

  "channels.editBanned": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const channel = channelOf(request.channel, call);
      if (!isAdmin(channel, account)) throw badRequest("CHAT_ADMIN_REQUIRED");
      const user = userOfPeer(request.participant, call);
      const isBanned = request.bannedRights.viewMessages === true;
      if (!isBanned) channel.banned.delete(user.id);
      else channel.banned.add(user.id);
      const isMember = channel.members.has(user.id);
      const updates = isBanned && isMember
        ? removeMember(state, channel, user, { account, caller })
        : [];
      return packetOf(state, account, updates);
    },
  },

  "channels.getChannels": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const chats = request.id.map((input) => chatObject(channelOf(input, call), call.account));
      return { _: "messages.chats", chats };
    },
  },

  "channels.getFullChannel": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const channel = channelOf(request.channel, call);
      const { readInboxMaxId, readOutboxMaxId } = dialogOf(account, channel);
      const fullChat: Api.channelFull = {
        _: "channelFull",
        canViewParticipants: channel.isMegagroup || undefined,
        id: channel.id,
        about: channel.about,
        participantsCount: channel.members.size,
        readInboxMaxId,
        readOutboxMaxId,
        unreadCount: unreadIn(account, channel).length,
        chatPhoto: profilePhotoObject(channel.photo, state.files),
        notifySettings: { _: "peerNotifySettings" },
        botInfo: [],
        pts: channel.box.pts,
      };
      const named = { channelId: channel.id };
      return { _: "messages.chatFull", fullChat, ...peersIn(state, account, named) };
    },
  },

  "channels.getParticipants": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const channel = channelOf(request.channel, call);
      const members = filtered([...channel.members.values()], request.filter);
      const { offset, limit } = request;
      const page = members.slice(offset, offset + Math.min(Math.max(limit, 0), MEMBERS_LIMIT));
      const participants = page.map((member) => channelMember(member, account));
      const named = [participants, { channelId: channel.id }];
      const lists = peersIn(state, account, named);
      return { _: "channels.channelParticipants", count: members.length, participants, ...lists };
    },
  },

  "channels.getParticipant": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const channel = channelOf(request.channel, call);
      const member = channel.members.get(userOfPeer(request.participant, call).id);
      if (member === undefined) throw badRequest("USER_NOT_PARTICIPANT");
      const participant = channelMember(member, account);
      const lists = peersIn(state, account, participant);
      return { _: "channels.channelParticipant", participant, ...lists };
    },
  },
};

/** Lets the caller join a channel. Returns the answer. */
export function join(channel: Channel, call: SignedInCall): Api.Updates {
  const { state, account, caller } = call;
  if (channel.members.has(account.id)) throw badRequest("USER_ALREADY_PARTICIPANT");
  const updates = addMembers(state, channel, [account], { account, caller });
  return packetOf(state, account, updates);
}

/** Returns the answer to joining a chat. */
export function joinResult(updates: Api.Updates): Api.messages.ChatInviteJoinResult {
  return { _: "messages.chatInviteJoinResultOk", updates };
}

function filtered(
  members: readonly Member[],
  filter: Api.ChannelParticipantsFilter,
): readonly Member[] {
  switch (filter._) {
    case "channelParticipantsAdmins":
      return members.filter(({ role }) => role !== "member");
    case "channelParticipantsBots":
      return members.filter(({ account }) => account.isBot);
    case "channelParticipantsSearch": {
      const words = filter.q.toLowerCase();
      return members.filter(({ account: { firstName, lastName, username } }) =>
        `${firstName} ${lastName ?? ""} ${username ?? ""}`.toLowerCase().includes(words)
      );
    }
    case "channelParticipantsRecent":
      return members;
    default:
      return [];
  }
}
