/** The getters of a message, for every kind of chat and sender, and what its methods call. */
import { Message } from "../../src/messages/chats/message.ts";
import { PacketPeers, peerInfo } from "../../src/messages/chats/peer_info.ts";
import { sendMessage } from "../../src/messages/send_message.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import type { Line } from "../helpers/scripted_telegram.ts";
import {
  ADA_USER,
  contextOf,
  found,
  INPUT_ADA,
  INPUT_NEWS,
  NEWS,
  rawMessage,
  SELF_ID,
  updates,
} from "./context.ts";

const GROUP_CHAT: Api.chat = {
  _: "chat",
  id: 5n,
  title: "Group",
  photo: { _: "chatPhotoEmpty" },
  participantsCount: 2,
  date: 0,
  version: 1,
};
const SUPER: Api.channel = {
  ...NEWS,
  id: 7n,
  title: "Super",
  username: undefined,
  megagroup: true,
};
const ME: Api.user = { _: "user", id: SELF_ID, self: true, accessHash: 10n, firstName: "Me" };
const MIN: Api.user = { _: "user", id: 42n, min: true, accessHash: 9n, firstName: "Ada" };
const PEERS = new PacketPeers([ADA_USER, ME], [NEWS, GROUP_CHAT, SUPER]);
const inChat = (chatId: bigint): Partial<Api.message> => ({ peerId: { _: "peerChat", chatId } });
const inChannel = (channelId: bigint): Partial<Api.message> => ({
  peerId: { _: "peerChannel", channelId },
});
const fromUser = (userId: bigint): Partial<Api.message> => ({ fromId: { _: "peerUser", userId } });

/** Makes a message of the account, or of a bot. */
async function messageOf(
  more: Partial<Api.message> = {},
  { peers = PEERS, isBot = false } = {},
): Promise<Message> {
  return new Message(await contextOf([], { isBot }), rawMessage(9, more), peers);
}

const PLACES: readonly (readonly [string, Partial<Api.message>, string, string | undefined])[] = [
  ["private, in", {}, "user Ada Lovelace", "Ada Lovelace"],
  ["private, out", { out: true }, "user Ada Lovelace", "Me"],
  ["private, out, with its sender", { out: true, ...fromUser(SELF_ID) }, "user Ada Lovelace", "Me"],
  ["to oneself", { peerId: { _: "peerUser", userId: SELF_ID } }, "user Me", "Me"],
  ["group", { ...inChat(5n), ...fromUser(42n) }, "group Group", "Ada Lovelace"],
  ["group, own", { ...inChat(5n), ...fromUser(SELF_ID), out: true }, "group Group", "Me"],
  ["supergroup", { ...inChannel(7n), ...fromUser(42n) }, "supergroup Super", "Ada Lovelace"],
  [
    "an anonymous admin",
    { ...inChannel(7n), fromId: { _: "peerChannel", channelId: 7n } },
    "supergroup Super",
    "Super",
  ],
  [
    "as a channel",
    { ...inChannel(7n), fromId: { _: "peerChannel", channelId: 6n } },
    "supergroup Super",
    "News",
  ],
  ["a post", { ...inChannel(6n), post: true }, "channel News", undefined],
  [
    "a signed post",
    { ...inChannel(6n), post: true, ...fromUser(42n) },
    "channel News",
    "Ada Lovelace",
  ],
  ["of a stranger", { peerId: { _: "peerUser", userId: 99n } }, "user ", ""],
];

Deno.test("The chat and the sender of a message, in every kind of chat", async () => {
  for (const [what, more, chat, sender] of PLACES) {
    const message = await messageOf(more);
    assertEquals(`${message.chat.kind} ${message.chat.title}`, chat, what);
    assertEquals(message.sender?.title, sender, what);
    assertEquals(message.outgoing, more.out ?? what === "to oneself", what);
  }
});

Deno.test("The account itself needs no access hash", async () => {
  const me = { _: "inputPeerSelf" };
  for (const peers of [PEERS, new PacketPeers([], [])]) {
    const toSelf = await messageOf({ peerId: { _: "peerUser", userId: SELF_ID } }, { peers });
    assertEquals<unknown>([toSelf.chat.input, toSelf.sender?.input], [me, me]);
    const sent = await messageOf({ out: true }, { peers });
    assertEquals<unknown>(sent.sender?.input, me);
  }
});

