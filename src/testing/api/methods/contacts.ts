// Finding somebody by username or phone number: https://core.telegram.org/method/contacts.resolveUsername
// and https://core.telegram.org/method/contacts.resolvePhone. Nobody has contacts here.

import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { badRequest } from "../failure.ts";
import type { Methods } from "./method.ts";
import { userObject } from "./users.ts";

/** Finding somebody by username or phone number, and the list of contacts. */
export const contactsMethods: Methods = {
  "contacts.getContacts": {
    who: "users",
    answer() {
      return { _: "contacts.contacts", contacts: [], savedCount: 0, users: [] };
    },
  },

  "contacts.resolveUsername": {
    who: "members",
    answer(request, { world, account: self }) {
      if (!/^[a-z][a-z0-9_]{3,31}$/i.test(request.username)) throw badRequest("USERNAME_INVALID");
      const account = world.directory.byUsername(request.username);
      if (account === undefined) throw badRequest("USERNAME_NOT_OCCUPIED");
      return resolvedPeer(account, self);
    },
  },

  "contacts.resolvePhone": {
    who: "users",
    answer(request, { world, account: self }) {
      const account = world.directory.byPhone(request.phone.replace(/\D/g, ""));
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
