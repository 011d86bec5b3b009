// Messages, users and updates on the offline Telegram.

import type { OfflineApi } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { assert, assertEquals, assertNotEquals } from "../../helpers/assert.ts";
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
} from "./fixture.ts";

const SELF = { _: "inputPeerSelf" };
const ACCOUNTS = {
  accounts: [
    { phone: PHONE, id: 11, username: "ada" + "_l" },
    {
      phone: "+9996633333",
      id: 22,
      firstName: "Charles",
      lastName: "Babbage",
      username: "Charles_B",
    },
  ],
};
const OTHER = caller({ authKeyId: "b2" });

function history(api: OfflineApi, range: Partial<TlObject> = {}, by = caller()): TlObject {
  const all = {
    offsetId: 0,
    offsetDate: 0,
    addOffset: 0,
    limit: 100,
    maxId: 0,
    minId: 0,
    hash: 0n,
  };
  return ask(api, { _: "messages.getHistory", peer: SELF, ...all, ...range }, by);
}

function texts(answer: TlObject): unknown[] {
  return (answer.messages as TlObject[]).map(({ message }) => message);
}

function peerOf(api: OfflineApi, username: string, by = caller()): TlObject {
  const { users } = ask(api, { _: "contacts.resolveUsername", username }, by);
  const [{ id, accessHash }] = users as TlObject[];
  return { _: "inputPeerUser", userId: id, accessHash };
}

function difference(api: OfflineApi, pts: number, date = START, by = caller()): TlObject {
  return ask(api, { _: "updates.getDifference", pts, date, qts: 0 }, by);
}

