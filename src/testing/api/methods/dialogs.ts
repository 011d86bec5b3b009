// The list of conversations: https://core.telegram.org/api/dialogs
// messages.getDialogs in pages, getPeerDialogs for some of them. Nothing can be pinned or put into a folder here, and all
// counts as read as soon as it is there.

import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import type { StoredMessage } from "../state/mailbox.ts";
import { checkHome, messageObject, usersOf } from "./messages.ts";
import type { Methods, SignedInCall } from "./method.ts";
import { stateOf } from "./updates.ts";
import { findUser, userObject } from "./users.ts";

const DIALOGS_LIMIT = 100;
const MAIN_FOLDER = 0;
const ARCHIVE_FOLDER = 1;

/** Asking with whom there are conversations. */
export const dialogsMethods: Methods = {
  "messages.getDialogs": {
    who: "users",
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
        users: usersOf(tops, call),
      };
    },
  },

  "messages.getPeerDialogs": {
    who: "users",
    answer(request, call) {
      checkHome(call);
      const accounts = request.peers.map((input) => {
        const account = input._ === "inputDialogPeer" ? findUser(input.peer, call) : undefined;
        if (account === undefined) throw badRequest("PEER_ID_INVALID");
        return account;
      });
      const newest = newestMessages(call);
      const tops = accounts.map(({ id }) => newest.find(({ peerId }) => peerId === id));
      return {
        _: "messages.peerDialogs",
        // A conversation that has not begun is told as one without a newest message.
        dialogs: accounts.map(({ id }, index) => dialogObject(id, tops[index]?.id ?? 0)),
        messages: tops.filter((top) => top !== undefined).map(messageObject),
        chats: [],
        users: [...new Set([...accounts, call.account])].map((account) =>
          userObject(account, call.account)
        ),
        state: stateOf(call),
      };
    },
  },

  "messages.readHistory": {
    who: "users",
    answer(request, call) {
      checkHome(call);
      if (findUser(request.peer, call) === undefined) throw badRequest("PEER_ID_INVALID");
      return { _: "messages.affectedMessages", pts: call.account.mailbox.pts, ptsCount: 0 };
    },
  },

  "messages.getPinnedDialogs": {
    who: "users",
    answer(request, call) {
      checkHome(call);
      checkFolder(request.folderId);
      const none = { dialogs: [], messages: [], chats: [], users: [] };
      return { _: "messages.peerDialogs", ...none, state: stateOf(call) };
    },
  },
};

function checkFolder(folderId: number = MAIN_FOLDER): void {
  if (folderId !== MAIN_FOLDER && folderId !== ARCHIVE_FOLDER) {
    throw badRequest("FOLDER_ID_INVALID");
  }
}

/** The newest message of each conversation, the newest first. */
function newestMessages({ account: { mailbox } }: SignedInCall): readonly StoredMessage[] {
  return mailbox.peers().map((peerId) => mailbox.conversation(peerId)[0]);
}

/**
 * The part of a list of conversations, newest first, that a client asks for: https://core.telegram.org/api/offsets. A limit of 0 is
 * none.
 */
function dialogsIn(
  tops: readonly StoredMessage[],
  { offsetDate, offsetId, limit }: Api.Methods["messages.getDialogs"]["params"],
): readonly StoredMessage[] {
  return tops.filter(({ id, date }) =>
    (offsetId <= 0 || id < offsetId) && (offsetDate <= 0 || date <= offsetDate)
  ).slice(0, limit > 0 ? Math.min(limit, DIALOGS_LIMIT) : DIALOGS_LIMIT);
}

function dialogObject(peerId: bigint, topMessage: number): Api.dialog {
  return {
    _: "dialog",
    peer: { _: "peerUser", userId: peerId },
    topMessage,
    readInboxMaxId: topMessage,
    readOutboxMaxId: topMessage,
    unreadCount: 0,
    unreadMentionsCount: 0,
    unreadReactionsCount: 0,
    unreadPollVotesCount: 0,
    notifySettings: { _: "peerNotifySettings" },
  };
}
