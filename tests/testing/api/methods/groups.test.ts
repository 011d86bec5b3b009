/**
 * Basic groups on the offline Telegram: https://core.telegram.org/api/channel#basic-groups
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { asInput, basicGroup, chatWorld, peerTo, RANGE, updatesIn } from "../chat_world.ts";
import { assertRefused } from "../fixture.ts";

Deno.test("messages.createChat tells each member of the group by a message in its own box", () => {
  const world = chatWorld();
  const { ada, charles, bot } = world;
  const users = ["charles_b", "test_777_bot"].map((name) => asInput(peerTo(ada, name)));
  const { updates, missingInvitees } = ada("messages.createChat", { users, title: "Engines" });
  assertEquals(missingInvitees, []);
  const answer = updates as TlObject & { updates: TlObject[]; chats: TlObject[] };
  assertEquals(answer.updates.map(({ _ }) => _), ["updateChatParticipants", "updateNewMessage"]);
  const [chat] = answer.chats;
  assertEquals([chat._, chat.title, chat.creator, chat.participantsCount], [
    "chat",
    "Engines",
    true,
    3,
  ]);
  const [members, created] = updatesIn(charles.pushed());
  assertEquals([members._, created._, created.pts], [
    "updateChatParticipants",
    "updateNewMessage",
    2,
  ]);
  assertEquals((created.message as TlObject).action, {
    _: "messageActionChatCreate",
    title: "Engines",
    users: [ada.id, charles.id, 777n],
  });
  const [joined] = updatesIn(bot.pushed());
  assertEquals([joined._, joined.qts, joined.userId], ["updateChatParticipant", 1, 777n]);
});

Deno.test("a message in a basic group has an id and a pts of its own in each member's box", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const group = basicGroup(world);
  charles.send({ _: "inputPeerSelf" }, "a note that moves the ids of Charles");
  const sent = ada.send(group, "Hello!");
  const [idOf, own] = sent.updates as TlObject[];
  assertEquals([sent._, idOf._, own._, own.ptsCount], [
    "updates",
    "updateMessageID",
    "updateNewMessage",
    1,
  ]);
  const [theirs] = charles.pushed();
  assertEquals([theirs._, theirs.fromId, theirs.chatId, theirs.id, theirs.pts], [
    "updateShortChatMessage",
    ada.id,
    group.chatId,
    (idOf.id as number) + 1,
    (own.pts as number) + 1,
  ]);
  charles.send(group, "Hi!", { replyTo: { _: "inputReplyToMessage", replyToMsgId: theirs.id } });
  const [reply] = ada.pushed();
  assertEquals((reply.replyTo as TlObject).replyToMsgId, idOf.id, "in Ada's numbers");
  assertEquals(reply.mentioned, true);
});

Deno.test("a bot in privacy mode receives what is for it, and nothing else moves its pts", () => {
  const world = chatWorld();
  const { ada, bot } = world;
  const group = basicGroup(world);
  const { pts } = bot("updates.getState");
  ada.send(group, "not for a bot");
  ada.send(group, "/start@other_bot");
  assertEquals([bot.pushed(), bot("updates.getState").pts], [[], pts]);
  ada.send(group, "/start");
  ada.send(group, "/help@Test_777_Bot now");
  ada.send(group, "dear @test_777_bot");
  const texts = bot.pushed().map(({ message }) => message);
  assertEquals(texts, ["/start", "/help@Test_777_Bot now", "dear @test_777_bot"]);
  bot.send(group, "Here I am");
  const [mine] = ada.pushed();
  ada.send(group, "thanks", { replyTo: { _: "inputReplyToMessage", replyToMsgId: mine.id } });
  assertEquals(bot.pushed().map(({ message }) => message), ["thanks"]);
});

Deno.test("a bot without privacy mode receives all messages of a group", () => {
  const world = chatWorld({ bots: [{ token: "777:TESTTOKEN", privacy: false }] });
  const { ada, bot } = world;
  const group = basicGroup(world);
  ada.send(group, "for everyone");
  assertEquals(bot.pushed().map(({ message }) => message), ["for everyone"]);
});

Deno.test("messages.addChatUser and deleteChatUser change who receives messages", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const group = basicGroup(world);
  const { chatId } = group;
  const userId = asInput(peerTo(ada, "charles_b"));
  ada("messages.deleteChatUser", { chatId, userId });
  const left = updatesIn(charles.pushed()).at(-1)?.message as TlObject;
  assertEquals((left.action as TlObject)._, "messageActionChatDeleteUser");
  ada.send(group, "without Charles");
  assertEquals(charles.pushed(), []);
  assertRefused(() => charles.send(group, "x"), 403, "CHAT_WRITE_FORBIDDEN");
  const [seen] = charles("messages.getChats", { id: [chatId] }).chats as TlObject[];
  assertEquals(seen._, "chatForbidden");
  ada("messages.addChatUser", { chatId, userId, fwdLimit: 0 });
  ada.send(group, "with Charles");
  assertEquals(charles.pushed().at(-1)?.message, "with Charles");
  const again = { chatId, userId, fwdLimit: 0 };
  assertRefused(() => ada("messages.addChatUser", again), 400, "USER_ALREADY_PARTICIPANT");
  const stranger = { chatId: 1n, userId };
  assertRefused(() => ada("messages.deleteChatUser", stranger), 400, "CHAT_ID_INVALID");
});

Deno.test("messages.getFullChat lists the members, and messages.getDialogs the group", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const group = basicGroup(world);
  charles.send(group, "one");
  const { fullChat, users } = ada("messages.getFullChat", { chatId: group.chatId });
  const { participants } = (fullChat as TlObject).participants as { participants: TlObject[] };
  assertEquals(participants.map(({ _ }) => _), [
    "chatParticipantCreator",
    "chatParticipant",
    "chatParticipant",
  ]);
  assertEquals((users as TlObject[]).length, 3);
  const { dialogs } = ada("messages.getDialogs", { ...RANGE, offsetPeer: { _: "inputPeerEmpty" } });
  const [{ peer, unreadCount }] = dialogs as TlObject[];
  assertEquals([peer, unreadCount], [{ _: "peerChat", chatId: group.chatId }, 1]);
});
