/**
 * Finding a user or channel by its name, a user by phone number, and the list of contacts, which is
 * always empty; blocking users.
 * https://core.telegram.org/method/contacts.resolveUsername
 * https://core.telegram.org/method/contacts.resolvePhone
 */
import type { Api } from "../../../tl/mod.ts";
import { deliver } from "../actions/deliver.ts";
import { badRequest } from "../failure.ts";
import { peersIn } from "../objects/peers.ts";
import type { Account } from "../state/account.ts";
import type { ServerState } from "../state/server_state.ts";
import { userOfPeer } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** Finding a user or channel by its name, a user by phone number, and the list of contacts. */
export const contactsMethods: Methods = {
  "contacts.getContacts": {
    callers: "users",
    answer() {
      return { _: "contacts.contacts", contacts: [], savedCount: 0, users: [] };
    },
  },

  "contacts.block": {
    callers: "users",
    answer(request, call) {
      return setBlocked(userOfPeer(request.id, call), true, call);
    },
  },

  "contacts.unblock": {
    callers: "users",
    answer(request, call) {
      return setBlocked(userOfPeer(request.id, call), false, call);
    },
  },

  "contacts.resolveUsername": {
    callers: "users and bots",
    answer(request, { state, account: self }) {
      if (!/^[a-z][a-z0-9_]{3,31}$/i.test(request.username)) throw badRequest("USERNAME_INVALID");
      const account = state.directory.byUsername(request.username);
      if (account !== undefined) return resolvedPeer({ userId: account.id }, state, self);
      const channel = state.chats.byUsername(request.username);
      if (channel === undefined) throw badRequest("USERNAME_NOT_OCCUPIED");
      return resolvedPeer({ channelId: channel.id }, state, self);
    },
  },

  "contacts.resolvePhone": {
    callers: "users",
    answer(request, { state, account: self }) {
      const account = state.directory.byPhone(request.phone);
      if (account === undefined) throw badRequest("PHONE_NOT_OCCUPIED");
      return resolvedPeer({ userId: account.id }, state, self);
    },
  },
};

/** Blocks a user, or not. A bot learns of it by `updateBotStopped`, with a qts. */
function setBlocked(user: Account, stopped: boolean, { state, account }: SignedInCall): boolean {
  if (user === account) throw badRequest("CONTACT_ID_INVALID");
  if (account.blocked.has(user.id) === stopped) return true;
  if (stopped) account.blocked.add(user.id);
  else account.blocked.delete(user.id);
  if (!user.isBot) return true;
  const date = state.nowSeconds();
  const event = { _: "updateBotStopped" as const, userId: account.id, date, stopped };
  deliver(state, user, [user.secondary.add(event)]);
  return true;
}

function resolvedPeer(
  id: { readonly userId: bigint } | { readonly channelId: bigint },
  state: ServerState,
  viewer: Account,
): Api.contacts.resolvedPeer {
  const peer: Api.Peer = "userId" in id ? { _: "peerUser", ...id } : { _: "peerChannel", ...id };
  return { _: "contacts.resolvedPeer", peer, ...peersIn(state, viewer, peer) };
}
