/**
 * Changing messages: editing, deleting, reacting, pinning.
 * https://core.telegram.org/method/messages.editMessage
 */
import type { Api } from "../../../tl/mod.ts";
import { deleteCopies, record, recordEdit } from "../actions/change_message.ts";
import { deliver, packetOf } from "../actions/deliver.ts";
import { conversation } from "../actions/dialogs.ts";
import { deliverToMembers, updateOf } from "../actions/post_message.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import { peerObject, reactionsObject } from "../objects/message.ts";
import { chatPeer, isAdmin, type Target } from "../state/chats.ts";
import type { BoxEvent } from "../state/message_box.ts";
import type { Copy, Post } from "../state/post.ts";
import { isKnownReaction } from "../state/reactions.ts";
import { checkHome } from "./caller_checks.ts";
import { channelOf, targetOf } from "./input_peers.ts";
import { caption, mediaOf, sent } from "./media.ts";
import {
  checkedMarkup,
  checkedText,
  checkMayWrite,
  type Content,
  copyIn,
  sentEntities,
} from "./messages.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** Changing messages. */
export const messageChangeMethods: Methods = {
  "messages.editMessage": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const target = targetOf(request.peer, call);
      const copy = knownCopy(target, request.id, call);
      const { post } = copy;
      const isOwn = post.authorId === account.id;
      const isEditor = post.isChannelPost && target.kind === "channel" && isAdmin(target, account);
      if (!isOwn && !isEditor) throw new RpcFailure(403, "MESSAGE_AUTHOR_REQUIRED");
      if (post.action !== undefined || post.origin !== undefined) {
        throw badRequest("MESSAGE_ID_INVALID");
      }
      const media = editedMedia(post, request.media, call);
      const check = media === undefined ? checkedText : caption;
      const text = request.message === undefined ? post.text : check(request.message, call);
      const entities = request.message === undefined
        ? post.entities
        : sentEntities(text, request.entities, call);
      const markup = checkedMarkup(request.replyMarkup, call);
      const after = { text, entities, markup, media };
      if (isSame(contentOf(after), contentOf(post))) throw badRequest("MESSAGE_NOT_MODIFIED");
      Object.assign(post, { ...after, editDate: state.nowSeconds() });
      const event = recordEdit(state, target, post, { author: account, caller });
      const updates = event === undefined ? [] : [updateOf(event, target, account)];
      return packetOf(state, account, updates);
    },
  },

  "messages.deleteMessages": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const copies = request.id.map((id) => account.mailbox.get(id))
        .filter((copy) => copy !== undefined);
      // In a basic group, only the author and administrators delete for all.
      const [forAll, forSelf] = [true, false].map((revoke) =>
        copies.filter((copy) => (request.revoke === true && mayRevoke(copy, call)) === revoke)
          .map(({ post }) => post)
      );
      const changer = { author: account, caller };
      const events = [
        deleteCopies(state, forAll, true, changer),
        deleteCopies(state, forSelf, false, changer),
      ];
      return affected(events, account.mailbox.pts);
    },
  },

  "channels.deleteMessages": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const channel = channelOf(request.channel, call);
      const mayDelete = isAdmin(channel, account) || request.id.every((id) => {
        const post = channel.box.get(id)?.post;
        return post === undefined || post.authorId === account.id;
      });
      if (!mayDelete) throw new RpcFailure(403, "MESSAGE_DELETE_FORBIDDEN");
      const event = channel.box.delete(request.id, state.nowSeconds());
      if (event !== undefined) {
        deliverToMembers(state, channel, event, { author: account, caller });
      }
      return affected([event], channel.box.pts);
    },
  },

  "messages.deleteHistory": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const target = targetOf(request.peer, call);
      if (target.kind === "channel") throw badRequest("PEER_ID_INVALID");
      const posts = conversation(account, target)
        .filter(({ id }) => request.maxId <= 0 || id <= request.maxId)
        .map(({ post }) => post);
      const revoke = request.revoke === true && target.kind === "user";
      const event = deleteCopies(state, posts, revoke, { author: account, caller });
      const { pts, ptsCount } = affected([event], account.mailbox.pts);
      return { _: "messages.affectedHistory", pts, ptsCount, offset: 0 };
    },
  },

  "messages.sendReaction": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const target = targetOf(request.peer, call);
      const { post } = knownCopy(target, request.msgId, call);
      const { reactions } = post;
      if (reactions === undefined) throw badRequest("MESSAGE_ID_INVALID");
      const before = reactions.get(account.id) ?? [];
      const after = reactionsIn(request.reaction).filter(({ _ }) => _ !== "reactionEmpty");
      if (!after.every(isKnownReaction)) throw badRequest("REACTION_INVALID");
      if (isSame(before, after)) throw badRequest("MESSAGE_NOT_MODIFIED");
      if (after.length === 0) reactions.delete(account.id);
      else reactions.set(account.id, after);
      return packetOf(state, account, tellOfReaction(call, target, post, before, after));
    },
  },

  "messages.updatePinnedMessage": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account, caller } = call;
      const target = targetOf(request.peer, call);
      checkMayWrite(target, call);
      const { post } = knownCopy(target, request.id, call);
      const pinned = request.unpin !== true;
      const date = state.nowSeconds();
      const changer = { author: account, caller };
      const ids = [request.id];
      if (target.kind === "channel") {
        if (!isAdmin(target, account)) throw badRequest("CHAT_ADMIN_REQUIRED");
        setPinned(target.box.copyOf(post), pinned);
        const chat = chatPeer(target);
        const event = target.box.record({ kind: "pin", chat, ids, pinned }, date);
        deliverToMembers(state, target, event, changer);
        return packetOf(state, account, [updateOf(event, target, account)]);
      }
      const updates: Api.Update[] = [];
      for (const owner of request.pmOneside ? [account] : state.directory.all()) {
        const copy = owner.mailbox.copyOf(post);
        if (copy === undefined) continue;
        setPinned(copy, pinned);
        const change = { kind: "pin" as const, chat: copy.chat, ids: [copy.id], pinned };
        const event = record(state, owner, change, date, changer);
        if (owner === account) updates.push(updateOf(event, target, account));
      }
      return packetOf(state, account, updates);
    },
  },
};

