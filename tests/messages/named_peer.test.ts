/** What people type, paste and hold to name a peer, and what it means. */
import { User } from "../../src/auth/user.ts";
import { Message } from "../../src/messages/chats/message.ts";
import { PacketPeers, peerInfo } from "../../src/messages/chats/peer_info.ts";
import { type NamedPeer, namedPeer, type PeerLike } from "../../src/messages/named_peer.ts";
import { inputPeerOf } from "../../src/messages/input_peer.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import {
  ADA_USER,
  CHANNEL,
  contextOf,
  INPUT_ADA,
  INPUT_NEWS,
  NEWS,
  rawMessage,
  SELF_ID,
  updates,
} from "./context.ts";

const self: NamedPeer = { kind: "self" };
const name = (username: string): NamedPeer => ({ kind: "username", username });
const phone = (digits: string): NamedPeer => ({ kind: "phone", phone: digits });
const id = (of: bigint): NamedPeer => ({ kind: "id", id: of });
const invite = (hash: string): NamedPeer => ({ kind: "invite", hash });
const input = (peer: Api.InputPeer): NamedPeer => ({ kind: "input", input: peer });
const HASH = "AbCdEf_-12345678";

const TEXTS: readonly (readonly [string, NamedPeer])[] = [
  ["me", self],
  ["self", self],
  ["@me", self],
  ["Me", self],
  [" ME ", self],
  ['"me"', self],
  ["bob", name("bob")],
  ["@bob", name("bob")],
  [" @bob ", name("bob")],
  ["\t@bob\n", name("bob")],
  ["@Bob_99", name("Bob_99")],
  ['"bob"', name("bob")],
  ["'@bob'", name("bob")],
  ["“@bob”", name("bob")],
  ["„bob“", name("bob")],
  ["«@bob»", name("bob")],
  ["`@bob`", name("bob")],
  ["<https://t.me/bob>", name("bob")],
  ["\u200b@bob\u200b", name("bob")],
  ["\u202a@bob\u202c", name("bob")],
  ["\ufeffbob", name("bob")],
  ["\u00a0bob\u00a0", name("bob")],
  ["t.me/bob", name("bob")],
  ["https://t.me/bob_99", name("bob_99")],
  ["http://t.me/bob", name("bob")],
  ["HTTPS://T.ME/Bob", name("Bob")],
  ["https://www.t.me/bob", name("bob")],
  ["https://telegram.me/bob", name("bob")],
  ["telegram.dog/bob", name("bob")],
  ["https://t.me/@bob", name("bob")],
  ["https://t.me/bob/", name("bob")],
  ["https://t.me/bob/123", name("bob")],
  ["https://t.me/bob/12/34?single", name("bob")],
  ["https://t.me/bob?start=payload", name("bob")],
  ["https://t.me/bob#top", name("bob")],
  ["https://t.me/s/bob", name("bob")],
  ["https://t.me/s/bob/7", name("bob")],
  ["https://bob.t.me", name("bob")],
  ["bob.t.me/", name("bob")],
  ["https://bob.t.me/123?x=1", name("bob")],
  ["tg://resolve?domain=bob", name("bob")],
  ["tg:resolve?domain=bob&start=x", name("bob")],
  ["TG://resolve?domain=bob&post=5", name("bob")],
  ["tg://resolve?phone=9996621111", phone("9996621111")],
  ["tg://user?id=123", id(123n)],
  ["tg://openmessage?user_id=123", id(123n)],
  ["tg://openmessage?chat_id=123&message_id=4", id(-123n)],
  ["tg://privatepost?channel=123&post=4", id(-1000000000123n)],
  ["tg://join?invite=" + HASH, invite(HASH)],
  ["https://t.me/+" + HASH, invite(HASH)],
  ["https://t.me/joinchat/" + HASH, invite(HASH)],
  ["t.me/joinchat/" + HASH + "/", invite(HASH)],
  ["https://t.me/c/123/45", id(-1000000000123n)],
  ["https://t.me/c/123", id(-1000000000123n)],
  ["https://t.me/+9996621111", phone("9996621111")],
  ["+9996621111", phone("9996621111")],
  ["+999 66 21111", phone("9996621111")],
  ["+999 (66) 2-11.11", phone("9996621111")],
  ["+999\u201366\u201021111", phone("9996621111")],
  ["\u202a+9996621111\u202c", phone("9996621111")],
  ["+\u00a0999\u00a06621111", phone("9996621111")],
  ["2002", id(2002n)],
  [" 2002 ", id(2002n)],
  ['"2002"', id(2002n)],
  ["-1001234567890", id(-1001234567890n)],
  ["\u22121001234567890", id(-1001234567890n)],
  ["\u200e-5\u200f", id(-5n)],
  ["9223372036854775807", id(9223372036854775807n)],
];

