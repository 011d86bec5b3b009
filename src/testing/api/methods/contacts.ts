/**
 * Finding a user or channel by its name, a user by phone number, and the list of contacts, which is
 * always empty.
 * https://core.telegram.org/method/contacts.resolveUsername
 * https://core.telegram.org/method/contacts.resolvePhone
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { peersIn } from "../objects/peers.ts";
import type { Account } from "../state/account.ts";
import type { ServerState } from "../state/server_state.ts";
import type { Methods } from "./method.ts";

/** Finding a user or channel by its name, a user by phone number, and the list of contacts. */
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

function resolvedPeer(
  id: { readonly userId: bigint } | { readonly channelId: bigint },
  state: ServerState,
  viewer: Account,
): Api.contacts.resolvedPeer {
  const peer: Api.Peer = "userId" in id ? { _: "peerUser", ...id } : { _: "peerChannel", ...id };
  return { _: "contacts.resolvedPeer", peer, ...peersIn(state, viewer, peer) };
}
