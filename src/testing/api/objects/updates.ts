/**
 * Updates and their state in the form of TL: https://core.telegram.org/api/updates
 */
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import type { Channel } from "../state/chats.ts";
import type { BoxEvent } from "../state/message_box.ts";
import { messageObject, peerObject } from "./message.ts";

/** Returns the update of an event in an account's own box. */
export function commonUpdate(event: BoxEvent, viewer: Account): Api.Update {
  const { pts, ptsCount } = event;
  switch (event.kind) {
    case "new":
      return { _: "updateNewMessage", message: messageObject(event.copy, viewer), pts, ptsCount };
    case "edit":
      return { _: "updateEditMessage", message: messageObject(event.copy, viewer), pts, ptsCount };
    case "delete":
      return { _: "updateDeleteMessages", messages: [...event.ids], pts, ptsCount };
    case "readInbox":
      return {
        _: "updateReadHistoryInbox",
        peer: peerObject(event.chat),
        maxId: event.maxId,
        stillUnreadCount: event.unread,
        pts,
        ptsCount,
      };
    case "readOutbox":
      return {
        _: "updateReadHistoryOutbox",
        peer: peerObject(event.chat),
        maxId: event.maxId,
        pts,
        ptsCount,
      };
    case "pin":
      return {
        _: "updatePinnedMessages",
        pinned: event.pinned || undefined,
        peer: peerObject(event.chat),
        messages: [...event.ids],
        pts,
        ptsCount,
      };
  }
}

/** Returns the update of an event in a channel's box. Reading is no event of such a box. */
export function channelUpdate(
  event: BoxEvent,
  { id: channelId }: Channel,
  viewer: Account,
): Api.Update {
  const { pts, ptsCount } = event;
  switch (event.kind) {
    case "new": {
      const message = messageObject(event.copy, viewer);
      return { _: "updateNewChannelMessage", message, pts, ptsCount };
    }
    case "edit": {
      const message = messageObject(event.copy, viewer);
      return { _: "updateEditChannelMessage", message, pts, ptsCount };
    }
    case "delete":
      return {
        _: "updateDeleteChannelMessages",
        channelId,
        messages: [...event.ids],
        pts,
        ptsCount,
      };
    case "pin":
      return {
        _: "updatePinnedChannelMessages",
        pinned: event.pinned || undefined,
        channelId,
        messages: [...event.ids],
        pts,
        ptsCount,
      };
    default:
      throw new TypeError(`Cannot make an update of "${event.kind}": it is no event of a channel`);
  }
}
