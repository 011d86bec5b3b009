/**
 * Sending messages: https://core.telegram.org/method/messages.sendMessage
 *
 * Text to users, groups and channels. history.ts reads messages back, message_changes.ts edits and
 * deletes them. media.ts sends media.
 */
import type { Api } from "../../../tl/mod.ts";
import { packetOf } from "../actions/deliver.ts";
import { postMessage, updateOf } from "../actions/post_message.ts";
import { badRequest, RpcFailure } from "../failure.ts";
import { messageObject } from "../objects/message.ts";
import { chatPeer, isAdmin, type Target } from "../state/chats.ts";
import type { BoxEvent } from "../state/message_box.ts";
import { type PeerId, peerKey } from "../state/peer_id.ts";
import type { Copy, Post } from "../state/post.ts";
import { entitiesOf } from "../state/server_entities.ts";
import { checkHome } from "./caller_checks.ts";
import { findUser, inputUser, targetOf } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";
import { schedule } from "./scheduled.ts";

/** The most characters of a message. */
export const MESSAGE_LENGTH = 4096;

/** Sending messages. */
export const messagesMethods: Methods = {
  "messages.sendMessage": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const target = targetOf(request.peer, call);
      checkMayWrite(target, call);
      const text = checkedText(request.message);
      const { randomId, silent, scheduleDate } = request;
      if (randomId === 0n) throw badRequest("RANDOM_ID_EMPTY");
      const known = sentBefore(target, randomId, call);
      if (known !== undefined) return packetOf(call.state, call.account, known);
      const content: Content = {
        text,
        entities: sentEntities(text, request.entities, call),
        markup: checkedMarkup(request.replyMarkup, call),
        replyTo: replyTo(request, target, call),
        silent: silent || undefined,
      };
      if (scheduleDate !== undefined && scheduleDate > call.state.nowSeconds()) {
        return schedule(call, target, [[newPost(call, target, content, scheduleDate), randomId]]);
      }
      return send(call, target, randomId, content);
    },
  },
};

/** The part of a message that its author chooses. */
export type Content = Omit<Post, "authorId" | "isChannelPost" | "date" | "editDate">;

/** Writes a message, and returns the answer to its author. */
export function send(
  call: SignedInCall,
  target: Target,
  randomId: bigint,
  content: Content,
): Api.Updates {
  const { state, account } = call;
  const event = post(call, target, randomId, content);
  const { copy: { id, post: { date, entities, text, markup, origin, viaBotId } }, pts, ptsCount } =
    event;
  // Never the short form to oneself: mtcute and Pyrogram address themselves as `me`, and could not
  // learn their user id from it.
  const isShort = target.kind === "user" && target.account !== account && text !== "" &&
    markup === undefined && origin === undefined && viaBotId === undefined;
  if (!isShort) return packetOf(state, account, sentUpdates(call, target, event, randomId));
  return {
    _: "updateShortSentMessage",
    out: true,
    id,
    pts,
    ptsCount,
    date,
    entities: entities && [...entities],
  };
}

/** Returns a message of the caller. */
export function newPost(
  { state, account }: SignedInCall,
  target: Target,
  content: Content,
  date: number = state.nowSeconds(),
): Post {
  const isChannelPost = (target.kind === "channel" && !target.isMegagroup) || undefined;
  return { authorId: account.id, isChannelPost, date, reactions: new Map(), ...content };
}

/** Writes a message, and remembers its random id. */
export function post(
  call: SignedInCall,
  target: Target,
  randomId: bigint,
  content: Content,
): BoxEvent<"new"> {
  const { state, account, caller } = call;
  const message = newPost(call, target, content);
  const event = postMessage(state, target, message, { author: account, caller, randomId });
  account.sent.set(sentKey(target, randomId), event.copy);
  return event;
}

/** Returns the updates that tell an author of the new message. */
export function sentUpdates(
  { account }: SignedInCall,
  target: Target,
  event: BoxEvent<"new">,
  randomId: bigint,
): Api.Update[] {
  const { copy: { id }, pts } = event;
  const updates: Api.Update[] = [{ _: "updateMessageID", id, randomId }];
  if (target.kind === "channel") {
    updates.push({
      _: "updateReadChannelInbox",
      channelId: target.id,
      maxId: id,
      stillUnreadCount: 0,
      pts,
    });
  }
  return [...updates, updateOf(event, target, account)];
}

