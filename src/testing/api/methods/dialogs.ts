/**
 * The list of conversations: https://core.telegram.org/api/dialogs
 *
 * messages.getDialogs in pages, getPeerDialogs for some conversations, and pinning. The archive is
 * empty.
 */
import type { Target } from "../state/chats.ts";
import type { Api } from "../../../tl/mod.ts";
import { dialogOf } from "../actions/dialogs.ts";
import { channelHistory } from "../actions/post_message.ts";
import { badRequest } from "../failure.ts";
import { messageObject } from "../objects/message.ts";
import { peersIn } from "../objects/peers.ts";
import type { PeerId } from "../state/peer_id.ts";
import type { Copy } from "../state/post.ts";
import { checkHome } from "./caller_checks.ts";
import { targetOf } from "./input_peers.ts";
import type { Methods, Params, SignedInCall } from "./method.ts";
import { updatesState } from "./updates.ts";

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
      const all = request.folderId === ARCHIVE_FOLDER
        ? []
        : newest(call).filter(({ chat }) => !(request.excludePinned && isPinned(chat, call)));
      const tops = dialogsIn(all, request, call);
      const isAll = tops.length === all.length;
      return {
        ...(isAll ? { _: "messages.dialogs" } : { _: "messages.dialogsSlice", count: all.length }),
        ...listed(tops.map(({ chat }) => chat), call),
      };
    },
  },

  "messages.getPeerDialogs": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const peers = request.peers.map((input) => {
        if (input._ !== "inputDialogPeer") throw badRequest("PEER_ID_INVALID");
        return targetOf(input.peer, call);
      });
      return { _: "messages.peerDialogs", ...listed(peers, call), state: updatesState(call) };
    },
  },

  "messages.getPinnedDialogs": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      checkFolder(request.folderId);
      const pinned = request.folderId === ARCHIVE_FOLDER
        ? []
        : newest(call).map(({ chat }) => chat).filter((chat) => isPinned(chat, call));
      return { _: "messages.peerDialogs", ...listed(pinned, call), state: updatesState(call) };
    },
  },

  "messages.toggleDialogPin": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      if (request.peer._ !== "inputDialogPeer") throw badRequest("PEER_ID_INVALID");
      const target = targetOf(request.peer.peer, call);
      call.account.dialogs.of(target).pinned = request.pinned || undefined;
      return true;
    },
  },
};

function isPinned(chat: PeerId, { account }: SignedInCall): boolean {
  return account.dialogs.of(chat).pinned === true;
}

type Listed = Pick<Api.messages.dialogs, "dialogs" | "messages" | "chats" | "users">;

/** Returns conversations with their newest messages. */
function listed(peers: readonly PeerId[], { state, account }: SignedInCall): Listed {
  const targets = peers.map((peer): Target | undefined => {
    const user = peer.kind === "user" ? state.directory.byId(peer.id) : undefined;
    return user === undefined
      ? state.chats.get(peer)
      : { kind: "user", id: user.id, account: user };
  }).filter((one) => one !== undefined);
  const dialogs = targets.map((target) => dialogOf(account, target));
  const messages = targets.flatMap((target, index) => {
    const box = target.kind === "channel" ? target.box : account.mailbox;
    const top = box.get(dialogs[index].topMessage);
    return top === undefined ? [] : [messageObject(top, account)];
  });
  const named = [dialogs, messages, { userId: account.id }];
  return { dialogs, messages, ...peersIn(state, account, named) };
}

/** Returns the newest message of each conversation, the newest first. */
function newest({ state, account }: SignedInCall): readonly Copy[] {
  const ofChannels = state.chats.channelsOf(account).map((one) => channelHistory(one).at(-1));
  const all = [...account.mailbox.tops(), ...ofChannels].filter((top) => top !== undefined);
  const isOwn = (copy: Copy): boolean => copy.chat.kind !== "channel";
  return all.sort((one, other) =>
    other.post.date - one.post.date ||
    (isOwn(one) === isOwn(other) ? other.id - one.id : Number(isOwn(other)) - Number(isOwn(one)))
  );
}

function checkFolder(folderId: number = MAIN_FOLDER): void {
  if (folderId !== MAIN_FOLDER && folderId !== ARCHIVE_FOLDER) {
    throw badRequest("FOLDER_ID_INVALID");
  }
}

/**
 * Returns the requested part of a list of conversations, newest first. A limit of 0 asks for all.
 * https://core.telegram.org/api/offsets
 */
function dialogsIn(
  tops: readonly Copy[],
  { offsetDate, offsetId, offsetPeer, limit }: Params<"messages.getDialogs">,
  { account }: SignedInCall,
): readonly Copy[] {
  const size = limit > 0 ? Math.min(limit, DIALOGS_LIMIT) : DIALOGS_LIMIT;
  const peer = peerIn(offsetPeer, account.id);
  const index = tops.findIndex(({ chat }) => chat.kind === peer?.kind && chat.id === peer.id);
  // The conversation may have moved up meanwhile: then its date and id say where the page begins.
  if (index >= 0 && tops[index].id === offsetId) return tops.slice(index + 1, index + 1 + size);
  return tops.filter(({ id, chat, post: { date } }) =>
    (offsetDate <= 0 || date <= offsetDate) &&
    (offsetId <= 0 || chat.kind === "channel" || id < offsetId)
  ).slice(0, size);
}

function peerIn(input: Api.InputPeer | undefined, selfId: bigint): PeerId | undefined {
  if (input === undefined) return undefined;
  if (input._ === "inputPeerSelf") return { kind: "user", id: selfId };
  if ("channelId" in input) return { kind: "channel", id: input.channelId };
  if ("userId" in input) return { kind: "user", id: input.userId };
  return "chatId" in input ? { kind: "chat", id: input.chatId } : undefined;
}