Deno.test("messages.sendMessage to oneself answers with the message, and messages.getHistory gives it back", () => {
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

Deno.test("messages.sendMessage takes one's own inputPeerUser for oneself, with any access hash", () => {
  const { api } = fixture();
  const { id: userId } = signIn(api).user as TlObject;
  sendMessage(api, "Hello!", caller(), { _: "inputPeerUser", userId, accessHash: 0n });
  assertEquals(texts(history(api)), ["Hello!"]);
});

Deno.test("messages.sendMessage keeps formatting and whom it mentions and replies to", () => {
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

Deno.test("messages.sendMessage of layer 159 and older replies by replyToMsgId", () => {
  const { api } = fixture();
  signIn(api);
  const request = { _: "messages.sendMessage", peer: SELF, message: "two", randomId: 9n };
  ask(api, { ...request, replyToMsgId: 1 }, caller({ layer: 144 }));
  const [message] = history(api).messages as TlObject[];
  assertEquals(message.replyTo, { _: "messageReplyHeader", replyToMsgId: 1 });
});

Deno.test("messages.sendMessage refuses an empty, a too long and a repeated message", () => {
  const { api } = fixture();
  signIn(api);
  assertRefused(() => sendMessage(api, ""), 400, "MESSAGE_EMPTY");
  assertRefused(() => sendMessage(api, " \n"), 400, "MESSAGE_EMPTY");
  assertRefused(() => sendMessage(api, "x".repeat(4097)), 400, "MESSAGE_TOO_LONG");
  assertRefused(() => sendMessage(api, "x", caller(), SELF, 0n), 400, "RANDOM_ID_EMPTY");
  sendMessage(api, "😀".repeat(4096), caller(), SELF, 1n);
  assertRefused(() => sendMessage(api, "x", caller(), SELF, 1n), 500, "RANDOM_ID_DUPLICATE");
  assertEquals(texts(history(api)).length, 1);
});

Deno.test("messages.sendMessage refuses peers that are nobody, or whose access hash is wrong", () => {
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

Deno.test("messages.sendMessage refuses a mention of nobody", () => {
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

Deno.test("messages.* and updates.* on a data center that is not the account's are sent home", () => {
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

Deno.test("messages.getHistory gives the newest first, in the range that is asked for", () => {
  const world = fixture();
  const { api } = world;
  signIn(api);
  for (let i = 1; i <= 10; i++) {
    world.now = START + i;
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

Deno.test("messages.getHistory refuses a peer that is nobody", () => {
  const { api } = fixture();
  signIn(api);
  assertRefused(() => history(api, { peer: { _: "inputPeerEmpty" } }), 400, "PEER_ID_INVALID");
});

Deno.test("messages.getDialogs lists conversations with their newest message", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  sendMessage(api, "to me", caller(), SELF, 1n);
  sendMessage(api, "to Charles", caller(), peerOf(api, "charles_b"), 2n);
  const request = { _: "messages.getDialogs", offsetDate: 0, offsetId: 0, limit: 10, hash: 0n };
  const answer = ask(api, { ...request, offsetPeer: { _: "inputPeerEmpty" } });
  const peers = (answer.dialogs as TlObject[]).map(({ peer, topMessage }) => [peer, topMessage]);
  assertEquals(peers, [[{ _: "peerUser", userId: 22n }, 2], [{ _: "peerUser", userId: 11n }, 1]]);
  assertEquals(texts(answer), ["to Charles", "to me"]);
  assertEquals((answer.users as TlObject[]).map(({ id }) => id), [22n, 11n]);
  assertEquals(ask(api, { ...request, folderId: 1 }).dialogs, []);
  assertRefused(() => ask(api, { ...request, folderId: 2 }), 400, "FOLDER_ID_INVALID");
});

Deno.test("messages.getDialogs gives the part that is asked for, and nothing after the last", () => {
  const world = fixture(ACCOUNTS);
  const { api } = world;
  signIn(api);
  sendMessage(api, "to me", caller(), SELF, 1n);
  world.now++;
  sendMessage(api, "to Charles", caller(), peerOf(api, "charles_b"), 2n);
  const page = (offsetId: number, offsetDate: number, limit = 1): TlObject => {
    const request = { _: "messages.getDialogs", offsetPeer: SELF, hash: 0n };
    return ask(api, { ...request, offsetId, offsetDate, limit });
  };
  const first = page(0, 0);
  assertEquals([first._, first.count, texts(first)], ["messages.dialogsSlice", 2, ["to Charles"]]);
  assertEquals(texts(page(2, START + 1)), ["to me"]);
  assertEquals(texts(page(1, START)), []);
  assertEquals(page(0, 0, 2)._, "messages.dialogs");
  assertEquals(texts(page(0, 0, 0)), ["to Charles", "to me"], "0 is no limit");
});

Deno.test("messages.getPeerDialogs gives the conversations that are asked for, begun or not", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  sendMessage(api, "to me", caller(), SELF, 1n);
  const peers = [SELF, peerOf(api, "charles_b")].map((peer) => ({ _: "inputDialogPeer", peer }));
  const answer = ask(api, { _: "messages.getPeerDialogs", peers });
  const found = (answer.dialogs as TlObject[]).map(({ peer, topMessage }) => [peer, topMessage]);
  assertEquals(found, [[{ _: "peerUser", userId: 11n }, 1], [{ _: "peerUser", userId: 22n }, 0]]);
  assertEquals(texts(answer), ["to me"]);
  assertEquals((answer.users as TlObject[]).map(({ id }) => id), [11n, 22n]);
  assertEquals((answer.state as TlObject).pts, 2);
  const nobody = { _: "inputDialogPeer", peer: { _: "inputPeerEmpty" } };
  assertRefused(
    () => ask(api, { _: "messages.getPeerDialogs", peers: [nobody] }),
    400,
    "PEER_ID_INVALID",
  );
});

Deno.test("messages.getPinnedDialogs gives none", () => {
  const { api } = fixture();
  signIn(api);
  const answer = ask(api, { _: "messages.getPinnedDialogs", folderId: 0 });
  assertEquals([answer._, answer.dialogs], ["messages.peerDialogs", []]);
  assertRefused(
    () => ask(api, { _: "messages.getPinnedDialogs", folderId: 2 }),
    400,
    "FOLDER_ID_INVALID",
  );
});

Deno.test("updates.getState counts messages, and updates.getDifference gives those that were missed", () => {
  const { api } = fixture();
  signIn(api);
  const { pts } = ask(api, { _: "updates.getState" }) as TlObject & { pts: number };
  assertEquals(difference(api, pts)._, "updates.differenceEmpty");
  sendMessage(api, "one");
  sendMessage(api, "three");
  const missed = difference(api, pts);
  assertEquals(missed._, "updates.difference");
  assertEquals((missed.newMessages as TlObject[]).map(({ message }) => message), ["one", "three"]);
  assertEquals((missed.state as TlObject).pts, pts + 2);
  assertEquals((difference(api, pts + 1).newMessages as TlObject[]).length, 1);
});

Deno.test("updates.getDifference refuses a state that never was", () => {
  const { api } = fixture();
  signIn(api);
  assertRefused(() => difference(api, 0), 400, "PERSISTENT_TIMESTAMP_EMPTY");
  assertRefused(() => difference(api, -1), 400, "PERSISTENT_TIMESTAMP_INVALID");
  assertRefused(() => difference(api, 2), 400, "PERSISTENT_TIMESTAMP_INVALID");
  assertRefused(() => difference(api, 1, 0), 400, "DATE_EMPTY");
});

Deno.test("a new message is pushed to the account's other keys and to the other side, not to the sender's key", () => {
  const { api } = fixture(ACCOUNTS);
  const charles = caller({ authKeyId: "d4" });
  signIn(api);
  signIn(api, PHONE, OTHER);
  signIn(api, "+9996633333", charles);
  const pushed: [string, TlObject][] = [];
  api.onUpdates = (authKeyId, updates) => pushed.push([authKeyId, updates]);
  const sent = sendMessage(api, "Hello!", caller(), peerOf(api, "charles_b"));
  assertEquals([sent._, sent.out, sent.id, sent.pts, sent.ptsCount, sent.date], [
    "updateShortSentMessage",
    true,
    1,
    2,
    1,
    START,
  ]);
  assertEquals(pushed.map(([authKeyId]) => authKeyId), ["b2", "d4"]);
  const [[, mine], [, theirs]] = pushed;
  const messageIn = ({ updates }: TlObject) => (updates as TlObject[])[0].message as TlObject;
  assertEquals([messageIn(mine).out, messageIn(theirs).out], [true, undefined]);
  assertEquals(messageIn(theirs).peerId, { _: "peerUser", userId: 11n });
  assertEquals((theirs.users as TlObject[]).map(({ self, phone }) => [self, phone]), [
    [undefined, undefined],
  ]);
});

Deno.test("an InputPeer is taken where an InputUser is asked for, and nothing else", () => {
  let randomId = 0n;
  const { api } = fixture();
  signIn(api, PHONE);
  const [me] = ask(api, { _: "users.getFullUser", id: SELF }).users as TlObject[];
  const peer = { _: "inputPeerUser", userId: me.id, accessHash: me.accessHash };
  assertEquals(api.handle({ _: "users.getUsers", id: [peer] }, caller()), [me]);
  const schema = api.requestSchema();
  for (const id of [SELF, peer, { _: "inputUserSelf" }]) {
    const request = { _: "users.getFullUser", id };
    assertEquals(schema.decode(schema.encode(request)), request);
    const entity = { _: "inputMessageEntityMentionName", offset: 0, length: 1, userId: id };
    assertEquals(schema.decode(schema.encode(entity)), entity);
    const message = { _: "messages.sendMessage", peer: SELF, message: "x", entities: [entity] };
    const { updates } = ask(api, { ...message, randomId: ++randomId });
    const sent = (updates as TlObject[]).at(-1)?.message as TlObject;
    assertEquals((sent.entities as TlObject[])[0].userId, me.id);
  }
  for (const id of [{ _: "peerUser", userId: 1n }, null, true, []]) {
    assertRefused(() => ask(api, { _: "users.getFullUser", id }), 400, "INPUT_FETCH_ERROR");
  }
});

Deno.test("messages.getMessages gives one's messages by their ids, what they reply to, and messageEmpty for none", () => {
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

Deno.test("messages.readHistory affects nothing, for all is read", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  sendMessage(api, "x");
  const read = { _: "messages.readHistory", peer: SELF, maxId: 1 };
  const affected = { _: "messages.affectedMessages", pts: 2, ptsCount: 0 };
  assertEquals(ask(api, read), affected);
  const nobody = { ...read, peer: { _: "inputPeerEmpty" } };
  assertRefused(() => ask(api, nobody), 400, "PEER_ID_INVALID");
});

Deno.test("account.getNotifySettings says that nothing is set", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  const answer = ask(api, { _: "account.getNotifySettings", peer: { _: "inputNotifyUsers" } });
  assertEquals(answer, { _: "peerNotifySettings" });
});

Deno.test("contacts.getContacts gives none", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  const answer = ask(api, { _: "contacts.getContacts", hash: 0n });
  assertEquals(answer, { _: "contacts.contacts", contacts: [], savedCount: 0, users: [] });
});

Deno.test("users.getUsers gives oneself, others, and userEmpty for nobody", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  const { userId, accessHash } = peerOf(api, "charles_b");
  const id = [
    { _: "inputUserSelf" },
    { _: "inputUser", userId, accessHash },
    { _: "inputUser", userId, accessHash: 1n },
    { _: "inputUser", userId: 99n, accessHash: 0n },
    { _: "inputUserEmpty" },
  ];
  const users = api.handle({ _: "users.getUsers", id }, caller()) as TlObject[];
  assertEquals(users.map((user) => [user._, user.id, user.phone]), [
    ["user", 11n, "9996621111"],
    ["user", 22n, undefined],
    ["userEmpty", 22n, undefined],
    ["userEmpty", 99n, undefined],
    ["userEmpty", 0n, undefined],
  ]);
});

Deno.test("users.getFullUser gives oneself and others, and refuses nobody", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  const full = ask(api, { _: "users.getFullUser", id: { _: "inputUserSelf" } });
  assertEquals((full.fullUser as TlObject).id, 11n);
  assertEquals((full.users as TlObject[])[0].self, true);
  const nobody = { _: "users.getFullUser", id: { _: "inputUserEmpty" } };
  assertRefused(() => ask(api, nobody), 400, "USER_ID_INVALID");
});

Deno.test("contacts.resolveUsername finds people and bots, in any case of letters", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  const find = (username: string) => ask(api, { _: "contacts.resolveUsername", username });
  assertEquals(find("CHARLES_b").peer, { _: "peerUser", userId: 22n });
  assertEquals(find("test_777_bot").peer, { _: "peerUser", userId: 777n });
  assertRefused(() => find("nobody_here"), 400, "USERNAME_NOT_OCCUPIED");
  for (const username of ["", "abc", "1abcd", "a b c d", "x".repeat(33)]) {
    assertRefused(() => find(username), 400, "USERNAME_INVALID");
  }
});

Deno.test("account.updateStatus is true", () => {
  const { api } = fixture();
  signIn(api);
  assertEquals(api.handle({ _: "account.updateStatus", offline: true }, caller()), true);
});

Deno.test("accounts have ids and access hashes of their own", () => {
  const { api } = fixture();
  const one = signIn(api).user as TlObject;
  const bot = botSignIn(api, OTHER).user as TlObject;
  assertNotEquals(one.accessHash, bot.accessHash);
  assert(one.id !== bot.id);
});
