/** Editing, deleting, forwarding, marking as read, finding a peer, and the answers of bots. */
import { CallbackQuery } from "../../src/messages/chats/callback_query.ts";
import { deleteMessages } from "../../src/messages/chats/delete_messages.ts";
import { editMessage } from "../../src/messages/chats/edit_message.ts";
import { findPeer } from "../../src/messages/chats/find_peer.ts";
import { forwardMessages } from "../../src/messages/chats/forward_messages.ts";
import { InlineQuery } from "../../src/messages/chats/inline_query.ts";
import { Message } from "../../src/messages/chats/message.ts";
import { markRead } from "../../src/messages/chats/mark_read.ts";
import { PacketPeers } from "../../src/messages/chats/peer_info.ts";
import { react } from "../../src/messages/chats/react.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { type Line, refusal } from "../helpers/scripted_telegram.ts";
import {
  ADA_USER,
  contextOf,
  found,
  INPUT_ADA,
  INPUT_GROUP,
  INPUT_NEWS,
  NEWS,
  rawMessage,
  updates,
} from "./context.ts";

const INPUT_CHANNEL: Api.InputChannel = { _: "inputChannel", channelId: 6n, accessHash: 66n };
const ids = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

Deno.test("deleteMessages() deletes a hundred at once, in any kind of chat", async () => {
  const context = await contextOf([
    ["messages.deleteMessages", { revoke: true, id: ids(1, 100) }, {}],
    ["messages.deleteMessages", { revoke: true, id: ids(101, 200) }, {}],
    ["messages.deleteMessages", { revoke: true, id: ids(201, 250) }, {}],
    ["channels.deleteMessages", { channel: INPUT_CHANNEL, id: ids(1, 100) }, {}],
    ["channels.deleteMessages", { channel: INPUT_CHANNEL, id: [101] }, {}],
    ["messages.deleteMessages", { revoke: false, id: [7] }, {}],
  ]);
  await deleteMessages(context, "@ada", ids(1, 250));
  await deleteMessages(context, "@news", ids(1, 101), { onlyForMe: true });
  await deleteMessages(context, -5n, { id: 7 }, { onlyForMe: true });
  await deleteMessages(context, "@ada", []);
  context.finish();
});

Deno.test("A message of another chat is refused, and nothing is called", async () => {
  const context = await contextOf([["messages.deleteMessages", { revoke: true, id: [7] }, {}]]);
  const message = new Message(context, rawMessage(7), new PacketPeers([ADA_USER], []));
  const id = message.chat.id;
  const says = `Cannot use the message 7 of the chat ${id} in the chat`;
  for (const chat of ["@news", "me", -5n]) {
    await assertRejects(() => deleteMessages(context, chat, [8, message]), TypeError, says);
    await assertRejects(() => editMessage(context, chat, message, "x"), TypeError, says);
    await assertRejects(() => forwardMessages(context, chat, message, "me"), TypeError, says);
    await assertRejects(() => markRead(context, chat, { upTo: message }), TypeError, says);
    await assertRejects(() => react(context, chat, message, "👍"), TypeError, says);
  }
  await deleteMessages(context, "@ada", message);
  context.finish();
});

const NO_IDS = [0, -1, 1.5, NaN, 2 ** 31, "five", "-5", "", -5n, null, undefined, {}, { id: "x" }, [
  [5],
]];

Deno.test("What is no id of a message is refused before anything is called", async () => {
  const context = await contextOf([]);
  for (const wrong of NO_IDS as never[]) {
    const says = "is no id of a message";
    await assertRejects(() => deleteMessages(context, "@ada", [1, wrong]), TypeError, says);
    await assertRejects(() => forwardMessages(context, "@ada", [wrong], "me"), TypeError, says);
    await assertRejects(() => editMessage(context, "@ada", wrong, "x"), TypeError, says);
    if (wrong === undefined) continue;
    await assertRejects(() => markRead(context, "@ada", { upTo: wrong }), TypeError, says);
  }
});

Deno.test("editMessage() returns the new message, or tells that it did not come", async () => {
  const edited = rawMessage(9, { message: "New", editDate: 5 });
  const other = rawMessage(8);
  const context = await contextOf([
    [
      "messages.editMessage",
      { peer: INPUT_ADA, id: 9, message: "New", noWebpage: true, entities: undefined },
      updates([
        { _: "updateEditMessage", message: other, pts: 1, ptsCount: 1 },
        { _: "updateEditMessage", message: edited, pts: 2, ptsCount: 1 },
      ]),
    ],
    ["messages.editMessage", {}, updates([])],
    ["messages.editMessage", {}, refusal(400, "MESSAGE_NOT_MODIFIED")],
  ]);
  const message = await editMessage(context, "@ada", 9, "New", { linkPreview: false });
  assertEquals([message.id, message.text, message.chat.title], [9, "New", "Ada Lovelace"]);
  await assertRejects(() => editMessage(context, "@ada", 9, "New"), TypeError, "was edited");
  await assertRejects(() => editMessage(context, "@ada", { id: 9 }, "New"), Error, "NOT_MODIFIED");
  context.finish();
});