Deno.test("A min sender is named by the message, but not for a bot", async () => {
  const peers = new PacketPeers([MIN], [SUPER]);
  const more = { ...inChannel(7n), ...fromUser(42n) };
  const peer = { _: "inputPeerChannel", channelId: 7n, accessHash: 66n };
  assertEquals<unknown>((await messageOf(more, { peers })).sender?.input, {
    _: "inputPeerUserFromMessage",
    peer,
    msgId: 9,
    userId: 42n,
  });
  // https://core.telegram.org/api/errors: FROM_MESSAGE_BOT_DISABLED
  assertEquals<unknown>((await messageOf(more, { peers, isBot: true })).sender?.input, {
    _: "inputPeerUser",
    userId: 42n,
    accessHash: 0n,
  });
});

Deno.test("A full user goes before a min one, and the active username before the others", () => {
  const peers = new PacketPeers([ADA_USER, MIN], []);
  assertEquals(peers.info(42n).title, "Ada Lovelace");
  assertEquals(new PacketPeers([MIN, ADA_USER], []).info(42n).title, "Ada Lovelace");
  const usernames: Api.username[] = [
    { _: "username", username: "old" },
    { _: "username", username: "new", active: true },
  ];
  for (const min of [true, undefined]) {
    const { username } = peerInfo({ ...ADA_USER, username: undefined, usernames, min });
    assertEquals(username, "new");
  }
  const deleted = peerInfo({ _: "user", id: 8n, deleted: true });
  assertEquals([deleted.title, deleted.username, deleted.kind], ["", undefined, "user"]);
  assertEquals(peerInfo({ ...ADA_USER, bot: true }).kind, "bot");
  const forbidden: Api.channelForbidden = {
    _: "channelForbidden",
    id: 6n,
    accessHash: 1n,
    title: "Gone",
    megagroup: true,
  };
  assertEquals([peerInfo(forbidden).kind, peerInfo(forbidden).title], ["supergroup", "Gone"]);
});