Deno.test("namedPeer() takes texts as people type and paste them", () => {
  for (const [text, meaning] of TEXTS) assertEquals(namedPeer(text), meaning, text);
});

const MIN: Api.user = { _: "user", id: 42n, min: true, accessHash: 9n };
const OBJECTS: readonly (readonly [PeerLike, NamedPeer])[] = [
  [2002, id(2002n)],
  [-5, id(-5n)],
  [-1001234567890, id(-1001234567890n)],
  [2002n, id(2002n)],
  [0, id(0n)],
  [-0, id(0n)],
  [{ _: "inputPeerSelf" }, self],
  [{ _: "inputUserSelf" }, self],
  [INPUT_ADA, input(INPUT_ADA)],
  [INPUT_NEWS, input(INPUT_NEWS)],
  [{ _: "inputUser", userId: 42n, accessHash: 420n }, input(INPUT_ADA)],
  [{ _: "inputChannel", channelId: 6n, accessHash: 66n }, input(INPUT_NEWS)],
  [
    { _: "inputUserFromMessage", peer: INPUT_NEWS, msgId: 3, userId: 42n },
    input({ _: "inputPeerUserFromMessage", peer: INPUT_NEWS, msgId: 3, userId: 42n }),
  ],
  [
    { _: "inputChannelFromMessage", peer: INPUT_NEWS, msgId: 3, channelId: 7n },
    input({ _: "inputPeerChannelFromMessage", peer: INPUT_NEWS, msgId: 3, channelId: 7n }),
  ],
  [{ _: "peerUser", userId: 42n }, id(42n)],
  [{ _: "peerChat", chatId: 5n }, id(-5n)],
  [{ _: "peerChannel", channelId: 6n }, id(-1000000000006n)],
  [{ _: "peerUser", userId: 42 as unknown as bigint }, id(42n)],
  [ADA_USER, input(INPUT_ADA)],
  [{ ...ADA_USER, self: true }, self],
  [MIN, id(42n)],
  [{ _: "user", id: 42n }, id(42n)],
  [NEWS, input(INPUT_NEWS)],
  [{ ...NEWS, min: true }, id(-1000000000006n)],
  [{ _: "chatForbidden", id: 5n, title: "" }, input({ _: "inputPeerChat", chatId: 5n })],
  [
    { _: "channelForbidden", id: 6n, accessHash: 66n, title: "" },
    input(INPUT_NEWS),
  ],
  [peerInfo(ADA_USER), input(INPUT_ADA)],
  [new User(ADA_USER), id(42n)],
  [{ id: 42n }, id(42n)],
];

Deno.test("namedPeer() takes numbers, and every object that has a peer", () => {
  for (const [object, meaning] of OBJECTS) {
    assertEquals(namedPeer(object), meaning, Deno.inspect(object));
  }
});

Deno.test("namedPeer() takes the chat and the sender of a message", async () => {
  const context = await contextOf([]);
  const peers = new PacketPeers([ADA_USER], [NEWS]);
  const inChannel = { peerId: { _: "peerChannel", channelId: 6n } } as const;
  const message = new Message(context, rawMessage(1), peers);
  assertEquals(namedPeer(message.chat), input(INPUT_ADA));
  const post = new Message(context, rawMessage(1, inChannel), peers);
  assertEquals(namedPeer(post.chat), input(INPUT_NEWS));
});

