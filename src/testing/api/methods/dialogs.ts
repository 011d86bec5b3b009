/**
 * The list of conversations: https://core.telegram.org/api/dialogs
 *
 * messages.getDialogs in pages, and getPeerDialogs for some conversations. Pinning and folders are
 * not supported, and every message counts as read from the start.
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { dialogObject, messageObject } from "../objects/message.ts";
import { updatesState } from "../objects/updates.ts";
import { userObject, usersOfMessages } from "../objects/user.ts";
import type { StoredMessage } from "../state/mailbox.ts";
import { checkHome } from "./caller_checks.ts";
import { userOfPeer } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

const DIALOGS_LIMIT = 100;
const MAIN_FOLDER = 0;
const ARCHIVE_FOLDER = 1;

/** The list of conversations. */
export const dialogsMethods: Methods = {
  "messages.getDialogs": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      checkFolder(request.folderId);
      const all = request.folderId === ARCHIVE_FOLDER ? [] : newestMessages(call);
      const tops = dialogsIn(all, request);
      const isAll = tops.length === all.length;
      return {
        ...(isAll ? { _: "messages.dialogs" } : { _: "messages.dialogsSlice", count: all.length }),
        dialogs: tops.map(({ peerId, id }) => dialogObject(peerId, id)),
        messages: tops.map(messageObject),
        chats: [],
        users: usersOfMessages(tops, call.state.directory, call.account),
      };
    },
  },

  "messages.getPeerDialogs": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const accounts = request.peers.map((input) => {
        if (input._ !== "inputDialogPeer") throw badRequest("PEER_ID_INVALID");
        return userOfPeer(input.peer, call);
      });
      const newest = newestMessages(call);
      const tops = accounts.map(({ id }) => newest.find(({ peerId }) => peerId === id));
      return {
        _: "messages.peerDialogs",
        // A conversation without messages has 0 in place of its newest message.
        dialogs: accounts.map(({ id }, index) => dialogObject(id, tops[index]?.id ?? 0)),
        messages: tops.filter((top) => top !== undefined).map(messageObject),
        chats: [],
        users: [...new Set([...accounts, call.account])].map((account) =>
          userObject(account, call.account)
        ),
        state: updatesState(call.account, call.state.nowSeconds()),
      };
    },
  },

  "messages.readHistory": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      userOfPeer(request.peer, call);
      return { _: "messages.affectedMessages", pts: call.account.mailbox.pts, ptsCount: 0 };
    },
  },

  "messages.getPinnedDialogs": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      checkFolder(request.folderId);
      const none = { dialogs: [], messages: [], chats: [], users: [] };
      const state = updatesState(call.account, call.state.nowSeconds());
      return { _: "messages.peerDialogs", ...none, state };
    },
  },
};

function checkFolder(folderId: number = MAIN_FOLDER): void {
  if (folderId !== MAIN_FOLDER && folderId !== ARCHIVE_FOLDER) {
    throw badRequest("FOLDER_ID_INVALID");
  }
}

/** Returns the newest message of each conversation, the newest first. */
function newestMessages({ account: { mailbox } }: SignedInCall): readonly StoredMessage[] {
  return mailbox.peers().map((peerId) => mailbox.conversation(peerId)[0]);
}

/**
 * Returns the requested part of a list of conversations, newest first. A limit of 0 asks for all.
 * https://core.telegram.org/api/offsets
 */
function dialogsIn(
  tops: readonly StoredMessage[],
  { offsetDate, offsetId, limit }: Api.Methods["messages.getDialogs"]["params"],
): readonly StoredMessage[] {
  return tops.filter(({ id, date }) =>
    (offsetId <= 0 || id < offsetId) && (offsetDate <= 0 || date <= offsetDate)
  ).slice(0, limit > 0 ? Math.min(limit, DIALOGS_LIMIT) : DIALOGS_LIMIT);
}
