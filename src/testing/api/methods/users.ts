// Users as others see them: https://core.telegram.org/constructor/user
// users.getUsers, users.getFullUser, account.updateStatus and getNotifySettings, and what an InputUser or InputPeer means.

import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { badRequest } from "../failure.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** Asking who somebody is. */
export const usersMethods: Methods = {
  "users.getUsers": {
    who: "members",
    answer(request, call) {
      return request.id.map(inputUser).map((input) => {
        const account = findUser(input, call);
        if (account !== undefined) return userObject(account, call.account);
        return { _: "userEmpty", id: "userId" in input ? input.userId : 0n };
      });
    },
  },

  "users.getFullUser": {
    who: "members",
    answer(request, call) {
      const account = findUser(inputUser(request.id), call);
      if (account === undefined) throw badRequest("USER_ID_INVALID");
      return {
        _: "users.userFull",
        fullUser: {
          _: "userFull",
          id: account.id,
          settings: { _: "peerSettings" },
          notifySettings: { _: "peerNotifySettings" },
          commonChatsCount: 0,
        },
        chats: [],
        users: [userObject(account, call.account)],
      };
    },
  },

  "account.getNotifySettings": {
    who: "users",
    answer() {
      return { _: "peerNotifySettings" }; // nobody has set anything
    },
  },

  "account.updateStatus": {
    who: "users",
    answer() {
      return true;
    },
  },
};

/** An account as another, or it itself, sees it. Only it itself sees its phone. */
export function userObject(account: Account, viewer: Account): Api.user {
  const self = account === viewer || undefined;
  return {
    _: "user",
    self,
    contact: account.isBot ? undefined : self,
    mutualContact: account.isBot ? undefined : self,
    bot: account.isBot || undefined,
    botInfoVersion: account.isBot ? 1 : undefined,
    id: account.id,
    accessHash: account.accessHash,
    firstName: account.firstName,
    lastName: account.lastName,
    username: account.username,
    phone: self && account.phone,
    status: account.isBot ? undefined : { _: "userStatusRecently" },
  };
}

/** Telegram takes an InputPeer for an InputUser. The schema of requests reads any object there: all others are refused here. */
export function inputUser(value: unknown): Api.InputUser | Api.InputPeer {
  const input = value as Api.InputUser | Api.InputPeer | null;
  if (/^input(User|Peer)/.test(input?._ ?? "")) return input as Api.InputUser | Api.InputPeer;
  throw badRequest("INPUT_FETCH_ERROR");
}

/** Whom an InputUser or InputPeer means; undefined if nobody, or if the access hash is not theirs. */
export function findUser(
  input: Api.InputUser | Api.InputPeer,
  { world, account: self }: SignedInCall,
): Account | undefined {
  switch (input._) {
    case "inputUserSelf":
    case "inputPeerSelf":
      return self;
    case "inputUser":
    case "inputPeerUser": {
      const account = world.directory.byId(input.userId);
      // A bot may leave the hash out of whom it has met; everybody else has to have got it from somewhere.
      const known = account === self || account?.accessHash === input.accessHash ||
        (self.isBot && input.accessHash === 0n);
      return known ? account : undefined;
    }
    default:
      return undefined;
  }
}
