/**
 * Sending and reading private messages on the offline Telegram.
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { ACCOUNTS, difference, history, peerOf, SELF, texts } from "../conversations.ts";
import {
  ask,
  assertRefused,
  botSignIn,
  caller,
  fixture,
  PHONE,
  sendMessage,
  signIn,
  START,
} from "../fixture.ts";

Deno.test("messages.sendMessage to oneself returns what messages.getHistory reads", () => {
  const { api } = fixture();
  signIn(api);
  const sent = sendMessage(api, "Hello!", caller(), SELF);
  assertEquals([sent._, sent.date, sent.seq], ["updates", START, 0]);
  const [id, update] = sent.updates as TlObject[];
  assertEquals([id._, id.id], ["updateMessageID", 1]);
  assertEquals([update._, update.pts, update.ptsCount], ["updateNewMessage", 2, 1]);
  assertEquals(update.message, (history(api).messages as TlObject[])[0]);
  const answer = history(api);
  assertEquals(answer._, "messages.messages");
  const [message] = answer.messages as TlObject[];
  assertEquals([message.message, message.id, message.date, message.out], [
    "Hello!",
    1,
    START,
    undefined,
  ]);
  const [user] = answer.users as TlObject[];
  assertEquals(message.peerId, { _: "peerUser", userId: user.id });
  assertEquals(message.fromId, message.peerId);
});

Deno.test("messages.sendMessage accepts the own inputPeerUser with any access hash", () => {
  const { api } = fixture();
  const { id: userId } = signIn(api).user as TlObject;
  sendMessage(api, "Hello!", caller(), { _: "inputPeerUser", userId, accessHash: 0n });
  assertEquals(texts(history(api)), ["Hello!"]);
});

Deno.test("messages.sendMessage keeps formatting, mentions and the reply", () => {
  const { api } = fixture();
  const { id } = signIn(api).user as TlObject;
  sendMessage(api, "one");
  const bold = { _: "messageEntityBold", offset: 0, length: 2 };
  const userId = { _: "inputUserSelf" };
  const mention = { _: "inputMessageEntityMentionName", offset: 0, length: 2, userId };
  const entities = [bold, mention];
  const replyTo = { _: "inputReplyToMessage", replyToMsgId: 1 };
  const request = { _: "messages.sendMessage", peer: SELF, message: "two", randomId: 9n };
  ask(api, { ...request, entities, replyTo });
  const stored = [bold, { _: "messageEntityMentionName", offset: 0, length: 2, userId: id }];
  const [message] = history(api).messages as TlObject[];
  assertEquals(message.entities, stored);
  assertEquals(message.replyTo, { _: "messageReplyHeader", replyToMsgId: 1 });
});

Deno.test("messages.sendMessage up to layer 159 replies by replyToMsgId", () => {
  const { api } = fixture();
  signIn(api);
  sendMessage(api, "one");
  const request = { _: "messages.sendMessage", peer: SELF, message: "two", randomId: 9n };
  ask(api, { ...request, replyToMsgId: 1 }, caller({ layer: 144 }));
  const [message] = history(api).messages as TlObject[];
  assertEquals(message.replyTo, { _: "messageReplyHeader", replyToMsgId: 1 });
});

Deno.test("messages.sendMessage refuses empty and too long messages", () => {
  const { api } = fixture();
  signIn(api);
  assertRefused(() => sendMessage(api, ""), 400, "MESSAGE_EMPTY");
  assertRefused(() => sendMessage(api, " \n"), 400, "MESSAGE_EMPTY");
  assertRefused(() => sendMessage(api, "x".repeat(4097)), 400, "MESSAGE_TOO_LONG");
  assertRefused(() => sendMessage(api, "x", caller(), SELF, 0n), 400, "RANDOM_ID_EMPTY");
  sendMessage(api, "😀".repeat(4096), caller(), SELF, 1n);
  assertEquals(texts(history(api)).length, 1);
});

Deno.test("messages.sendMessage answers a repeated random_id with the first message", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  for (const peer of [SELF, peerOf(api, "charles_b")]) {
    const first = sendMessage(api, "once", caller(), peer, 7n);
    const again = sendMessage(api, "once", caller(), peer, 7n);
    const [idUpdate, newMessage] = again.updates as TlObject[];
    const { id } = newMessage.message as TlObject;
    assertEquals([idUpdate._, idUpdate.randomId, idUpdate.id], ["updateMessageID", 7n, id]);
    assertEquals([newMessage._, newMessage.ptsCount], ["updateNewMessage", 0]);
    if (peer !== SELF) assertEquals(first.id, id);
    assertEquals(texts(history(api, { peer })), ["once"]);
  }
});

Deno.test("messages.sendMessage refuses unknown peers and wrong access hashes", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  for (
    const peer of [
      { _: "inputPeerEmpty" },
      { _: "inputPeerChat", chatId: 1n },
      { _: "inputPeerUser", userId: 99n, accessHash: 0n },
      { _: "inputPeerUser", userId: 22n, accessHash: 0n },
    ]
  ) {
    assertRefused(() => sendMessage(api, "x", caller(), peer), 400, "PEER_ID_INVALID");
  }
});

Deno.test("messages.sendMessage refuses a mention of an unknown user", () => {
  const { api } = fixture();
  signIn(api);
  const userId = { _: "inputUserEmpty" };
  const entities = [{ _: "inputMessageEntityMentionName", offset: 0, length: 1, userId }];
  const request = { _: "messages.sendMessage", peer: SELF, message: "x", randomId: 1n, entities };
  assertRefused(() => ask(api, request), 400, "ENTITY_MENTION_USER_INVALID");
});

Deno.test("messages.sendMessage refuses bots that write to themselves or to strangers", () => {
  const { api } = fixture(ACCOUNTS);
  botSignIn(api);
  assertRefused(() => sendMessage(api, "x"), 400, "USER_IS_BOT");
  const stranger = peerOf(api, "charles_b");
  assertRefused(() => sendMessage(api, "x", caller(), stranger), 400, "PEER_ID_INVALID");
});

Deno.test("messages.sendMessage between two accounts reaches both, and a bot may answer", () => {
  const { api } = fixture(ACCOUNTS);
  const bot = caller({ authKeyId: "c3" });
  signIn(api);
  botSignIn(api, bot);
  sendMessage(api, "Hello, bot!", caller(), peerOf(api, "test_777_bot"));
  sendMessage(api, "Hello, Ada!", bot, { _: "inputPeerUser", userId: 11n, accessHash: 0n });
  const answer = history(api, { peer: peerOf(api, "test_777_bot") });
  assertEquals(texts(answer), ["Hello, Ada!", "Hello, bot!"]);
  const outs = (answer.messages as TlObject[]).map(({ out, fromId }) => [out, fromId]);
  assertEquals(outs, [[undefined, undefined], [true, undefined]]);
});

Deno.test("messages.* and updates.* name the account's data center on another one", () => {
  const { api } = fixture();
  signIn(api);
  const { id, bytes } = ask(api, { _: "auth.exportAuthorization", dcId: 1 });
  const away = caller({ dcId: 1 });
  ask(api, { _: "auth.importAuthorization", id, bytes }, away);
  assertRefused(() => sendMessage(api, "x", away), 303, "USER_MIGRATE_2");
  assertRefused(() => history(api, {}, away), 303, "USER_MIGRATE_2");
  assertRefused(() => ask(api, { _: "messages.getDialogs" }, away), 303, "USER_MIGRATE_2");
  assertRefused(() => ask(api, { _: "updates.getState" }, away), 303, "USER_MIGRATE_2");
  assertRefused(() => difference(api, 1, START, away), 303, "USER_MIGRATE_2");
});

Deno.test("messages.getHistory returns the requested range, newest first", () => {
  const state = fixture();
  const { api } = state;
  signIn(api);
  for (let i = 1; i <= 10; i++) {
    state.now = START + i;
    sendMessage(api, `m${i}`, caller(), SELF, BigInt(i));
  }
  const ids = (range: Partial<TlObject>) => texts(history(api, range));
  assertEquals(ids({ limit: 3 }), ["m10", "m9", "m8"]);
  assertEquals(ids({ limit: 2, offsetId: 5 }), ["m4", "m3"]);
  assertEquals(ids({ limit: 2, offsetId: 5, addOffset: 1 }), ["m3", "m2"]);
  assertEquals(ids({ limit: 3, offsetId: 5, addOffset: -2 }), ["m6", "m5", "m4"]);
  assertEquals(ids({ limit: 2, offsetDate: START + 4 }), ["m3", "m2"]);
  assertEquals(ids({ minId: 7 }), ["m10", "m9", "m8"]);
  assertEquals(ids({ maxId: 3 }), ["m2", "m1"]);
  assertEquals(ids({ offsetId: 1 }), []);
  const slice = history(api, { limit: 3 });
  assertEquals([slice._, slice.count], ["messages.messagesSlice", 10]);
});

Deno.test("messages.getHistory refuses an empty peer", () => {
  const { api } = fixture();
  signIn(api);
  assertRefused(() => history(api, { peer: { _: "inputPeerEmpty" } }), 400, "PEER_ID_INVALID");
});

Deno.test("messages.getMessages returns messages, and messageEmpty for unknown ids", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  sendMessage(api, "first");
  const reply = { message: "second", randomId: 9n, replyToMsgId: 1 };
  ask(api, { _: "messages.sendMessage", peer: SELF, ...reply });
  const id = [
    { _: "inputMessageID", id: 2 },
    { _: "inputMessageReplyTo", id: 2 },
    { _: "inputMessageReplyTo", id: 1 },
    { _: "inputMessageID", id: 7 },
    { _: "inputMessagePinned" },
  ];
  const answer = ask(api, { _: "messages.getMessages", id });
  assertEquals(texts(answer), ["second", "first", undefined, undefined, undefined]);
  assertEquals((answer.messages as TlObject[]).slice(2), [
    { _: "messageEmpty", id: 0 },
    { _: "messageEmpty", id: 7 },
    { _: "messageEmpty", id: 0 },
  ]);
  assertEquals((answer.users as TlObject[]).length, 1);
});
