/**
 * Channels and supergroups on the offline Telegram: https://core.telegram.org/api/channel
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import {
  asInput,
  BOT_PEER,
  channelDifference,
  chatWorld,
  peerTo,
  RANGE,
  supergroup,
  updatesIn,
} from "../chat_world.ts";
import { assertRefused } from "../fixture.ts";

Deno.test("a message in a supergroup moves the pts of the supergroup alone", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world);
  const { pts: own } = charles("updates.getState");
  const sent = ada.send(peer, "Hello!");
  const [idOf, read, message] = sent.updates as TlObject[];
  assertEquals([idOf._, read._, message._], [
    "updateMessageID",
    "updateReadChannelInbox",
    "updateNewChannelMessage",
  ]);
  assertEquals([message.pts, message.ptsCount, read.pts], [4, 1, 4]);
  const [theirs] = updatesIn(charles.pushed());
  assertEquals([theirs._, theirs.pts, theirs.ptsCount], ["updateNewChannelMessage", 4, 1]);
  assertEquals((theirs.message as TlObject).id, idOf.id, "one id for all");
  assertEquals(charles("updates.getState").pts, own);
  const { dialogs } = charles("messages.getDialogs", {
    ...RANGE,
    offsetPeer: { _: "inputPeerEmpty" },
  });
  const [{ pts, unreadCount }] = dialogs as TlObject[];
  assertEquals([pts, unreadCount], [4, 2], "and that Charles was added");
});

Deno.test("people receive authors whom they have not met as min; bots receive them in full", () => {
  const world = chatWorld();
  const { ada, charles, bot } = world;
  const peer = supergroup(world);
  ada("channels.editAdmin", {
    channel: asInput(peer),
    userId: asInput(BOT_PEER(world)),
    adminRights: { _: "chatAdminRights", deleteMessages: true },
  });
  bot.pushed();
  charles.pushed();
  const authorIn = (packet: TlObject): TlObject | undefined =>
    (packet.users as TlObject[]).find(({ id }) => id === ada.id);
  ada.send(peer, "one");
  const [packet] = charles.pushed();
  const author = authorIn(packet);
  assertEquals([author?.min, author?.firstName], [true, "User 1111"]);
  const [full] = bot.pushed();
  assertEquals(authorIn(full)?.min, undefined);
  const min = { _: "inputPeerUser", userId: ada.id, accessHash: author?.accessHash };
  assertRefused(() => charles.send(min, "x"), 400, "PEER_ID_INVALID");
  const msgId = (updatesIn([packet])[0].message as TlObject).id;
  const fromMessage = { _: "inputPeerUserFromMessage", peer, msgId, userId: ada.id };
  charles.send(fromMessage, "by where I saw you");
  assertEquals(ada.pushed().length, 1);
  assertRefused(() => bot.send(fromMessage, "x"), 400, "FROM_MESSAGE_BOT_DISABLED");
  charles("messages.getHistory", { peer, ...RANGE });
  ada.send(peer, "two");
  const [later] = charles.pushed();
  assertEquals(authorIn(later)?.min, undefined, "met in the history");
});

Deno.test("updates.getChannelDifference returns slices until it is final", () => {
  const world = chatWorld({ limits: { slice: 2, channelTimeout: 300 } });
  const { ada, charles } = world;
  const peer = supergroup(world);
  for (const text of ["1", "2", "3", "4", "5"]) ada.send(peer, text);
  let pts = 3;
  const parts: unknown[] = [];
  for (let isFinal = false; !isFinal;) {
    const part = channelDifference(charles, peer, pts);
    const texts = (part.newMessages as TlObject[]).map(({ message }) => message);
    parts.push([part._, texts, part.pts, part.final, part.timeout]);
    pts = part.pts as number;
    isFinal = part.final === true;
  }
  assertEquals(parts, [
    ["updates.channelDifference", ["1", "2"], 5, undefined, 300],
    ["updates.channelDifference", ["3", "4"], 7, undefined, 300],
    ["updates.channelDifference", ["5"], 8, true, 300],
  ]);
  const empty = channelDifference(charles, peer, 8);
  assertEquals([empty._, empty.pts, empty.final], ["updates.channelDifferenceEmpty", 8, true]);
});

Deno.test("updates.getChannelDifference is too long beyond its limit", () => {
  const world = chatWorld();
  const { ada, charles, bot } = world;
  const peer = supergroup(world);
  for (let i = 1; i <= 120; i++) ada.send(peer, `/${i}`);
  const answer = channelDifference(charles, peer, 1);
  assertEquals([answer._, answer.final], ["updates.channelDifferenceTooLong", true]);
  const { pts, topMessage } = answer.dialog as TlObject;
  assertEquals([pts, topMessage], [123, 122]);
  const texts = (answer.messages as TlObject[]).map(({ message }) => message);
  assertEquals([texts.length, texts[0], texts.at(-1)], [100, "/120", "/21"]);
  assertEquals(channelDifference(charles, peer, 23)._, "updates.channelDifference");
  assertEquals(channelDifference(charles, peer, 112, 1)._, "updates.channelDifferenceTooLong");
  const forBot = { ...peer, accessHash: 0n };
  assertEquals(channelDifference(bot, forBot, 1, 100_000)._, "updates.channelDifference");
});

Deno.test("updates.getChannelDifference refuses strangers, and a pts that cannot be", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world, { members: [] });
  assertRefused(() => channelDifference(charles, peer, 1), 400, "CHANNEL_PRIVATE");
  assertRefused(() => channelDifference(ada, peer, 0), 400, "PERSISTENT_TIMESTAMP_EMPTY");
  assertRefused(() => channelDifference(ada, peer, 99), 400, "PERSISTENT_TIMESTAMP_INVALID");
  const wrong = { ...peer, accessHash: 1n };
  assertRefused(() => channelDifference(ada, wrong, 1), 400, "CHANNEL_INVALID");
  ada("channels.updateUsername", { channel: asInput(peer), username: "super_group" });
  assertEquals(channelDifference(charles, peer, 1)._, "updates.channelDifference", "it is public");
});

Deno.test("a bot in privacy mode finds a gap in a supergroup, which its difference closes", () => {
  const world = chatWorld();
  const { ada, bot } = world;
  const peer = supergroup(world);
  ada.send(peer, "not for a bot");
  ada.send(peer, "/start");
  const [update] = updatesIn(bot.pushed());
  assertEquals([update.pts, update.ptsCount], [5, 1]);
  const { newMessages, pts } = channelDifference(bot, { ...peer, accessHash: 0n }, 3);
  assertEquals([(newMessages as TlObject[]).map(({ message }) => message), pts], [["/start"], 5]);
});

Deno.test("a public channel is found by its name, joined and left", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world, { members: [] });
  const channel = asInput(peer);
  assertRefused(() => charles.send(peer, "x"), 400, "CHANNEL_PRIVATE");
  ada("channels.updateUsername", { channel, username: "super_group" });
  assertRefused(
    () => ada("channels.updateUsername", { channel, username: "charles_b" }),
    400,
    "USERNAME_OCCUPIED",
  );
  assertEquals(peerTo(charles, "Super_Group"), peer);
  const { updates } = charles("channels.joinChannel", { channel }) as
    & { updates: TlObject }
    & TlObject;
  assertEquals((updates.updates as TlObject[]).map(({ _ }) => _), [
    "updateChannel",
    "updateNewChannelMessage",
  ]);
  charles.send(peer, "I am here");
  const { participants, count } = ada("channels.getParticipants", {
    channel,
    filter: { _: "channelParticipantsRecent" },
    offset: 0,
    limit: 10,
    hash: 0n,
  });
  assertEquals([(participants as TlObject[]).map(({ _ }) => _), count], [[
    "channelParticipantCreator",
    "channelParticipant",
  ], 2]);
  charles("channels.leaveChannel", { channel });
  assertRefused(() => charles.send(peer, "x"), 403, "CHAT_WRITE_FORBIDDEN");
});

Deno.test("a member that is banned learns of it by updateChannel, and cannot come back", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world);
  const participant = peerTo(ada, "charles_b");
  const bannedRights = { _: "chatBannedRights", viewMessages: true, untilDate: 0 };
  ada("channels.editBanned", { channel: asInput(peer), participant, bannedRights });
  const [packet] = charles.pushed();
  const { updates, chats, seq } = packet as { updates: TlObject[]; chats: TlObject[] } & TlObject;
  assertEquals(updates, [{ _: "updateChannel", channelId: peer.channelId }]);
  assertEquals([chats[0]._, seq], ["channelForbidden", 3]);
  assertEquals(charles("updates.getState").seq, 3);
  assertRefused(() => channelDifference(charles, peer, 1), 400, "CHANNEL_PRIVATE");
});

Deno.test("only administrators write in a channel, and its posts name no author", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const made = ada("channels.createChannel", { broadcast: true, title: "News", about: "" });
  const [{ id: channelId, accessHash, broadcast }] = made.chats as TlObject[];
  assertEquals(broadcast, true);
  const peer = { _: "inputPeerChannel", channelId, accessHash };
  const channel = asInput(peer);
  ada("channels.inviteToChannel", { channel, users: [asInput(peerTo(ada, "charles_b"))] });
  charles.pushed();
  assertRefused(() => charles.send(peer, "x"), 400, "CHAT_ADMIN_REQUIRED");
  const bots = [asInput(BOT_PEER(world))];
  assertRefused(() => ada("channels.inviteToChannel", { channel, users: bots }), 400, "USER_BOT");
  ada.send(peer, "Extra!");
  const [{ message }] = updatesIn(charles.pushed()) as { message: TlObject }[] & TlObject[];
  assertEquals([message.post, message.fromId, message.out], [true, undefined, undefined]);
});

Deno.test("updates.getDifference names the channels that had events since its date", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world);
  world.now++;
  const { pts, date } = charles("updates.getState") as TlObject & { date: number };
  world.now += 10;
  ada.send(peer, "missed");
  const ask = (since: number): TlObject =>
    charles("updates.getDifference", { pts, date: since, qts: 0 });
  const tooLong = { _: "updateChannelTooLong", channelId: peer.channelId, pts: 4 };
  assertEquals(ask(date).otherUpdates, [tooLong]);
  assertEquals((ask(date).chats as TlObject[])[0].id, peer.channelId);
  assertEquals(ask(date + 11)._, "updates.differenceEmpty");
});

Deno.test("updates.getDifference says that an account was added to a channel, or removed", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const { pts, date } = charles("updates.getState") as TlObject & { date: number };
  const ask = (since: number): TlObject =>
    charles("updates.getDifference", { pts, date: since, qts: 0 });
  const peer = supergroup(world);
  const { otherUpdates } = ask(date);
  assertEquals((otherUpdates as TlObject[]).map(({ _ }) => _), [
    "updateChannel",
    "updateChannelTooLong",
  ]);
  world.now += 10;
  const participant = peerTo(ada, "charles_b");
  const bannedRights = { _: "chatBannedRights", viewMessages: true, untilDate: 0 };
  ada("channels.editBanned", { channel: asInput(peer), participant, bannedRights });
  const missed = ask(date + 1);
  assertEquals((missed.otherUpdates as TlObject[]).map(({ _ }) => _), ["updateChannel"]);
  assertEquals((missed.chats as TlObject[])[0]._, "channelForbidden");
});

Deno.test("an invite link says where it leads, and lets an account in", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world, { members: [] });
  const { link } = ada("messages.exportChatInvite", { peer });
  const hash = String(link).split("+")[1];
  const seen = charles("messages.checkChatInvite", { hash });
  assertEquals([seen._, seen.title, seen.megagroup], ["chatInvite", "Super", true]);
  charles("messages.importChatInvite", { hash });
  assertEquals(charles("messages.checkChatInvite", { hash })._, "chatInviteAlready");
  charles.send(peer, "thank you");
  const again = () => charles("messages.importChatInvite", { hash });
  assertRefused(again, 400, "USER_ALREADY_PARTICIPANT");
  assertRefused(
    () => ada("messages.checkChatInvite", { hash: "0123" }),
    400,
    "INVITE_HASH_INVALID",
  );
  assertRefused(() => ada("messages.importChatInvite", { hash: "" }), 400, "INVITE_HASH_EMPTY");
});
