/**
 * Users: https://core.telegram.org/constructor/user
 *
 * users.getUsers, users.getFullUser, account.updateStatus and account.getNotifySettings.
 */
import { badRequest } from "../failure.ts";
import { photoObject } from "../objects/media.ts";
import { userObject } from "../objects/user.ts";
import { findUser, inputUser } from "./input_peers.ts";
import type { Methods } from "./method.ts";

/** Reading users. */
export const usersMethods: Methods = {
  "users.getUsers": {
    callers: "users and bots",
    answer(request, call) {
      return request.id.map(inputUser).map((input) => {
        const account = findUser(input, call);
        if (account !== undefined) {
          call.account.met.add(account.id);
          return userObject(account, call.account);
        }
        return { _: "userEmpty", id: "userId" in input ? input.userId : 0n };
      });
    },
  },

  "users.getFullUser": {
    callers: "users and bots",
    answer(request, call) {
      const account = findUser(inputUser(request.id), call);
      if (account === undefined) throw badRequest("USER_ID_INVALID");
      const { photos: [photo] } = account;
      return {
        _: "users.userFull",
        fullUser: {
          _: "userFull",
          id: account.id,
          ...(photo && { profilePhoto: photoObject(photo, call.state.files) }),
          ...(account.isBot && { botInfo: { _: "botInfo", userId: account.id } }),
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
    callers: "users",
    answer() {
      return { _: "peerNotifySettings" }; // the defaults: setting them is not supported
    },
  },

  "account.updateStatus": {
    callers: "users",
    answer() {
      return true;
    },
  },
};
