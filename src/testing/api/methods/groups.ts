/**
 * Basic groups: https://core.telegram.org/api/channel#basic-groups
 */
import type { Api } from "../../../tl/mod.ts";
import { packetOf } from "../actions/deliver.ts";
import { addMembers, postService, removeMember } from "../actions/membership.ts";
import { updateOf } from "../actions/post_message.ts";
import { badRequest } from "../failure.ts";
import { chatObject, groupMember } from "../objects/chat.ts";
import { photoObject } from "../objects/media.ts";
import { peersIn } from "../objects/peers.ts";
import type { Account } from "../state/account.ts";
import { type Group, isAdmin } from "../state/chats.ts";
import { checkHome } from "./caller_checks.ts";
import { findUser, groupOf, inputUser } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

const TITLE_LENGTH = 128;

/** Basic groups. */
export const groupMethods: Methods = {
  "messages.createChat": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const users = request.users.map((input) => userIn(input, call));
      if (users.length === 0) throw badRequest("USERS_TOO_FEW");
      const title = checkedTitle(request.title);
      const date = state.nowSeconds();
      const group = state.chats.addGroup({ title, creator: account, date });
      const actor = { account, caller };
      const ids = [account, ...users].map(({ id }) => id);
      const action: Api.MessageAction = { _: "messageActionChatCreate", title, users: ids };
      const updates = addMembers(state, group, users, actor, action);
      return invited(packetOf(state, account, updates));
    },
  },

  "messages.addChatUser": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const group = memberGroup(request.chatId, call);
      const user = userIn(request.userId, call);
      if (group.members.has(user.id)) throw badRequest("USER_ALREADY_PARTICIPANT");
      return invited(
        packetOf(state, account, addMembers(state, group, [user], { account, caller })),
      );
    },
  },

  "messages.deleteChatUser": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const group = memberGroup(request.chatId, call);
      const user = userIn(request.userId, call);
      if (!group.members.has(user.id)) throw badRequest("USER_NOT_PARTICIPANT");
      if (user !== account && !isAdmin(group, account)) throw badRequest("CHAT_ADMIN_REQUIRED");
      return packetOf(state, account, removeMember(state, group, user, { account, caller }));
    },
  },

  "messages.editChatTitle": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const group = memberGroup(request.chatId, call);
      const title = checkedTitle(request.title);
      if (group.title === title) throw badRequest("CHAT_NOT_MODIFIED");
      group.title = title;
      group.version++;
      const action: Api.MessageAction = { _: "messageActionChatEditTitle", title };
      const event = postService(state, group, action, { account, caller });
      return packetOf(state, account, [updateOf(event, group, account)]);
    },
  },

  "messages.getChats": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const chats = request.id.map((id) => chatObject(groupOf(id, call), call.account));
      return { _: "messages.chats", chats };
    },
  },

  "messages.getFullChat": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const group = groupOf(request.chatId, call);
      const participants = [...group.members.values()].map(groupMember);
      const { id: chatId, about, version } = group;
      const fullChat: Api.chatFull = {
        _: "chatFull",
        id: chatId,
        about,
        ...(group.photo && { chatPhoto: photoObject(group.photo, state.files) }),
        participants: group.members.has(account.id)
          ? { _: "chatParticipants", chatId, participants, version }
          : { _: "chatParticipantsForbidden", chatId },
        notifySettings: { _: "peerNotifySettings" },
      };
      return {
        _: "messages.chatFull",
        fullChat,
        ...peersIn(state, account, [fullChat, { chatId }]),
      };
    },
  },
};

/** Returns a basic group of which the caller is a member. */
export function memberGroup(chatId: bigint, call: SignedInCall): Group {
  const group = call.state.chats.group(chatId);
  if (!group?.members.has(call.account.id)) throw badRequest("CHAT_ID_INVALID");
  return group;
}

/** Returns the account that an InputUser means; refuses unknown ones. */
export function userIn(input: Api.InputUser, call: SignedInCall): Account {
  const account = findUser(inputUser(input), call);
  if (account === undefined) throw badRequest("USER_ID_INVALID");
  return account;
}

/** Returns a title without spaces around it; refuses an empty one. */
export function checkedTitle(text: string): string {
  const title = text.trim();
  if (title === "") throw badRequest("CHAT_TITLE_EMPTY");
  return title.slice(0, TITLE_LENGTH);
}

/** Returns the answer to an invitation: everybody could be added. */
export function invited(updates: Api.Updates): Api.messages.invitedUsers {
  return { _: "messages.invitedUsers", updates, missingInvitees: [] };
}
