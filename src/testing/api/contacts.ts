// Finding somebody by username: https://core.telegram.org/method/contacts.resolveUsername

import { badRequest } from "./failure.ts";
import type { Methods } from "./method.ts";
import { userObject } from "./users.ts";

/** Finding somebody by username. */
export const contactsMethods: Methods = {
  "contacts.resolveUsername": {
    who: "members",
    answer(request, { world, account: self }) {
      if (!/^[a-z][a-z0-9_]{3,31}$/i.test(request.username)) throw badRequest("USERNAME_INVALID");
      const account = world.directory.byUsername(request.username);
      if (account === undefined) throw badRequest("USERNAME_NOT_OCCUPIED");
      return {
        _: "contacts.resolvedPeer",
        peer: { _: "peerUser", userId: account.id },
        chats: [],
        users: [userObject(account, self)],
      };
    },
  },
};
