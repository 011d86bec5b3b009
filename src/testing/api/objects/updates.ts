/**
 * Updates and their state in the form of TL: https://core.telegram.org/api/updates
 */
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import type { Directory } from "../state/directory.ts";
import type { StoredMessage } from "../state/mailbox.ts";
import { messageObject } from "./message.ts";
import { usersOfMessages } from "./user.ts";

/** The seq of every account: no update here increases it. */
export const SEQ = 1;

/** Returns the state of the updates of an account. */
export function updatesState({ mailbox: { pts } }: Account, nowSeconds: number): Api.updates.state {
  return { _: "updates.state", pts, qts: 0, date: nowSeconds, seq: SEQ, unreadCount: 0 };
}

/**
 * Returns the update of a new message, preceded by the updates that belong to it. A `ptsCount` of 0
 * tells of a message that the client may know already.
 */
export function newMessageUpdates(
  message: StoredMessage,
  directory: Directory,
  owner: Account,
  { before = [], ptsCount = 1 }: { before?: readonly Api.Update[]; ptsCount?: number } = {},
): Api.Updates {
  return {
    _: "updates",
    updates: [...before, {
      _: "updateNewMessage",
      message: messageObject(message),
      pts: message.pts,
      ptsCount,
    }],
    users: usersOfMessages([message], directory, owner),
    chats: [],
    date: message.date,
    seq: 0,
  };
}
