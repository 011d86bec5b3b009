/**
 * Reading and typing: https://core.telegram.org/method/messages.readHistory
 */
import type { Api } from "../../../tl/mod.ts";
import { deliver } from "../actions/deliver.ts";
import { unreadIn } from "../actions/dialogs.ts";
import { record } from "../actions/change_message.ts";
import { type Channel, type Chat, chatPeer, type Target } from "../state/chats.ts";
import { userPeer } from "../state/peer_id.ts";
import type { Post } from "../state/post.ts";
import { checkHome } from "./caller_checks.ts";
import { channelOf, targetOf } from "./input_peers.ts";
import { checkMayWrite } from "./messages.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** Reading and typing. */
export const readingMethods: Methods = {
  "messages.readHistory": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const target = targetOf(request.peer, call);
      const { mailbox } = account;
      if (target.kind === "channel") {
        readChannel(target, request.maxId, call);
        return { _: "messages.affectedMessages", pts: mailbox.pts, ptsCount: 0 };
      }
      const unread = unreadIn(account, target);
      const read = unread.filter(({ id }) => request.maxId <= 0 || id <= request.maxId);
      const last = read.at(-1);
      if (last === undefined) {
        return { _: "messages.affectedMessages", pts: mailbox.pts, ptsCount: 0 };
      }
      account.dialogs.of(last.chat).readInboxMaxId = last.id;
      const date = state.nowSeconds();
      const change = {
        kind: "readInbox" as const,
        chat: last.chat,
        maxId: last.id,
        unread: unread.length - read.length,
      };
      const event = record(state, account, change, date, { author: account, caller });
      for (const author of new Set(read.map(({ post }) => post.authorId))) {
        const posts = read.map(({ post }) => post).filter(({ authorId }) => authorId === author);
        tellAuthor(author, posts.at(-1), target, call);
      }
      return { _: "messages.affectedMessages", pts: event.pts, ptsCount: event.ptsCount };
    },
  },

  "channels.readHistory": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      readChannel(channelOf(request.channel, call), request.maxId, call);
      return true;
    },
  },

  "messages.readMessageContents": {
    callers: "users",
    answer(_request, call) {
      checkHome(call);
      // Of media, which has contents to read, there is none.
      const { pts } = call.account.mailbox;
      return { _: "messages.affectedMessages", pts, ptsCount: 0 };
    },
  },

  "messages.setTyping": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const target = targetOf(request.peer, call);
      checkMayWrite(target, call);
      const { action } = request;
      const members = target.kind === "user"
        ? [target.account]
        : [...target.members.values()].map((member) => member.account);
      for (const viewer of members) {
        // Bots are not told who types.
        if (viewer === account || viewer.isBot) continue;
        deliver(state, viewer, [typing(target, account.id, action)]);
      }
      return true;
    },
  },
};

function typing(target: Target, userId: bigint, action: Api.SendMessageAction): Api.Update {
  const fromId: Api.Peer = { _: "peerUser", userId };
  switch (target.kind) {
    case "user":
      return { _: "updateUserTyping", userId, action };
    case "chat":
      return { _: "updateChatUserTyping", chatId: target.id, fromId, action };
    case "channel":
      return { _: "updateChannelUserTyping", channelId: target.id, fromId, action };
  }
}

/** Tells the author of messages that they are read up to a post. */
function tellAuthor(
  authorId: bigint,
  post: Post | undefined,
  target: Target,
  { state, account }: SignedInCall,
): void {
  const author = state.directory.byId(authorId);
  const copy = post && author?.mailbox.copyOf(post);
  if (author === undefined || copy === undefined || author === account) return;
  const chat = target.kind === "user" ? userPeer(account.id) : chatPeer(target as Chat);
  const dialog = author.dialogs.of(chat);
  if (dialog.readOutboxMaxId >= copy.id) return;
  dialog.readOutboxMaxId = copy.id;
  // Bots are not told what is read.
  if (author.isBot) return;
  const change = { kind: "readOutbox" as const, chat, maxId: copy.id };
  record(state, author, change, state.nowSeconds(), { author: account });
}

/** Marks a channel as read. Reading moves no pts of a channel. */
function readChannel(channel: Channel, requested: number, call: SignedInCall): void {
  const { state, account, caller } = call;
  const dialog = account.dialogs.of(chatPeer(channel));
  const unread = unreadIn(account, channel);
  const read = unread.filter(({ id }) => requested <= 0 || id <= requested);
  const maxId = read.at(-1)?.id;
  if (maxId === undefined) return;
  dialog.readInboxMaxId = maxId;
  deliver(state, account, [{
    _: "updateReadChannelInbox",
    channelId: channel.id,
    maxId,
    stillUnreadCount: unread.length - read.length,
    pts: channel.box.pts,
  }], { except: caller });
  if (!channel.isMegagroup) return;
  for (const authorId of new Set(read.map(({ post }) => post.authorId))) {
    const author = state.directory.byId(authorId);
    if (author === undefined || author.isBot) continue;
    const own = author.dialogs.of(chatPeer(channel));
    if (own.readOutboxMaxId >= maxId) continue;
    own.readOutboxMaxId = maxId;
    deliver(state, author, [{ _: "updateReadChannelOutbox", channelId: channel.id, maxId }]);
  }
}
