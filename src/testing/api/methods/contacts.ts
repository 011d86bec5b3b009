/**
 * Finding a user by username or phone number, and the list of contacts, which is always empty.
 * https://core.telegram.org/method/contacts.resolveUsername
 * https://core.telegram.org/method/contacts.resolvePhone
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { userObject } from "../objects/user.ts";
import type { Account } from "../state/account.ts";
import type { Methods } from "./method.ts";

/** Finding a user by username or phone number, and the list of contacts. */
export const contactsMethods: Methods = {
  "contacts.getContacts": {
    callers: "users",
    answer() {
      return { _: "contacts.contacts", contacts: [], savedCount: 0, users: [] };
    },
  },

  "contacts.resolveUsername": {
    callers: "users and bots",
    answer(request, { state, account: self }) {
      if (!/^[a-z][a-z0-9_]{3,31}$/i.test(request.username)) throw badRequest("USERNAME_INVALID");
      const account = state.directory.byUsername(request.username);
      if (account === undefined) throw badRequest("USERNAME_NOT_OCCUPIED");
      return resolvedPeer(account, self);
    },
  },

  "contacts.resolvePhone": {
    callers: "users",
    answer(request, { state, account: self }) {
      const account = state.directory.byPhone(request.phone);
      if (account === undefined) throw badRequest("PHONE_NOT_OCCUPIED");
      return resolvedPeer(account, self);
    },
  },
};

function resolvedPeer(account: Account, viewer: Account): Api.contacts.resolvedPeer {
  return {
    _: "contacts.resolvedPeer",
    peer: { _: "peerUser", userId: account.id },
    chats: [],
    users: [userObject(account, viewer)],
  };
}
