/**
 * The answers and updates of the offline API about groups, channels, bots and changed messages.
 */
import type { OfflineApi } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { caller, PHONE, START, TOKEN } from "../api/fixture.ts";
import type { Answer } from "./every_answer.ts";

const OTHER_PHONE = "+9996655555";
const SINCE_REACTIONS = 136;

/** Calls the methods of chats. */
export async function everyChatAnswer(api: OfflineApi, answers: Answer[]): Promise<void> {
  const by = (authKeyId: string, who: string) => {
    const session = caller({ authKeyId });
    api.signIn(who, session);
    return (method: string, params: Partial<TlObject> = {}, since?: number): TlObject => {
      const value = api.handle({ _: method, ...params }, session);
      if (!(value instanceof Promise)) answers.push({ method, value, since });
      return value as TlObject;
    };
  };
  const ada = by("g1", PHONE);
  const bob = by("g2", OTHER_PHONE);
  const bot = by("g3", TOKEN);
  let random = 1000n;
  const send = (who: typeof ada, peer: TlObject, message: string, more: Partial<TlObject> = {}) =>
    who("messages.sendMessage", { peer, message, randomId: random++, ...more });
  const user = (of: TlObject) => ({ ...of, _: "inputUser" });
  const found = ada("contacts.resolveUsername", { username: "test_777_bot" }).users as TlObject[];
  const botPeer = { _: "inputPeerUser", userId: 777n, accessHash: found[0].accessHash };
  const people = ada("contacts.resolvePhone", { phone: OTHER_PHONE }).users as TlObject[];
  const bobPeer = { _: "inputPeerUser", userId: people[0].id, accessHash: people[0].accessHash };
  const [self] = bob("contacts.resolveUsername", { username: "ada_l" }).users as TlObject[];
  const adaPeer = { _: "inputPeerUser", userId: self.id, accessHash: self.accessHash };

  // A basic group.
  const created = ada("messages.createChat", { users: [user(botPeer)], title: "Group" });
  const { chats } = created.updates as { chats: TlObject[] } & TlObject;
  const chatId = chats[0].id;
  const group = { _: "inputPeerChat", chatId };
  ada("messages.addChatUser", { chatId, userId: user(bobPeer), fwdLimit: 0 });
  ada("messages.editChatTitle", { chatId, title: "A group" });
  send(ada, group, "/start @test_777_bot #tag https://example.org");
  send(bob, group, "one");
  send(ada, group, "two", { replyTo: { _: "inputReplyToMessage", replyToMsgId: 6 } });
  ada("messages.getFullChat", { chatId });
  ada("messages.getChats", { id: [chatId] });
  ada("messages.getHistory", { peer: group, ...RANGE });
  ada("messages.setTyping", { peer: group, action: { _: "sendMessageTypingAction" } });
  ada("messages.readHistory", { peer: group, maxId: 0 });

  // A supergroup and a channel.
  const supergroup = ada("channels.createChannel", { megagroup: true, title: "Super", about: "a" });
  const [{ id: channelId, accessHash }] = supergroup.chats as TlObject[];
  const peer = { _: "inputPeerChannel", channelId, accessHash };
  const channel = { ...peer, _: "inputChannel" };
  ada("channels.updateUsername", { channel, username: "super_group" });
  bob("channels.joinChannel", { channel });
  ada("channels.inviteToChannel", { channel, users: [user(botPeer)] });
  ada("channels.editAdmin", {
    channel,
    userId: user(botPeer),
    adminRights: { _: "chatAdminRights", deleteMessages: true },
    rank: "",
  });
  send(bob, peer, "three");
  send(ada, peer, "four");
  ada("channels.getFullChannel", { channel });
  ada("channels.getChannels", { id: [channel] });
  const filter = { _: "channelParticipantsRecent" };
  ada("channels.getParticipants", { channel, filter, offset: 0, limit: 10, hash: 0n });
  ada("channels.getParticipant", { channel, participant: bobPeer });
  const found2 = ada("messages.getHistory", { peer, ...RANGE }).messages as TlObject[];
  const [last, first] = found2;
  ada("channels.getMessages", { channel, id: [{ _: "inputMessageID", id: last.id }] });
  ada("messages.search", {
    peer,
    q: "four",
    filter: EMPTY_FILTER,
    minDate: 0,
    maxDate: 0,
    ...RANGE,
  });
  bob("channels.readHistory", { channel, maxId: 0 });
  ada("channels.readHistory", { channel, maxId: 0 });
  ada("messages.editMessage", { peer, id: last.id, message: "four!" });
  const react = { peer, msgId: first.id, reaction: [{ _: "reactionEmoji", emoticon: "👍" }] };
  ada("messages.sendReaction", react, SINCE_REACTIONS);
  ada("messages.updatePinnedMessage", { peer, id: first.id });
  ada("messages.getHistory", { peer, ...RANGE });
  const ids = { id: [first.id], randomId: [random++] };
  ada("messages.forwardMessages", { fromPeer: peer, toPeer: bobPeer, ...ids });
  for (const pts of [1, 3]) {
    const request = { channel, filter: { _: "channelMessagesFilterEmpty" }, pts, limit: 100 };
    ada("updates.getChannelDifference", request);
    bot("updates.getChannelDifference", request);
  }
  const peers = [{ _: "inputDialogPeer", peer }];
  const [{ pts }] = ada("messages.getPeerDialogs", { peers }).dialogs as TlObject[];
  const latest = { channel, filter: { _: "channelMessagesFilterEmpty" }, pts, limit: 10 };
  ada("updates.getChannelDifference", latest);
  ada("channels.deleteMessages", { channel, id: [last.id] });
  ada("messages.exportChatInvite", { peer });
  const invite = ada("messages.exportChatInvite", { peer: group });
  const hash = String(invite.link).split("+")[1];
  ada("messages.checkChatInvite", { hash });
  bob("messages.deleteChatUser", { chatId, userId: { _: "inputUserSelf" } });
  bob("messages.checkChatInvite", { hash });
  bob("messages.importChatInvite", { hash });
  bob("channels.leaveChannel", { channel });
  const news = ada("channels.createChannel", { broadcast: true, title: "News", about: "" });
  const [{ id: newsId, accessHash: newsHash }] = news.chats as TlObject[];
  send(ada, { _: "inputPeerChannel", channelId: newsId, accessHash: newsHash }, "Extra!");

  // Private chats: edits, deletions, schedules.
  send(ada, bobPeer, "five");
  const sent = send(ada, bobPeer, "six");
  bob("messages.readHistory", { peer: adaPeer, maxId: 0 });
  ada("messages.editMessage", { peer: bobPeer, id: sent.id, message: "6" });
  ada("messages.updatePinnedMessage", { peer: bobPeer, id: sent.id });
  ada("messages.deleteMessages", { revoke: true, id: [sent.id] });
  send(ada, bobPeer, "later", { scheduleDate: START + 60 });
  ada("messages.getScheduledHistory", { peer: bobPeer, hash: 0n });
  ada("messages.sendScheduledMessages", { peer: bobPeer, id: [1] });
  ada("messages.deleteHistory", { peer: bobPeer, maxId: 0, revoke: true });

  await everyBotAnswer(ada, bot, { botPeer, adaPeer }, answers);
  ada("updates.getDifference", { pts: 1, date: 1, qts: 0 });
  bot("updates.getDifference", { pts: 1, date: 1, qts: 0 });
  ada("messages.getDialogs", { ...RANGE, offsetPeer: { _: "inputPeerEmpty" } });
  ada("users.getFullUser", { id: user(botPeer) });
}

