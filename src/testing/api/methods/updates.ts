/**
 * The state of an account's updates, and what it missed: https://core.telegram.org/api/updates
 *
 * updates.getState and updates.getDifference for private messages, the only series that exists.
 */
import { badRequest } from "../failure.ts";
import { messageObject } from "../objects/message.ts";
import { SEQ, updatesState } from "../objects/updates.ts";
import { usersOfMessages } from "../objects/user.ts";
import { checkHome } from "./caller_checks.ts";
import type { Methods } from "./method.ts";

/** The state of an account's updates, and what it missed. */
export const updatesMethods: Methods = {
  "updates.getState": {
    callers: "users and bots",
    answer(_request, call) {
      checkHome(call);
      return updatesState(call.account, call.state.nowSeconds());
    },
  },

  "updates.getDifference": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const { mailbox } = account;
      const now = state.nowSeconds();
      if (request.pts === 0) throw badRequest("PERSISTENT_TIMESTAMP_EMPTY");
      if (request.pts < 0 || request.pts > mailbox.pts) {
        throw badRequest("PERSISTENT_TIMESTAMP_INVALID");
      }
      if (request.date === 0) throw badRequest("DATE_EMPTY");
      const missed = mailbox.since(request.pts);
      if (missed.length === 0) {
        return { _: "updates.differenceEmpty", date: now, seq: SEQ };
      }
      return {
        _: "updates.difference",
        newMessages: missed.map(messageObject),
        newEncryptedMessages: [],
        otherUpdates: [],
        chats: [],
        users: usersOfMessages(missed, state.directory, account),
        state: updatesState(account, now),
      };
    },
  },
};
