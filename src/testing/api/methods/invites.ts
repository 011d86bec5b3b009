/**
 * Invite links: https://core.telegram.org/api/invites
 *
 * Each group and channel has one link. It does not expire.
 */
import type { Api } from "../../../tl/mod.ts";
import { packetOf } from "../actions/deliver.ts";
import { addMembers } from "../actions/membership.ts";
import { badRequest } from "../failure.ts";
import { chatObject } from "../objects/chat.ts";
import { type Chat, isAdmin } from "../state/chats.ts";
import { checkHome } from "./caller_checks.ts";
import { joinResult } from "./channels.ts";
import { targetOf } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** Invite links. */
export const inviteMethods: Methods = {
  "messages.exportChatInvite": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const chat = targetOf(request.peer, call);
      if (chat.kind === "user") throw badRequest("PEER_ID_INVALID");
      if (!isAdmin(chat, call.account)) throw badRequest("CHAT_ADMIN_REQUIRED");
      return {
        _: "chatInviteExported",
        permanent: true,
        link: `https://t.me/+${chat.inviteHash}`,
        adminId: call.account.id,
        date: chat.date,
      };
    },
  },

  "messages.checkChatInvite": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { account } = call;
      const chat = invitedTo(request.hash, call);
      if (chat.members.has(account.id)) {
        return { _: "chatInviteAlready", chat: chatObject(chat, account) };
      }
      const isChannel = chat.kind === "channel";
      return {
        _: "chatInvite",
        channel: isChannel || undefined,
        broadcast: (isChannel && !chat.isMegagroup) || undefined,
        public: (isChannel && chat.username !== undefined) || undefined,
        megagroup: (isChannel && chat.isMegagroup) || undefined,
        title: chat.title,
        about: chat.about === "" ? undefined : chat.about,
        photo: { _: "photoEmpty", id: 0n },
        participantsCount: chat.members.size,
        color: 0,
      };
    },
  },

  "messages.importChatInvite": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const chat = invitedTo(request.hash, call);
      if (chat.members.has(account.id)) throw badRequest("USER_ALREADY_PARTICIPANT");
      const inviterId = [...chat.members.values()].find(({ role }) => role === "creator")
        ?.account.id ?? account.id;
      const action: Api.MessageAction = { _: "messageActionChatJoinedByLink", inviterId };
      const updates = addMembers(state, chat, [account], { account, caller }, action);
      return joinResult(packetOf(state, account, updates));
    },
  },
};

function invitedTo(hash: string, { state, account }: SignedInCall): Chat {
  if (hash === "") throw badRequest("INVITE_HASH_EMPTY");
  const chat = state.chats.byInvite(hash);
  if (chat === undefined) throw badRequest("INVITE_HASH_INVALID");
  const isBanned = chat.kind === "channel" && chat.banned.has(account.id);
  if (isBanned) throw badRequest("INVITE_HASH_EXPIRED");
  return chat;
}