const WRONG: readonly (readonly [unknown, string])[] = [
  ["", 'Cannot find the peer ""'],
  [" ", 'Cannot find the peer " "'],
  ["no name", 'Cannot find the peer "no name". Pass "me", a username'],
  ["b", 'peer "b"'],
  ["bob,", "peer: a text of 4 characters"],
  ["@", 'peer "@"'],
  ["1bob", 'peer "1bob"'],
  ["+12", 'peer "+12"'],
  ["bob@example.com", 'peer "bob@example.com"'],
  ["99999999999999999999", "no id has more than 63 bits"],
  ["https://example.com/bob", "a text of 23 characters"],
  ["https://t.me/", "a text of 13 characters"],
  ["https://t.me/joinchat/short", "a text of 27 characters"],
  ["https://t.me/addstickers/Animals", "a text of 32 characters"],
  ["https://t.me/share/url?url=x", "a text of 28 characters"],
  ["https://t.me/proxy?server=1.2.3.4&port=443&secret=aa", "a text of 52 characters"],
  ["https://t.me/c/x/1", "a text of 18 characters"],
  ["tg://resolve?x=1", "a text of 16 characters"],
  ["tg://settings?a=b", "a text of 17 characters"],
  [NaN, 'peer "NaN". Pass a whole number'],
  [Infinity, "Pass a whole number"],
  [1.5, 'peer "1.5". Pass a whole number'],
  [2 ** 60, "Pass a whole number"],
  [2n ** 70n, "no id has more than 63 bits"],
  [null, "it is of type null"],
  [undefined, "it is of type undefined"],
  [true, "it is of type boolean"],
  [Symbol("x"), "it is of type symbol"],
  [() => {}, "it is of type function"],
  [[], "it is of type array"],
  [{}, "it is of type object"],
  [{ _: 5 }, "it is of type object"],
  [{ _: "peerUser" }, "it is of type peerUser"],
  [{ _: "peerUser", userId: "42" }, "it is of type peerUser"],
  [{ _: "userEmpty", id: 5n }, "it is of type userEmpty"],
  [{ _: "chatEmpty", id: 5n }, "it is of type chatEmpty"],
  [{ _: "inputPeerEmpty" }, "it is of type inputPeerEmpty"],
  [{ _: "message", id: 5 }, "it is of type message"],
  [{ className: "PeerUser", userId: 5n }, "it is of type object"],
  [{ id: 5 }, "it is of type object"],
  [new Date(0), "it is of type object"],
];

Deno.test("namedPeer() refuses what has no peer, and says what to pass", () => {
  for (const [wrong, says] of WRONG) {
    const { message } = assertThrows(() => namedPeer(wrong as PeerLike), TypeError, says);
    assert(message.startsWith("Cannot find the peer"), message);
  }
});

Deno.test("namedPeer() shows no text that may be a secret", () => {
  const secrets = [
    "123456789:AAF-secretTokenOfABotFather_0123456",
    "777:TESTTOKEN",
    "socks5://user:hunter2@127.0.0.1:1080",
    "http://user:hunter2@proxy",
    "tessera1.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789",
    "1BVtsOKABu4Xsecretsecretsecretsecretsecretsecret=",
    "0123456789abcdef0123456789abcdef",
    "tg://proxy?server=1.2.3.4&port=443&secret=dd000000",
    "https://t.me/login/22222",
  ];
  for (const secret of secrets) {
    for (const text of [secret, ` ${secret} `, `"${secret}"`]) {
      const { message } = assertThrows(() => namedPeer(text), TypeError);
      for (let i = 0; i + 6 <= secret.length; i++) {
        assert(!message.includes(secret.slice(i, i + 6)), message);
      }
    }
  }
});

Deno.test("The account's own id is found without a call, also as getMe() returns it", async () => {
  const me: Api.user = { _: "user", id: SELF_ID, self: true, firstName: "Me" };
  for (const name of [SELF_ID, Number(SELF_ID), String(SELF_ID), new User(me), me]) {
    const context = await contextOf([]);
    assertEquals(await inputPeerOf(context, name), { _: "inputPeerSelf" });
  }
});

Deno.test("An unseen id is looked for among the dialogs, archived ones too", async () => {
  const none = {
    _: "messages.dialogs",
    dialogs: [],
    messages: [],
    users: [],
    chats: [],
  };
  const context = await contextOf([
    ["messages.getDialogs", { folderId: 0 }, none],
    ["messages.getDialogs", { folderId: 1 }, () => {
      context.peers.see(updates([], { chats: [NEWS] }));
      return none;
    }],
  ], { peers: [] });
  assertEquals(await inputPeerOf(context, CHANNEL.id), INPUT_NEWS);
  // Once is enough: what is not there now is not found.
  const error = await assertRejects(() => inputPeerOf(context, 4711n), TypeError);
  assert(error.message.includes("nor is it among its dialogs"), error.message);
  context.finish();
});

Deno.test("An invite link finds the chat that the account is in, and no other", async () => {
  const chat: Api.Chat = NEWS;
  const already: Api.chatInviteAlready = { _: "chatInviteAlready", chat };
  const context = await contextOf([
    ["messages.checkChatInvite", { hash: HASH }, already],
    ["messages.checkChatInvite", { hash: HASH }, { _: "chatInvite", title: "Other" }],
  ]);
  const link = `https://t.me/+${HASH}`;
  assertEquals(await inputPeerOf(context, link), INPUT_NEWS);
  const error = await assertRejects(() => inputPeerOf(context, link), TypeError);
  assert(error.message.includes("Join it first"), error.message);
  assert(!error.message.includes(HASH), error.message);
  context.finish();
});