const RANGE = {
  offsetId: 0,
  offsetDate: 0,
  addOffset: 0,
  limit: 100,
  maxId: 0,
  minId: 0,
  hash: 0n,
};
const EMPTY_FILTER = { _: "inputMessagesFilterEmpty" };

type Call = (method: string, params?: Partial<TlObject>, since?: number) => TlObject;

/** Adds the answers about buttons and inline queries. */
async function everyBotAnswer(
  ada: Call,
  bot: Call,
  { botPeer, adaPeer }: Record<"botPeer" | "adaPeer", TlObject>,
  answers: Answer[],
): Promise<void> {
  ada("messages.sendMessage", { peer: botPeer, message: "/start", randomId: 1n });
  const data = Uint8Array.of(1);
  const buttons = [
    { _: "keyboardButtonCallback", text: "Yes", data },
    { _: "keyboardButtonUrl", text: "Link", url: "https://example.org" },
  ];
  const rows = [{ _: "keyboardButtonRow", buttons }];
  const text = { peer: adaPeer, message: "?", randomId: 1n };
  bot("messages.sendMessage", { ...text, replyMarkup: { _: "replyInlineMarkup", rows } });
  const keys = [{ _: "keyboardButtonRow", buttons: [{ _: "keyboardButton", text: "No" }] }];
  const replyMarkup = { _: "replyKeyboardMarkup", rows: keys };
  bot("messages.sendMessage", { ...text, randomId: 2n, replyMarkup });
  const history = ada("messages.getHistory", { peer: botPeer, ...RANGE }).messages as TlObject[];
  const pressed = { peer: botPeer, msgId: history[1].id, data };
  const answer = ada("messages.getBotCallbackAnswer", pressed) as unknown as Promise<TlObject>;
  const queryOf = (name: string): unknown => {
    const values = answers.map(({ value }) => value as TlObject);
    const updates = values.flatMap((value) => (value?.updates ?? []) as TlObject[]);
    return updates.findLast(({ _ }) => _ === name)?.queryId;
  };
  const alert = { queryId: queryOf("updateBotCallbackQuery"), alert: true, message: "Yes!" };
  bot("messages.setBotCallbackAnswer", { ...alert, cacheTime: 0 });
  answers.push({ method: "messages.getBotCallbackAnswer", value: await answer });
  const query = { bot: { ...botPeer, _: "inputUser" }, peer: botPeer, query: "q", offset: "" };
  const found = ada("messages.getInlineBotResults", query) as unknown as Promise<TlObject>;
  const sendMessage = { _: "inputBotInlineMessageText", message: "Result" };
  const results = [{
    _: "inputBotInlineResult",
    id: "1",
    type: "article",
    title: "T",
    sendMessage,
  }];
  const queryId = queryOf("updateBotInlineQuery");
  bot("messages.setInlineBotResults", { queryId, results, cacheTime: 0 });
  const value = await found;
  answers.push({ method: "messages.getInlineBotResults", value });
  const chosen = { peer: botPeer, queryId: value.queryId, id: "1", randomId: 9n };
  ada("messages.sendInlineBotResult", chosen);
}
