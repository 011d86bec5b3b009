/**
 * Private messages: https://core.telegram.org/method/messages.sendMessage
 *
 * Text to oneself (Saved Messages) and between accounts, read back by history or by id. The list of
 * conversations is in dialogs.ts. Groups, media and editing are not supported.
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { messageObject } from "../objects/message.ts";
import { newMessageUpdates } from "../objects/updates.ts";
import { usersOfMessages } from "../objects/user.ts";
import type { Account } from "../state/account.ts";
import type { Mailbox, StoredMessage } from "../state/mailbox.ts";
import { checkHome } from "./caller_checks.ts";
import { findUser, inputUser, userOfPeer } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** The most characters of a message. */
export const MESSAGE_LENGTH = 4096;

/** Sending and reading messages. */
export const messagesMethods: Methods = {
  "messages.sendMessage": {
    callers: "users and bots",
    answer(request, call) {
      const { state, account: self } = call;
      checkHome(call);
      const peer = userOfPeer(request.peer, call);
      if (!mayWrite(self, peer)) throw badRequest("PEER_ID_INVALID");
      if (peer.isBot && self.isBot) throw badRequest("USER_IS_BOT");
      if (request.message.trim() === "") throw badRequest("MESSAGE_EMPTY");
      if ([...request.message].length > MESSAGE_LENGTH) throw badRequest("MESSAGE_TOO_LONG");
      if (request.randomId === 0n) throw badRequest("RANDOM_ID_EMPTY");
      const { randomId } = request;
      // https://core.telegram.org/api/updates#handling-updates: the same random_id never makes a
      // second message. RANDOM_ID_DUPLICATE is for a first call that is still being carried out.
      const known = self.mailbox.sentAs(peer.id, randomId);
      if (known !== undefined) return sentBefore(known, randomId, call);

      const entities = request.entities?.map((entity) => sentEntity(entity, call));
      const content = {
        fromId: self.id,
        date: state.nowSeconds(),
        text: request.message,
        entities,
      };
      const message = { ...content, peerId: peer.id, out: true, replyToId: replyToId(request) };
      const sent = self.mailbox.send(message, randomId);
      push(call, self, sent);
      if (peer === self) {
        // Never the short form: mtcute and Pyrogram address themselves as `me`, and could not learn
        // their user id from it.
        return newMessageUpdates(sent, state.directory, self, { before: [idOf(sent, randomId)] });
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
    callers: "users",
    answer(request, call) {
      checkHome(call);
      const peer = userOfPeer(request.peer, call);
      const { mailbox } = call.account;
      const messages = mailbox.history(peer.id, request);
      const count = mailbox.conversation(peer.id).length;
      const found = { messages: messages.map(messageObject), topics: [], chats: [] };
      const users = usersOfMessages(messages, call.state.directory, call.account);
      if (messages.length === count) return { _: "messages.messages", ...found, users };
      return { _: "messages.messagesSlice", count, ...found, users };
    },
  },

  "messages.getMessages": {
    callers: "users and bots",
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
        users: usersOfMessages(
          found.filter((message) => message !== undefined),
          call.state.directory,
          call.account,
        ),
      };
    },
  },
};

/** Returns the answer to a message that was sent already: its id, and an update without pts. */
function sentBefore(sent: StoredMessage, randomId: bigint, call: SignedInCall): Api.Updates {
  const { state, account } = call;
  const before = [idOf(sent, randomId)];
  return newMessageUpdates(sent, state.directory, account, { before, ptsCount: 0 });
}

function idOf({ id }: StoredMessage, randomId: bigint): Api.Update {
  return { _: "updateMessageID", id, randomId };
}

/** Returns the message id that a client means; undefined for kinds that are not supported. */
function messageId(input: Api.InputMessage, mailbox: Mailbox): number | undefined {
  if (input._ === "inputMessageReplyTo") return mailbox.get(input.id)?.replyToId;
  return input._ === "inputMessageID" ? input.id : undefined;
}

/** Returns whether an account may write to a peer: bots only answer. */
function mayWrite(self: Account, peer: Account): boolean {
  return !self.isBot || peer.isBot || self.mailbox.conversation(peer.id).length > 0;
}

/** Pushes a new message to the auth keys of its owner. */
function push(call: SignedInCall, owner: Account, message: StoredMessage): void {
  const { state, caller, account } = call;
  const updates = newMessageUpdates(message, state.directory, owner);
  for (const authKeyId of state.authorizations.authKeyIds(owner)) {
    // The caller's own key learns of the message by the answer to its call.
    if (owner !== account || authKeyId !== caller.authKeyId) state.push(authKeyId, updates);
  }
}

function sentEntity(entity: Api.MessageEntity, call: SignedInCall): Api.MessageEntity {
  if (entity._ !== "inputMessageEntityMentionName") return entity;
  const account = findUser(inputUser(entity.userId), call);
  if (account === undefined) throw badRequest("ENTITY_MENTION_USER_INVALID");
  const { offset, length } = entity;
  return { _: "messageEntityMentionName", offset, length, userId: account.id };
}

/** Returns the id of the message that is replied to. Up to layer 159 the request has it itself. */
function replyToId(
  request: Api.Methods["messages.sendMessage"]["params"] & { readonly replyToMsgId?: number },
): number | undefined {
  if (request.replyTo?._ === "inputReplyToMessage") return request.replyTo.replyToMsgId;
  return request.replyToMsgId;
}
