/**
 * The chats of an account, the one with the newest message first:
 * https://core.telegram.org/method/messages.getDialogs, https://core.telegram.org/api/offsets
 */
import type { StepOptions } from "../../auth/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import { useGeneratedDecoders } from "../../tl/decoders/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { peerId } from "../extract_peers.ts";
import type { PeerContext } from "../input_peer.ts";
import { limitOf } from "./limit.ts";
import { Message, type RawMessage } from "./message.ts";
import { PacketPeers, type PeerInfo } from "./peer_info.ts";

/** Which chats. */
export interface DialogOptions extends StepOptions {
  /** The most chats; all by default. */
  readonly limit?: number;
  /** Whether the archived ones, and no others; those that are not archived by default. */
  readonly archived?: boolean;
}

/** A chat in the list of an account's chats. */
export interface Dialog {
  /** The user, group or channel. */
  readonly peer: PeerInfo;
  /** Its title, or first and last name. */
  readonly title: string;
  /** The number of messages that were not read. */
  readonly unreadCount: number;
  /** The number of those that mention the account. */
  readonly unreadMentionsCount: number;
  /** Whether it is pinned to the top. */
  readonly pinned: boolean;
  /** The newest message, if there is one. */
  readonly lastMessage?: Message;
  /** The dialog as Telegram sent it. */
  readonly raw: Api.dialog;
}

/** Telegram sends at most so many at once. */
const PAGE = 100;
/** The folder of archived chats: https://core.telegram.org/api/folders#peer-folders */
const ARCHIVE = 1;

/** Yields the chats of the account. */
export async function* dialogs(
  context: PeerContext,
  options: DialogOptions = {},
): AsyncGenerator<Dialog, void, undefined> {
  useGeneratedDecoders();
  checkFields("list the dialogs", options, ["limit", "archived", "signal"]);
  const { archived = false, signal } = options;
  const limit = limitOf("list the dialogs", options.limit);
  const seen = new Set<bigint>();
  let from: Pick<
    Api.Methods["messages.getDialogs"]["params"],
    "offsetDate" | "offsetId" | "offsetPeer" | "excludePinned"
  > = { offsetDate: 0, offsetId: 0, offsetPeer: { _: "inputPeerEmpty" } };
  while (seen.size < limit) {
    const answer = await context.invoke({
      _: "messages.getDialogs",
      ...from,
      folderId: archived ? ARCHIVE : 0,
      // The archive as a whole may stand before the pinned chats.
      limit: Math.min(PAGE, limit - seen.size + (archived || from.excludePinned ? 0 : 1)),
      hash: 0n,
    }, { signal });
    if (answer._ === "messages.dialogsNotModified") return;
    const page = pageOf(context, answer);
    const before = seen.size;
    for (const dialog of page) {
      if (seen.has(dialog.peer.id)) continue; // it has moved since the page before
      if (seen.size >= limit) return;
      seen.add(dialog.peer.id);
      yield dialog;
    }
    if (answer._ === "messages.dialogs" || answer.dialogs.length === 0) return;
    // The next page begins after the last chat that has a message. The pinned ones, which come
    // first whatever their dates, are left out.
    const last = page.findLast(({ lastMessage, pinned }) => lastMessage !== undefined && !pinned);
    const next = last?.lastMessage === undefined ? { ...from, excludePinned: true } : {
      offsetDate: last.lastMessage.date,
      offsetId: last.lastMessage.id,
      offsetPeer: last.peer.input,
      excludePinned: true,
    };
    if (seen.size === before && from.excludePinned) return; // nothing is new: it would not end
    from = next;
  }
}

function pageOf(
  context: PeerContext,
  { dialogs, messages, users, chats }: Api.messages.dialogs | Api.messages.dialogsSlice,
): readonly Dialog[] {
  const peers = new PacketPeers(users, chats);
  const newest = new Map<string, RawMessage>();
  for (const raw of messages) {
    if (raw._ !== "messageEmpty") newest.set(`${peerId(raw.peerId)} ${raw.id}`, raw);
  }
  return dialogs.flatMap((raw) => {
    if (raw._ !== "dialog") return []; // the archive as a whole
    const id = peerId(raw.peer);
    const peer = peers.info(id);
    const last = newest.get(`${id} ${raw.topMessage}`);
    return [{
      peer,
      title: peer.title,
      unreadCount: raw.unreadCount,
      unreadMentionsCount: raw.unreadMentionsCount,
      pinned: raw.pinned ?? false,
      ...(last !== undefined && { lastMessage: new Message(context, last, peers) }),
      raw,
    }];
  });
}