/** An answer to forwarding: the messages get the ids from 1001, and come in a mixed order. */
function forwarded(without: number[] = []) {
  return ({ id, randomId }: { readonly id: number[]; readonly randomId: bigint[] }): unknown => {
    const left = id.map((one, i) => ({ id: one + 1000, randomId: randomId[i], from: one }))
      .filter(({ from }) => !without.includes(from));
    const named: Api.Update[] = left.map(({ id, randomId }) => ({
      _: "updateMessageID",
      id,
      randomId,
    }));
    const messages: Api.Update[] = left.toReversed().map(({ id }) => ({
      _: "updateNewMessage",
      message: rawMessage(id, { message: `copy ${id - 1000}` }),
      pts: id,
      ptsCount: 1,
    }));
    const foreign: Api.Update = {
      _: "updateEditMessage",
      message: rawMessage(3),
      pts: 1,
      ptsCount: 1,
    };
    return updates([...named.toReversed(), foreign, ...messages]);
  };
}

Deno.test("forwardMessages() keeps the order of the ids, a hundred at once", async () => {
  const randoms: bigint[] = [];
  const answer = (without?: number[]) => (asked: { id: number[]; randomId: bigint[] }): unknown => {
    randoms.push(...asked.randomId);
    assertEquals(asked.id.length, asked.randomId.length);
    return forwarded(without)(asked);
  };
  const context = await contextOf([
    ["messages.forwardMessages", {
      fromPeer: INPUT_ADA,
      toPeer: INPUT_NEWS,
      id: ids(1, 100),
      dropAuthor: true,
    }, answer()],
    ["messages.forwardMessages", { id: ids(101, 150) }, answer([102, 149])],
    ["messages.forwardMessages", { id: [5, 4] }, answer()],
  ]);
  const copies = await forwardMessages(context, "@ada", ids(1, 150), "@news", { hideSender: true });
  const expected = ids(1, 150).filter((id) => id !== 102 && id !== 149);
  assertEquals(copies.map(({ text }) => text), expected.map((id) => `copy ${id}`));
  const two = await forwardMessages(context, "@ada", [{ id: 5 }, 4], "@news");
  assertEquals(two.map(({ text }) => text), ["copy 5", "copy 4"]);
  assertEquals(new Set(randoms).size, 152);
  assert(!randoms.includes(0n));
  assertEquals(await forwardMessages(context, "@ada", [], "@news"), []);
  context.finish();
});

Deno.test("markRead() reads all, or up to a message", async () => {
  const context = await contextOf([
    ["messages.readHistory", { peer: INPUT_GROUP, maxId: 0 }, {}],
    ["messages.readHistory", { peer: INPUT_ADA, maxId: 9 }, {}],
    ["channels.readHistory", { channel: INPUT_CHANNEL, maxId: 0 }, true],
    ["channels.readHistory", { channel: INPUT_CHANNEL, maxId: 9 }, true],
  ]);
  await markRead(context, -5n);
  await markRead(context, "@ada", { upTo: { id: 9 } });
  await markRead(context, "@news");
  await markRead(context, "@news", { upTo: 9 });
  context.finish();
});

Deno.test("findPeer() returns a user, a group, a channel or the account itself", async () => {
  const chats = (chats: Api.Chat[]): unknown => ({ _: "messages.chats", chats });
  const group: Api.Chat = { _: "chatForbidden", id: 5n, title: "Group" };
  const inputUser = { _: "inputUser", userId: 42n, accessHash: 420n };
  const context = await contextOf([
    ["users.getUsers", { id: [inputUser] }, [ADA_USER]],
    ["users.getUsers", { id: [{ _: "inputUserSelf" }] }, [{ ...ADA_USER, self: true }]],
    ["messages.getChats", { id: [5n] }, chats([group])],
    ["channels.getChannels", { id: [INPUT_CHANNEL] }, chats([NEWS])],
    ["users.getUsers", {}, [{ _: "userEmpty", id: 42n }]],
    ["users.getUsers", {}, []],
    ["messages.getChats", {}, chats([{ _: "chatEmpty", id: 5n }])],
    ["channels.getChannels", {}, chats([])],
  ]);
  const ada = await findPeer(context, "@ada");
  assertEquals<unknown>([ada.id, ada.kind, ada.title, ada.username, ada.input], [
    42n,
    "user",
    "Ada Lovelace",
    "ada",
    INPUT_ADA,
  ]);
  assertEquals<unknown>((await findPeer(context, "me")).input, { _: "inputPeerSelf" });
  assertEquals((await findPeer(context, -5n)).title, "Group");
  assertEquals((await findPeer(context, "@news")).kind, "channel");
  for (const name of ["@ada", "@ada", -5n, "@news"]) {
    await assertRejects(() => findPeer(context, name), TypeError, "gives no access to it");
  }
  context.finish();
});

