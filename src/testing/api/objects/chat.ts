/**
 * Groups and channels in the form of TL: https://core.telegram.org/type/Chat
 */
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import type { Channel, Chat, Group, Member } from "../state/chats.ts";
import { chatPhotoObject } from "./media.ts";

const NOBODY_BANNED: Api.chatBannedRights = { _: "chatBannedRights", untilDate: 0 };

const ALL_RIGHTS: Api.chatAdminRights = {
  _: "chatAdminRights",
  changeInfo: true,
  postMessages: true,
  editMessages: true,
  deleteMessages: true,
  banUsers: true,
  inviteUsers: true,
  pinMessages: true,
  addAdmins: true,
};

/** Returns a group or channel as an account sees it. */
export function chatObject(chat: Chat, viewer: Account): Api.Chat {
  return chat.kind === "chat" ? groupObject(chat, viewer) : channelObject(chat, viewer);
}

function groupObject(group: Group, viewer: Account): Api.Chat {
  const { id, title, date, version, members } = group;
  const role = members.get(viewer.id)?.role;
  if (role === undefined) return { _: "chatForbidden", id, title };
  return {
    _: "chat",
    creator: role === "creator" || undefined,
    id,
    title,
    photo: chatPhotoObject(group.photo),
    participantsCount: members.size,
    date,
    version,
    adminRights: role === "admin" ? ALL_RIGHTS : undefined,
    defaultBannedRights: NOBODY_BANNED,
  };
}

function channelObject(channel: Channel, viewer: Account): Api.Chat {
  const { id, accessHash, title, username, date, members, isMegagroup } = channel;
  const kind = { broadcast: !isMegagroup || undefined, megagroup: isMegagroup || undefined };
  const role = members.get(viewer.id)?.role;
  if (role === undefined && (username === undefined || channel.banned.has(viewer.id))) {
    return { _: "channelForbidden", ...kind, id, accessHash, title };
  }
  return {
    _: "channel",
    ...kind,
    creator: role === "creator" || undefined,
    left: role === undefined || undefined,
    id,
    accessHash,
    title,
    username,
    photo: chatPhotoObject(channel.photo),
    date,
    adminRights: role === "creator" || role === "admin" ? ALL_RIGHTS : undefined,
    defaultBannedRights: isMegagroup ? NOBODY_BANNED : undefined,
    participantsCount: members.size,
  };
}

/** Returns a member of a basic group. */
export function groupMember({ account: { id: userId }, ...member }: Member): Api.ChatParticipant {
  const { inviterId, date, role } = member;
  if (role === "creator") return { _: "chatParticipantCreator", userId };
  const name = role === "admin" ? "chatParticipantAdmin" : "chatParticipant";
  return { _: name, userId, inviterId, date };
}

/** Returns a member of a channel, as an account sees it. */
export function channelMember(
  { account: { id: userId }, inviterId, date, role }: Member,
  viewer: Account,
): Api.ChannelParticipant {
  const adminRights = ALL_RIGHTS;
  switch (role) {
    case "creator":
      return { _: "channelParticipantCreator", userId, adminRights };
    case "admin": {
      // The flags of `self` and `inviter_id` are one bit.
      const own = userId === viewer.id ? { self: true, inviterId } : {};
      const promotedBy = inviterId;
      return { _: "channelParticipantAdmin", ...own, userId, promotedBy, date, adminRights };
    }
    case "member":
      if (userId !== viewer.id) return { _: "channelParticipant", userId, date };
      return { _: "channelParticipantSelf", userId, inviterId, date };
  }
}
