/**
 * Reading messages back: https://core.telegram.org/method/messages.getHistory
 *
 * By conversation, by text and by id. Bots read by id only.
 */
import type { Target } from "../state/chats.ts";
import type { Api } from "../../../tl/mod.ts";
import { channelHistory } from "../actions/post_message.ts";
import { badRequest } from "../failure.ts";
import { type MediaForm, mediaForm } from "../objects/media.ts";
import { messageObject } from "../objects/message.ts";
import { peersIn } from "../objects/peers.ts";
import { historyIn, type HistoryRange } from "../state/history.ts";
import type { MessageBox } from "../state/message_box.ts";
import type { Copy } from "../state/post.ts";
import { checkHome } from "./caller_checks.ts";
import { channelOf, targetOf } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** Reading messages back. */
export const historyMethods: Methods = {
  "messages.getHistory": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const target = targetOf(request.peer, call);
      return found(copiesIn(target, call), request, target, call);
    },
  },

  "messages.search": {
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const isEverywhere = request.peer._ === "inputPeerEmpty";
      if (isEverywhere) throw badRequest("PEER_ID_INVALID");
      const target = targetOf(request.peer, call);
      const from = request.fromId && targetOf(request.fromId, call);
      const words = request.q.toLowerCase();
      const { minDate, maxDate, filter } = request;
      const copies = copiesIn(target, call).filter((copy) =>
        copy.post.text.toLowerCase().includes(words) &&
        (from === undefined || copy.post.authorId === from.id) &&
        (minDate <= 0 || copy.post.date > minDate) && (maxDate <= 0 || copy.post.date < maxDate) &&
        matches(copy, filter)
      );
      return found(copies, { ...request, offsetDate: 0 }, target, call);
    },
  },

  "messages.getMessages": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { mailbox } = call.account;
      return byId(request.id, mailbox, undefined, call);
    },
  },

  "channels.getMessages": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const channel = channelOf(request.channel, call);
      return byId(request.id, channel.box, channel, call);
    },
  },
};

function copiesIn(target: Target, { account }: SignedInCall): readonly Copy[] {
  return target.kind === "channel" ? channelHistory(target) : account.mailbox.of(target);
}

/** The forms of media that pass the filters of media. */
const MEDIA_FILTERS: Readonly<Partial<Record<Api.MessagesFilter["_"], readonly MediaForm[]>>> = {
  inputMessagesFilterPhotos: ["photo"],
  inputMessagesFilterVideo: ["video"],
  inputMessagesFilterPhotoVideo: ["photo", "video"],
  inputMessagesFilterDocument: ["document"],
  inputMessagesFilterMusic: ["music"],
  inputMessagesFilterVoice: ["voice"],
  inputMessagesFilterRoundVideo: ["round"],
  inputMessagesFilterRoundVoice: ["round", "voice"],
  inputMessagesFilterGif: ["animation"],
};

/** Returns whether a message passes a filter. */
function matches({ post, pinned }: Copy, filter: Api.MessagesFilter): boolean {
  switch (filter._) {
    case "inputMessagesFilterEmpty":
      return true;
    case "inputMessagesFilterPinned":
      return pinned === true;
    case "inputMessagesFilterUrl":
      return (post.entities ?? []).some(({ _ }) => /Url$/.test(_));
    default:
      return post.media !== undefined &&
        (MEDIA_FILTERS[filter._] ?? []).includes(mediaForm(post.media.object()));
  }
}

function found(
  copies: readonly Copy[],
  range: HistoryRange,
  target: Target,
  { state, account }: SignedInCall,
): Api.messages.Messages {
  const part = historyIn(copies, range);
  const messages = part.map((copy) => messageObject(copy, account));
  const peer = { _: "peer", [`${target.kind}Id`]: target.id };
  const answer = { messages, topics: [], ...peersIn(state, account, [messages, peer]) };
  const count = copies.length;
  if (target.kind === "channel") {
    return { _: "messages.channelMessages", pts: target.box.pts, count, ...answer };
  }
  if (part.length === count) return { _: "messages.messages", ...answer };
  return { _: "messages.messagesSlice", count, ...answer };
}

function byId(
  inputs: readonly Api.InputMessage[],
  box: MessageBox,
  channel: Extract<Target, { kind: "channel" }> | undefined,
  { state, account }: SignedInCall,
): Api.messages.Messages {
  const ids = inputs.map((input) => messageId(input, box) ?? 0);
  const messages = ids.map((id): Api.Message => {
    const copy = box.get(id);
    return copy === undefined ? { _: "messageEmpty", id } : messageObject(copy, account);
  });
  const own = { userId: account.id, ...(channel && { channelId: channel.id }) };
  const answer = { messages, topics: [], ...peersIn(state, account, [messages, own]) };
  if (channel === undefined) return { _: "messages.messages", ...answer };
  const { pts } = channel.box;
  return { _: "messages.channelMessages", pts, count: messages.length, ...answer };
}

/** Returns the message id that a client means; undefined for kinds that are not supported. */
function messageId(input: Api.InputMessage, box: MessageBox): number | undefined {
  if (input._ === "inputMessageReplyTo") return box.get(input.id)?.replyToId;
  return input._ === "inputMessageID" ? input.id : undefined;
}