/** Returns the media of a message after an edit. An album keeps its kind of media. */
function editedMedia(
  post: Post,
  media: Api.InputMedia | undefined,
  call: SignedInCall,
): Post["media"] {
  if (media === undefined) return post.media;
  const edited = sent(mediaOf(media, call), call);
  const isOther = post.groupedId !== undefined && edited.kind !== post.media?.kind;
  if (isOther) throw badRequest("MEDIA_GROUPED_INVALID");
  return edited;
}

/** Returns what an edit can change, in a form that can be compared. */
function contentOf({ text, entities, markup, media }: Post | Content): readonly unknown[] {
  return [text, entities, markup, media?.id, media?.spoiler];
}

/** Returns the reactions of a request. Up to layer 144 it is an emoji itself. */
function reactionsIn(reaction: readonly Api.Reaction[] | string = []): readonly Api.Reaction[] {
  if (typeof reaction !== "string") return reaction;
  return [{ _: "reactionEmoji", emoticon: reaction }];
}

function setPinned(copy: Copy | undefined, pinned: boolean): void {
  if (copy !== undefined) copy.pinned = pinned;
}

/** Returns a message that the caller sees; refuses others. */
export function knownCopy(target: Target, id: number, call: SignedInCall): Copy {
  const copy = copyIn(target, id, call);
  if (copy === undefined) throw badRequest("MESSAGE_ID_INVALID");
  return copy;
}

function mayRevoke({ chat, post }: Copy, { state, account }: SignedInCall): boolean {
  if (chat.kind === "user" || post.authorId === account.id) return true;
  const group = state.chats.get(chat);
  return group !== undefined && isAdmin(group, account);
}

function affected(
  events: readonly (BoxEvent | undefined)[],
  pts: number,
): Api.messages.affectedMessages {
  const ptsCount = events.reduce((sum, event) => sum + (event?.ptsCount ?? 0), 0);
  return { _: "messages.affectedMessages", pts, ptsCount };
}

/**
 * Tells the others of a changed reaction. People are told by `updateMessageReactions`, without pts;
 * a bot by `updateBotMessageReaction`, with a qts, if it is an administrator or in a private chat.
 */
function tellOfReaction(
  { state, account, caller }: SignedInCall,
  target: Target,
  post: Copy["post"],
  oldReactions: readonly Api.Reaction[],
  newReactions: readonly Api.Reaction[],
): Api.Update[] {
  const members = target.kind === "user"
    ? [account, target.account]
    : [...target.members.values()].map((member) => member.account);
  const own: Api.Update[] = [];
  for (const viewer of new Set(members)) {
    const copy = (target.kind === "channel" ? target.box : viewer.mailbox).copyOf(post);
    if (copy === undefined) continue;
    const peer = peerObject(copy.chat);
    const msgId = copy.id;
    if (viewer.isBot && viewer !== account) {
      if (target.kind !== "user" && !isAdmin(target, viewer)) continue;
      const update = viewer.secondary.add({
        _: "updateBotMessageReaction",
        peer,
        msgId,
        date: state.nowSeconds(),
        actor: { _: "peerUser", userId: account.id },
        oldReactions: [...oldReactions],
        newReactions: [...newReactions],
      });
      deliver(state, viewer, [update]);
      continue;
    }
    const reactions = reactionsObject(post, viewer) ?? { _: "messageReactions", results: [] };
    const update: Api.Update = { _: "updateMessageReactions", peer, msgId, reactions };
    if (viewer === account) own.push(update);
    deliver(state, viewer, [update], { except: viewer === account ? caller : undefined });
  }
  return own;
}

function isSame(one: unknown, other: unknown): boolean {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, part) => typeof part === "bigint" ? `${part}n` : part);
  return text(one) === text(other);
}
