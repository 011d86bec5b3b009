// Where an account stands, and what it missed: https://core.telegram.org/api/updates
// updates.getState and getDifference, of the one series of private messages.

import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { checkHome, messageObject, usersOf } from "./messages.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** No update here carries a seq. */
const SEQ = 1;

/** Where an account stands, and what it missed. */
export const updatesMethods: Methods = {
  "updates.getState": {
    who: "members",
    answer(_request, call) {
      checkHome(call);
      return stateOf(call);
    },
  },

  "updates.getDifference": {
    who: "members",
    answer(request, call) {
      checkHome(call);
      const { mailbox } = call.account;
      if (request.pts === 0) throw badRequest("PERSISTENT_TIMESTAMP_EMPTY");
      if (request.pts < 0 || request.pts > mailbox.pts) {
        throw badRequest("PERSISTENT_TIMESTAMP_INVALID");
      }
      if (request.date === 0) throw badRequest("DATE_EMPTY");
      const missed = mailbox.since(request.pts);
      if (missed.length === 0) {
        return { _: "updates.differenceEmpty", date: call.world.now(), seq: SEQ };
      }
      return {
        _: "updates.difference",
        newMessages: missed.map(messageObject),
        newEncryptedMessages: [],
        otherUpdates: [],
        chats: [],
        users: usersOf(missed, call),
        state: stateOf(call),
      };
    },
  },
};

/** Where an account stands. */
export function stateOf({ world, account }: SignedInCall): Api.updates.state {
  return {
    _: "updates.state",
    pts: account.mailbox.pts,
    qts: 0,
    date: world.now(),
    seq: SEQ,
    unreadCount: 0,
  };
}