/**
 * Returns the updates of a message that was sent already: its id, and one that moves no pts.
 * The same random_id never makes a second message, and RANDOM_ID_DUPLICATE is for a first call that
 * is still being carried out: https://core.telegram.org/api/updates#handling-updates
 */
export function sentBefore(
  target: Target,
  randomId: bigint,
  { account }: SignedInCall,
): Api.Update[] | undefined {
  const copy = account.sent.get(sentKey(target, randomId));
  if (copy === undefined) return undefined;
  const message = messageObject(copy, account);
  const { pts } = target.kind === "channel" ? target.box : account.mailbox;
  const name = target.kind === "channel" ? "updateNewChannelMessage" : "updateNewMessage";
  return [
    { _: "updateMessageID", id: copy.id, randomId },
    { _: name, message, pts, ptsCount: 0 },
  ];
}

function sentKey(target: PeerId, randomId: bigint): string {
  return `${peerKey(target)} ${randomId}`;
}

/** Refuses to write where the account may not. */
export function checkMayWrite(target: Target, { account: self }: SignedInCall): void {
  if (target.kind !== "user") {
    if (!target.members.has(self.id)) throw new RpcFailure(403, "CHAT_WRITE_FORBIDDEN");
    const isBroadcast = target.kind === "channel" && !target.isMegagroup;
    if (isBroadcast && !isAdmin(target, self)) throw badRequest("CHAT_ADMIN_REQUIRED");
    return;
  }
  const { account: peer } = target;
  if (peer.isBot && self.isBot) throw badRequest("USER_IS_BOT");
  if (peer.blocked.has(self.id)) throw badRequest("USER_IS_BLOCKED");
  if (self.blocked.has(peer.id)) throw badRequest("YOU_BLOCKED_USER");
  // A bot writes to those who have written to it, also when their messages are deleted.
  if (self.isBot && !self.writers.has(peer.id)) throw badRequest("PEER_ID_INVALID");
}

/** Returns a text; refuses empty and too long ones. */
export function checkedText(text: string): string {
  if (text.trim() === "") throw badRequest("MESSAGE_EMPTY");
  if ([...text].length > MESSAGE_LENGTH) throw badRequest("MESSAGE_TOO_LONG");
  return text;
}

/** Returns the buttons of a message. Those of people are left out. */
export function checkedMarkup(
  markup: Api.ReplyMarkup | undefined,
  { account }: SignedInCall,
): Api.ReplyMarkup | undefined {
  return account.isBot ? markup : undefined;
}

/** Returns the entities of a text: those of its author, and those that the server finds. */
export function sentEntities(
  text: string,
  entities: readonly Api.MessageEntity[] | undefined,
  call: SignedInCall,
): readonly Api.MessageEntity[] | undefined {
  return entitiesOf(text, entities?.map((entity) => sentEntity(entity, call)));
}

function sentEntity(entity: Api.MessageEntity, call: SignedInCall): Api.MessageEntity {
  if (entity._ !== "inputMessageEntityMentionName") return entity;
  const account = findUser(inputUser(entity.userId), call);
  if (account === undefined) throw badRequest("ENTITY_MENTION_USER_INVALID");
  const { offset, length } = entity;
  return { _: "messageEntityMentionName", offset, length, userId: account.id };
}

/** The parameters of a request that can reply. Up to layer 159 the request has the id itself. */
interface Replying {
  readonly replyTo?: Api.InputReplyTo;
  readonly replyToMsgId?: number;
}

/** Returns the message that is replied to; refuses one that does not exist. */
export function replyTo(
  request: Replying,
  target: Target,
  call: SignedInCall,
): Post | undefined {
  const id = request.replyTo?._ === "inputReplyToMessage"
    ? request.replyTo.replyToMsgId
    : request.replyToMsgId;
  if (id === undefined || id === 0) return undefined;
  const copy = copyIn(target, id, call);
  if (copy === undefined) throw badRequest("REPLY_MESSAGE_ID_INVALID");
  return copy.post;
}

/** Returns a message of a conversation; undefined if the account does not see it. */
export function copyIn(target: Target, id: number, { account }: SignedInCall): Copy | undefined {
  if (target.kind === "channel") return target.box.get(id);
  const copy = account.mailbox.get(id);
  const peer = target.kind === "chat" ? chatPeer(target) : target;
  return copy !== undefined && peerKey(copy.chat) === peerKey(peer) ? copy : undefined;
}