const PRESS: Api.updateBotCallbackQuery = {
  _: "updateBotCallbackQuery",
  queryId: 77n,
  userId: 42n,
  peer: { _: "peerUser", userId: 42n },
  msgId: 9,
  chatInstance: 5n,
  data: new TextEncoder().encode("yes ✓"),
};
const PEERS = new PacketPeers([ADA_USER], [NEWS]);

Deno.test("A press of a button: what it is, and how it is answered", async () => {
  const answer = "messages.setBotCallbackAnswer";
  const context = await contextOf([
    [answer, { queryId: 77n, message: undefined, cacheTime: 0 }, true],
    [answer, { message: "Done", alert: true, url: "https://t.me/x", cacheTime: 5 }, true],
    [
      "messages.editMessage",
      { peer: INPUT_ADA, id: 9 },
      () => updates([{ _: "updateEditMessage", message: rawMessage(9), pts: 1, ptsCount: 1 }]),
    ],
    ["messages.getMessages", { id: [{ _: "inputMessageID", id: 9 }] }, found([rawMessage(9)])],
  ], { isBot: true });
  const press = new CallbackQuery(context, PRESS, PEERS);
  assertEquals([press.id, press.data, press.messageId], [77n, "yes ✓", 9]);
  assertEquals([press.sender.title, press.chat?.title], ["Ada Lovelace", "Ada Lovelace"]);
  await press.answer();
  await press.answer("Done", { alert: true, url: "https://t.me/x", cacheTime: 5 });
  assertEquals((await press.edit("New")).id, 9);
  assertEquals((await press.message())?.id, 9);
  await assertRejects(() => press.answer("x", { show: 1 } as object), TypeError, '"show"');
  context.finish();
});

Deno.test("A press of an inline message has no chat, and one of a game no data", async () => {
  const inline: Api.updateInlineBotCallbackQuery = {
    _: "updateInlineBotCallbackQuery",
    queryId: 77n,
    userId: 42n,
    msgId: { _: "inputBotInlineMessageID", dcId: 2, id: 5n, accessHash: 6n },
    chatInstance: 5n,
    gameShortName: "chess",
  };
  const press = new CallbackQuery(await contextOf([]), inline, PEERS);
  assertEquals([press.chat, press.messageId, press.data], [undefined, undefined, ""]);
  await assertRejects(() => press.edit("x"), TypeError, "editInlineBotMessage");
  await assertRejects(() => press.message(), TypeError, "Cannot find the message");
});

Deno.test("An inline query is answered by texts, and by results of TL", async () => {
  const tl: Api.InputBotInlineResult = {
    _: "inputBotInlineResultGame",
    id: "g",
    shortName: "chess",
    sendMessage: { _: "inputBotInlineMessageGame" },
  };
  const script: Line[] = [["messages.setInlineBotResults", {
    queryId: 5n,
    cacheTime: 300,
    private: undefined,
    nextOffset: undefined,
  }, (asked: { results: unknown[] }) => {
    assertEquals(asked.results, [
      {
        _: "inputBotInlineResult",
        id: "0",
        type: "article",
        title: "Title",
        description: "More",
        url: undefined,
        sendMessage: {
          _: "inputBotInlineMessageText",
          message: "Text",
          entities: undefined,
          replyMarkup: undefined,
        },
      },
      tl,
    ]);
    return true;
  }]];
  const context = await contextOf(script, { isBot: true });
  const raw: Api.updateBotInlineQuery = {
    _: "updateBotInlineQuery",
    queryId: 5n,
    userId: 42n,
    query: "tea",
    offset: "20",
  };
  const query = new InlineQuery(context, raw, PEERS);
  assertEquals([query.id, query.query, query.offset, query.sender.title], [
    5n,
    "tea",
    "20",
    "Ada Lovelace",
  ]);
  await query.answer([{ title: "Title", text: "Text", description: "More" }, tl]);
  context.finish();
  const wrong: readonly (readonly [unknown, object, string])[] = [
    [undefined, {}, "the results are no array"],
    ["x", {}, "the results are no array"],
    [[{ title: "T" }], {}, "its text is of type undefined"],
    [[{ title: "T", text: "x", image: "y" }], {}, '"image" is not known'],
    [[], { cache: 5 }, '"cache" is not known'],
    [[{ title: "T", text: "\ud800" }], {}, "a lone surrogate"],
  ];
  for (const [results, options, says] of wrong) {
    await assertRejects(() => query.answer(results as [], options), TypeError, says);
  }
});
