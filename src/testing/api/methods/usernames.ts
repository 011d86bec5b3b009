/**
 * The usernames of people and channels. A name that its owner gives up is free for others at once.
 * https://core.telegram.org/method/account.updateUsername
 * https://core.telegram.org/method/channels.updateUsername
 */
import { deliver } from "../actions/deliver.ts";
import { badRequest } from "../failure.ts";
import { userObject } from "../objects/user.ts";
import type { Account } from "../state/account.ts";
import { type Channel, isAdmin } from "../state/chats.ts";
import type { ServerState } from "../state/server_state.ts";
import { checkHome } from "./caller_checks.ts";
import { channelOf } from "./input_peers.ts";
import type { Methods } from "./method.ts";

/** The usernames of people and channels. */
export const usernameMethods: Methods = {
  "account.checkUsername": {
    callers: "users",
    answer({ username }, { state }) {
      checkForm(username);
      return ownerOf(state, username) === undefined;
    },
  },

  "account.updateUsername": {
    callers: "users",
    answer({ username }, { state, account, caller }) {
      if (username === (account.username ?? "")) throw badRequest("USERNAME_NOT_MODIFIED");
      checkFree(state, username, account);
      state.directory.rename(account, username || undefined);
      const { id: userId, firstName, lastName = "" } = account;
      const usernames = username === ""
        ? []
        : [{ _: "username" as const, editable: true, active: true, username }];
      const update = { _: "updateUserName" as const, userId, firstName, lastName, usernames };
      deliver(state, account, [update], { except: caller });
      return userObject(account, account);
    },
  },

  "channels.updateUsername": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const channel = channelOf(request.channel, call);
      if (!isAdmin(channel, account)) throw badRequest("CHAT_ADMIN_REQUIRED");
      const { username } = request;
      checkFree(state, username, channel);
      channel.username = username || undefined;
      return true;
    },
  },
};

/** Refuses a username of a wrong form, and one of another peer. An empty one removes the name. */
function checkFree(state: ServerState, username: string, wanting: Account | Channel): void {
  if (username === "") return;
  checkForm(username);
  const owner = ownerOf(state, username);
  if (owner !== undefined && owner !== wanting) throw badRequest("USERNAME_OCCUPIED");
}

function checkForm(username: string): void {
  if (!/^[a-z][a-z0-9_]{3,31}$/i.test(username)) throw badRequest("USERNAME_INVALID");
}

function ownerOf(state: ServerState, username: string): Account | Channel | undefined {
  return state.directory.byUsername(username) ?? state.chats.byUsername(username);
}