Deno.test("The other getters of a message", async () => {
  const plain = await messageOf();
  assertEquals(
    [plain.id, plain.date, plain.text, plain.entities.length, plain.buttons.length],
    [9, 1009, "text 9", 0, 0],
  );
  assertEquals([plain.replyToId, plain.groupedId, plain.media, plain.action, plain.topicId], [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  const album = await messageOf({ groupedId: 77n, media: { _: "messageMediaEmpty" } });
  assertEquals([album.groupedId, album.media], [77n, undefined]);
  const markup: Api.ReplyMarkup = {
    _: "replyInlineMarkup",
    rows: [{ _: "keyboardButtonRow", buttons: [{ _: "keyboardButton", text: "A" }] }],
  };
  assertEquals((await messageOf({ replyMarkup: markup })).buttons[0][0].text, "A");
  const hidden = await messageOf({ replyMarkup: { _: "replyKeyboardHide" } });
  assertEquals(hidden.buttons, []);
});

Deno.test("A service message has an action, and no text", async () => {
  const action: Api.MessageAction = { _: "messageActionChatAddUser", users: [42n] };
  const raw: Api.messageService = {
    _: "messageService",
    id: 3,
    date: 5,
    peerId: { _: "peerChat", chatId: 5n },
    fromId: { _: "peerUser", userId: 42n },
    action,
  };
  const message = new Message(await contextOf([]), raw, PEERS);
  assertEquals([message.text, message.entities, message.media, message.buttons], [
    "",
    [],
    undefined,
    [],
  ]);
  assertEquals<unknown>([message.action, message.sender?.title], [action, "Ada Lovelace"]);
});

Deno.test("Replies, and topics of forums, are told apart", async () => {
  const header = (more: Partial<Api.messageReplyHeader>): Partial<Api.message> => ({
    replyTo: { _: "messageReplyHeader", ...more },
  });
  const table: readonly (readonly [Partial<Api.message>, number?, number?])[] = [
    [header({ replyToMsgId: 5 }), 5, undefined],
    [header({ replyToMsgId: 5, replyToTopId: 2 }), 5, undefined],
    [header({ replyToMsgId: 2, forumTopic: true }), undefined, 2],
    [header({ replyToMsgId: 5, replyToTopId: 2, forumTopic: true }), 5, 2],
    [header({ quote: true }), undefined, undefined],
    [
      {
        replyTo: { _: "messageReplyStoryHeader", peer: { _: "peerUser", userId: 1n }, storyId: 3 },
      },
      undefined,
      undefined,
    ],
  ];
  for (const [more, replyToId, topicId] of table) {
    const message = await messageOf(more);
    assertEquals([message.replyToId, message.topicId], [replyToId, topicId]);
  }
});

const SENT: Api.updateShortSentMessage = {
  _: "updateShortSentMessage",
  id: 70,
  pts: 1,
  ptsCount: 1,
  date: 1700,
  out: true,
};
const topicReply: Api.messageReplyHeader = {
  _: "messageReplyHeader",
  replyToMsgId: 2,
  forumTopic: true,
};

const CALLS: readonly {
  readonly what: string;
  readonly more?: Partial<Api.message>;
  readonly script: Line[];
  readonly act: (message: Message) => Promise<unknown>;
}[] = [
  {
    what: "reply",
    script: [["messages.sendMessage", {
      peer: INPUT_ADA,
      message: "Hi",
      replyTo: { _: "inputReplyToMessage", replyToMsgId: 9 },
    }, SENT]],
    act: (message) => message.reply("Hi"),
  },
  {
    what: "respond",
    script: [["messages.sendMessage", { peer: INPUT_ADA, replyTo: undefined, silent: true }, SENT]],
    act: (message) => message.respond("Hi", { silent: true }),
  },
  {
    what: "respond in a topic",
    more: { ...inChannel(6n), replyTo: topicReply },
    script: [["messages.sendMessage", {
      peer: INPUT_NEWS,
      replyTo: { _: "inputReplyToMessage", replyToMsgId: 2, topMsgId: 2 },
    }, SENT]],
    act: (message) => message.respond("Hi"),
  },
  {
    what: "edit",
    script: [[
      "messages.editMessage",
      { peer: INPUT_ADA, id: 9, message: "New" },
      updates([{ _: "updateEditMessage", message: rawMessage(9), pts: 1, ptsCount: 1 }]),
    ]],
    act: (message) => message.edit("New"),
  },
  {
    what: "delete",
    script: [["messages.deleteMessages", { revoke: true, id: [9] }, {}]],
    act: (message) => message.delete(),
  },
  {
    what: "delete for oneself",
    script: [["messages.deleteMessages", { revoke: false, id: [9] }, {}]],
    act: (message) => message.delete({ onlyForMe: true }),
  },
  {
    what: "delete in a channel",
    more: inChannel(6n),
    script: [["channels.deleteMessages", {
      channel: { _: "inputChannel", channelId: 6n, accessHash: 66n },
      id: [9],
    }, {}]],
    act: (message) => message.delete(),
  },
  {
    what: "react",
    script: [["messages.sendReaction", {
      peer: INPUT_ADA,
      msgId: 9,
      reaction: [{ _: "reactionEmoji", emoticon: "👍" }],
    }, updates([])]],
    act: (message) => message.react(" 👍 "),
  },
  {
    what: "react with a custom emoji",
    script: [["messages.sendReaction", {
      reaction: [{ _: "reactionCustomEmoji", documentId: 5n }],
    }, updates([])]],
    act: (message) => message.react(5n),
  },
  {
    what: "take a reaction back",
    script: [["messages.sendReaction", { reaction: [] }, updates([])]],
    act: (message) => message.react(),
  },
  {
    what: "mark as read",
    script: [["messages.readHistory", { peer: INPUT_ADA, maxId: 9 }, {}]],
    act: (message) => message.markRead(),
  },
  {
    what: "mark as read in a channel",
    more: inChannel(6n),
    script: [["channels.readHistory", { maxId: 9 }, true]],
    act: (message) => message.markRead(),
  },
  {
    what: "the message that it replies to",
    more: { replyTo: { _: "messageReplyHeader", replyToMsgId: 4 } },
    script: [[
      "messages.getMessages",
      { id: [{ _: "inputMessageReplyTo", id: 9 }] },
      found([rawMessage(4)]),
    ]],
    act: async (message) => assertEquals((await message.repliedTo())?.id, 4),
  },
  {
    what: "the message that it replies to, gone",
    more: { ...inChannel(6n), replyTo: { _: "messageReplyHeader", replyToMsgId: 4 } },
    script: [["channels.getMessages", {}, found([{ _: "messageEmpty", id: 4 }])]],
    act: async (message) => assertEquals(await message.repliedTo(), undefined),
  },
  {
    what: "the message that it replies to, of one that is no reply",
    script: [],
    act: async (message) => assertEquals(await message.repliedTo(), undefined),
  },
];

for (const { what, more, script, act } of CALLS) {
  Deno.test(`The methods of a message call Telegram: ${what}`, async () => {
    const context = await contextOf(script);
    await act(new Message(context, rawMessage(9, more), PEERS));
    context.finish();
  });
}

Deno.test("A reaction that is none, and options that are unknown, are refused", async () => {
  const message = await messageOf();
  for (const wrong of ["", " ", null, 5, true]) {
    await assertRejects(() => message.react(wrong as string), TypeError, "Cannot react");
  }
  const options = { revoke: true } as object;
  await assertRejects(() => message.delete(options), TypeError, '"revoke" is not known');
  await assertRejects(() => message.markRead({ to: 5 } as object), TypeError, '"to" is not known');
  await assertRejects(() => message.edit("x", options), TypeError, '"revoke" is not known');
});

Deno.test("A message that was sent is complete, though the answer does not repeat it", async () => {
  const entities: Api.MessageEntity[] = [{ _: "messageEntityBold", offset: 0, length: 2 }];
  const context = await contextOf([
    ["messages.sendMessage", {}, { ...SENT, entities }],
    ["messages.sendMessage", {}, SENT],
    ["messages.sendMessage", {}, SENT],
  ]);
  const toAda = await sendMessage(context, "@ada", { message: "Hi", replyTo: 5 });
  assertEquals(
    [toAda.id, toAda.date, toAda.text, toAda.outgoing, toAda.replyToId, toAda.chat.id],
    [70, 1700, "Hi", true, 5, 42n],
  );
  assertEquals<unknown>(
    [toAda.entities, toAda.chat.input, toAda.sender?.input],
    [entities, INPUT_ADA, { _: "inputPeerSelf" }],
  );
  const toSelf = await sendMessage(context, "me", "Hi");
  assertEquals<unknown>([toSelf.chat.id, toSelf.chat.input], [SELF_ID, { _: "inputPeerSelf" }]);
  const toGroup = await sendMessage(context, -5n, { message: { text: "Hi", entities } });
  assertEquals([toGroup.chat.kind, toGroup.chat.id, toGroup.sender?.id], ["group", -5n, SELF_ID]);
  context.finish();
});

Deno.test("A scheduled message, and one in a channel, are found in the answer", async () => {
  const answer =
    (kind: "updateNewScheduledMessage" | "updateNewChannelMessage") =>
    ({ randomId }: { readonly randomId: bigint }): unknown =>
      updates([
        { _: "updateMessageID", id: 8, randomId },
        { _: kind, message: rawMessage(8, inChannel(6n)), pts: 1, ptsCount: 1 } as Api.Update,
      ], { users: [] });
  const context = await contextOf([
    ["messages.sendMessage", { scheduleDate: 2_000_000_000 }, answer("updateNewScheduledMessage")],
    ["messages.sendMessage", {}, answer("updateNewChannelMessage")],
  ]);
  const later = await sendMessage(context, "@news", "Hi", { schedule: 2_000_000_000 });
  assertEquals([later.id, later.chat.kind], [8, "channel"]);
  const now = await sendMessage(context, "@news", "Hi");
  // The channel did not come along: it is known from the request.
  assertEquals<unknown>(now.chat.input, INPUT_NEWS);
  context.finish();
});
