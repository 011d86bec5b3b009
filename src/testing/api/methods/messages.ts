// Private messages: https://core.telegram.org/method/messages.sendMessage
// Text to oneself (Saved Messages) and between accounts, read back as a history; as dialogs: dialogs.ts. No groups, media or
// editing.

import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { badRequest, migrate, RpcFailure } from "../failure.ts";
import type { Mailbox, StoredMessage } from "../state/mailbox.ts";
import type { Methods, SignedInCall } from "./method.ts";
import { findUser, inputUser, userObject } from "./users.ts";

/** How many characters a message may have. */
export const MESSAGE_LENGTH = 4096;

/** Sending and reading messages. */
export const messagesMethods: Methods = {
  "messages.sendMessage": {
    who: "members",
    answer(request, call) {
      const { world, account: self } = call;
      checkHome(call);
      const peer = findUser(request.peer, call);
      if (peer === undefined || !mayWrite(self, peer)) throw badRequest("PEER_ID_INVALID");
      if (peer.isBot && self.isBot) throw badRequest("USER_IS_BOT");
      if (request.message.trim() === "") throw badRequest("MESSAGE_EMPTY");
      if ([...request.message].length > MESSAGE_LENGTH) throw badRequest("MESSAGE_TOO_LONG");
      if (request.randomId === 0n) throw badRequest("RANDOM_ID_EMPTY");
      if (!self.mailbox.claimRandomId(request.randomId)) {
        throw new RpcFailure(500, "RANDOM_ID_DUPLICATE");
      }

      const entities = request.entities?.map((entity) => sentEntity(entity, call));
      const content = { fromId: self.id, date: world.now(), text: request.message, entities };
      const sent = self.mailbox.add({
        ...content,
        peerId: peer.id,
        out: true,
        replyToId: replyToId(request),
      });
      push(call, self, sent);
      if (peer === self) {
        // Never the short form: clients that call themselves `me` (mtcute, Pyrogram) could not tell from it who that is.
        const sentId: Api.Update = {
          _: "updateMessageID",
          id: sent.id,
          randomId: request.randomId,
        };
        return newMessage(sent, call, [sentId]);
      }
      push(call, peer, peer.mailbox.add({ ...content, peerId: self.id, out: false }));
      return {
        _: "updateShortSentMessage",
        out: true,
        id: sent.id,
        pts: sent.pts,
        ptsCount: 1,
        date: sent.date,
        entities,
      };
    },
  },

  "messages.getHistory": {
    who: "users",
    answer(request, call) {
      checkHome(call);
      const peer = findUser(request.peer, call);
      if (peer === undefined) throw badRequest("PEER_ID_INVALID");
      const { mailbox } = call.account;
      const messages = mailbox.history(peer.id, request);
      const count = mailbox.conversation(peer.id).length;
      const found = { messages: messages.map(messageObject), topics: [], chats: [] };
      const users = usersOf(messages, call);
      if (messages.length === count) return { _: "messages.messages", ...found, users };
      return { _: "messages.messagesSlice", count, ...found, users };
    },
  },

  "messages.getMessages": {
    who: "members",
    answer(request, call) {
      checkHome(call);
      const { mailbox } = call.account;
      const ids = request.id.map((input) => messageId(input, mailbox) ?? 0);
      const found = ids.map((id) => mailbox.get(id));
      return {
        _: "messages.messages",
        messages: found.map((message, index) =>
          message === undefined ? { _: "messageEmpty", id: ids[index] } : messageObject(message)
        ),
        topics: [],
        chats: [],
        users: usersOf(found.filter((message) => message !== undefined), call),
      };
    },
  },
};

/** The id that a client means; undefined for what there is none of here: pinned messages and buttons' callbacks. */
function messageId(input: Api.InputMessage, mailbox: Mailbox): number | undefined {
  if (input._ === "inputMessageReplyTo") return mailbox.get(input.id)?.replyToId;
  return input._ === "inputMessageID" ? input.id : undefined;
}

/** A message as its owner gets it. */
export function messageObject(message: StoredMessage): Api.message {
  const { id, out, peerId, fromId, date, text, entities, replyToId } = message;
  const saved = out && peerId === fromId;
  return {
    _: "message",
    // In private chats the sender follows from `out`; messages to oneself name it, and come in: TDLib insists.
    out: (out && !saved) || undefined,
    id,
    fromId: saved ? { _: "peerUser", userId: fromId } : undefined,
    peerId: { _: "peerUser", userId: peerId },
    savedPeerId: saved ? { _: "peerUser", userId: peerId } : undefined,
    replyTo: replyToId === undefined
      ? undefined
      : { _: "messageReplyHeader", replyToMsgId: replyToId },
    date,
    message: text,
    entities: entities && [...entities],
  };
}

/** Everybody that these messages name. */
export function usersOf(messages: readonly StoredMessage[], call: SignedInCall): Api.user[] {
  const ids = new Set(messages.flatMap(({ peerId, fromId }) => [peerId, fromId]));
  const accounts = [...ids].map((id) => call.world.directory.byId(id));
  return accounts.filter((one) => one !== undefined).map((one) => userObject(one, call.account));
}

/** Refuses a call that has to go to the account's own data center. */
export function checkHome({ caller, account }: SignedInCall): void {
  if (caller.dcId !== account.dcId) throw migrate("USER", account.dcId);
}

/** A bot writes only to those who have written to it. */
function mayWrite(self: Account, peer: Account): boolean {
  return !self.isBot || peer.isBot || self.mailbox.conversation(peer.id).length > 0;
}

/** Tells an account's other auth keys of a new message. */
function push(call: SignedInCall, owner: Account, message: StoredMessage): void {
  const { world, caller, account } = call;
  const updates = newMessage(message, { ...call, account: owner });
  for (const authKeyId of world.authorizations.authKeyIds(owner)) {
    // The caller's own key has the answer to its call.
    if (owner !== account || authKeyId !== caller.authKeyId) world.push(authKeyId, updates);
  }
}

/** The update of a new message, after those that belong to it. */
function newMessage(
  message: StoredMessage,
  call: SignedInCall,
  before: readonly Api.Update[] = [],
): Api.Updates {
  return {
    _: "updates",
    updates: [...before, {
      _: "updateNewMessage",
      message: messageObject(message),
      pts: message.pts,
      ptsCount: 1,
    }],
    users: usersOf([message], call),
    chats: [],
    date: message.date,
    seq: 0,
  };
}

function sentEntity(entity: Api.MessageEntity, call: SignedInCall): Api.MessageEntity {
  if (entity._ !== "inputMessageEntityMentionName") return entity;
  const account = findUser(inputUser(entity.userId), call);
  if (account === undefined) throw badRequest("ENTITY_MENTION_USER_INVALID");
  const { offset, length } = entity;
  return { _: "messageEntityMentionName", offset, length, userId: account.id };
}

/** The message that is replied to: up to layer 159 a field of the request itself. */
function replyToId(
  request: Api.Methods["messages.sendMessage"]["params"] & { readonly replyToMsgId?: number },
): number | undefined {
  if (request.replyTo?._ === "inputReplyToMessage") return request.replyTo.replyToMsgId;
  return request.replyToMsgId;
}
