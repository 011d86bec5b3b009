/**
 * Editing, deleting, reacting, pinning, reading and typing on the offline Telegram.
 * https://core.telegram.org/api/updates
 */
import { API_LAYER, type TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import {
  asInput,
  basicGroup,
  BOT_PEER,
  chatWorld,
  peerTo,
  RANGE,
  supergroup,
  updatesIn,
} from "../chat_world.ts";
import { assertRefused } from "../fixture.ts";
import { texts } from "../conversations.ts";

Deno.test("messages.editMessage changes a private message for both, each with its own pts", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = peerTo(ada, "charles_b");
  charles.send({ _: "inputPeerSelf" }, "a note that moves the pts of Charles");
  const { id } = ada.send(peer, "one");
  charles.pushed();
  world.now++;
  const answer = ada("messages.editMessage", { peer, id, message: "1" });
  const [own] = answer.updates as TlObject[];
  assertEquals([own._, own.pts, own.ptsCount], ["updateEditMessage", 3, 1]);
  const [theirs] = updatesIn(charles.pushed());
  const { id: theirId, message, editDate } = theirs.message as TlObject;
  assertEquals([theirs._, theirs.pts, theirId, message, editDate], [
    "updateEditMessage",
    4,
    2,
    "1",
    world.now,
  ]);
  const same = { peer, id, message: "1" };
  assertRefused(() => ada("messages.editMessage", same), 400, "MESSAGE_NOT_MODIFIED");
  const strange = { peer: peerTo(charles, "ada_l"), id: theirId, message: "x" };
  assertRefused(() => charles("messages.editMessage", strange), 403, "MESSAGE_AUTHOR_REQUIRED");
  const none = { peer, id: 99, message: "x" };
  assertRefused(() => ada("messages.editMessage", none), 400, "MESSAGE_ID_INVALID");
});

Deno.test("messages.deleteMessages with revoke deletes for all, and without for oneself", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = peerTo(ada, "charles_b");
  const ids = ["one", "two", "three"].map((text) => ada.send(peer, text).id);
  charles.pushed();
  const affected = ada("messages.deleteMessages", { revoke: true, id: ids.slice(0, 2) });
  assertEquals(affected, { _: "messages.affectedMessages", pts: 6, ptsCount: 2 });
  const [update] = updatesIn(charles.pushed());
  assertEquals(update, { _: "updateDeleteMessages", messages: [1, 2], pts: 6, ptsCount: 2 });
  ada("messages.deleteMessages", { id: [ids[2]] });
  assertEquals(charles.pushed(), []);
  assertEquals(texts(ada("messages.getHistory", { peer, ...RANGE })), []);
  const history = charles("messages.getHistory", { peer: peerTo(charles, "ada_l"), ...RANGE });
  assertEquals(texts(history), ["three"]);
  const nothing = ada("messages.deleteMessages", { id: [99] });
  assertEquals([nothing.pts, nothing.ptsCount], [7, 0]);
});

Deno.test("channels.deleteMessages moves the pts of the channel by the number of messages", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world);
  const channel = asInput(peer);
  const ids = [ada.send(peer, "one"), charles.send(peer, "two")].map(({ updates }) =>
    (updates as TlObject[])[0].id
  );
  charles.pushed();
  const request = { channel, id: ids };
  assertRefused(() => charles("channels.deleteMessages", request), 403, "MESSAGE_DELETE_FORBIDDEN");
  const affected = ada("channels.deleteMessages", request);
  assertEquals(affected, { _: "messages.affectedMessages", pts: 7, ptsCount: 2 });
  const [update] = updatesIn(charles.pushed());
  assertEquals(update, {
    _: "updateDeleteChannelMessages",
    channelId: peer.channelId,
    messages: ids,
    pts: 7,
    ptsCount: 2,
  });
});

Deno.test("messages.readHistory moves the pts of the reader and of the author", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = peerTo(ada, "charles_b");
  for (const text of ["one", "two", "three"]) ada.send(peer, text);
  const back = peerTo(charles, "ada_l");
  const read = charles("messages.readHistory", { peer: back, maxId: 2 });
  assertEquals(read, { _: "messages.affectedMessages", pts: 5, ptsCount: 1 });
  const [update] = updatesIn(ada.pushed());
  assertEquals(update, {
    _: "updateReadHistoryOutbox",
    peer: { _: "peerUser", userId: charles.id },
    maxId: 2,
    pts: 5,
    ptsCount: 1,
  });
  const again = charles("messages.readHistory", { peer: back, maxId: 2 });
  assertEquals([again.pts, again.ptsCount], [5, 0]);
  const { dialogs } = charles("messages.getPeerDialogs", {
    peers: [{ _: "inputDialogPeer", peer: back }],
  });
  const [{ unreadCount, readInboxMaxId }] = dialogs as TlObject[];
  assertEquals([unreadCount, readInboxMaxId], [1, 2]);
  const missed = charles("updates.getDifference", { pts: 4, date: world.now, qts: 0 });
  assertEquals((missed.otherUpdates as TlObject[])[0]._, "updateReadHistoryInbox");
});

Deno.test("channels.readHistory moves no pts, and tells authors by updateReadChannelOutbox", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world);
  ada.send(peer, "one");
  charles("channels.readHistory", { channel: asInput(peer), maxId: 0 });
  const [packet] = ada.pushed();
  const update = { _: "updateReadChannelOutbox", channelId: peer.channelId, maxId: 3 };
  assertEquals([packet._, packet.update], ["updateShort", update]);
});

Deno.test("messages.sendReaction tells people without a pts, and bots with a qts", () => {
  const world = chatWorld();
  const { ada, charles, bot } = world;
  const peer = supergroup(world);
  const userId = asInput(BOT_PEER(world));
  const adminRights = { _: "chatAdminRights", deleteMessages: true };
  ada("channels.editAdmin", { channel: asInput(peer), userId, adminRights });
  const [{ id: msgId }] = ada.send(peer, "one").updates as TlObject[];
  const reaction = [{ _: "reactionEmoji", emoticon: "👍" }];
  for (const one of [ada, charles, bot]) one.pushed();
  charles("messages.sendReaction", { peer, msgId, reaction });
  const [update] = updatesIn(ada.pushed());
  const { results } = update.reactions as { results: TlObject[] };
  assertEquals([update._, update.pts, results[0].count], ["updateMessageReactions", undefined, 1]);
  const [forBot] = updatesIn(bot.pushed());
  assertEquals([forBot._, forBot.qts, forBot.newReactions], [
    "updateBotMessageReaction",
    3,
    reaction,
  ]);
  const again = { peer, msgId, reaction };
  assertRefused(() => charles("messages.sendReaction", again), 400, "MESSAGE_NOT_MODIFIED");
  charles("messages.sendReaction", { peer, msgId });
  const { messages } = ada("messages.getHistory", { peer, ...RANGE, limit: 1 });
  assertEquals((messages as TlObject[])[0].reactions, undefined);
});

Deno.test("messages.sendReaction refuses a text that is no reaction of Telegram", () => {
  const world = chatWorld();
  const { ada } = world;
  const peer = supergroup(world);
  const [{ id: msgId }] = ada.send(peer, "one").updates as TlObject[];
  const react = (emoticon: string) =>
    ada("messages.sendReaction", { peer, msgId, reaction: [{ _: "reactionEmoji", emoticon }] });
  for (const emoticon of ["x", "", "\u{1f345}", "\u{1f44d}\u{1f44d}", ":+1:", "\u2764\u{1f525}"]) {
    assertRefused(() => react(emoticon), 400, "REACTION_INVALID");
  }
  const heartOnFire = "\u2764\u200d\u{1f525}";
  for (const emoticon of ["\u2764", "\u{1f44e}", "\u2764\ufe0f", heartOnFire]) react(emoticon);
});

Deno.test("messages.updatePinnedMessage moves the pts of each box that has the message", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = peerTo(ada, "charles_b");
  const { id } = ada.send(peer, "one");
  charles.pushed();
  ada("messages.updatePinnedMessage", { peer, id });
  const [update] = updatesIn(charles.pushed());
  assertEquals([update._, update.pinned, update.messages], ["updatePinnedMessages", true, [1]]);
  const filter = { _: "inputMessagesFilterPinned" };
  const search = { peer, q: "", filter, minDate: 0, maxDate: 0, ...RANGE };
  assertEquals(texts(ada("messages.search", search)), ["one"]);
});

Deno.test("messages.setTyping is an updateShort, which bots do not receive", () => {
  const world = chatWorld();
  const { ada, charles, bot } = world;
  const group = basicGroup(world);
  const action = { _: "sendMessageTypingAction" };
  ada("messages.setTyping", { peer: group, action });
  const [packet] = charles.pushed();
  assertEquals([packet._, (packet.update as TlObject)._], ["updateShort", "updateChatUserTyping"]);
  assertEquals(bot.pushed(), []);
});

Deno.test("messages.forwardMessages names the first author, or none with drop_author", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world);
  const ids = ["one", "two"].map((text) => (charles.send(peer, text).updates as TlObject[])[0].id);
  const toPeer = peerTo(ada, "test_777_bot");
  const request = { fromPeer: peer, id: ids, toPeer };
  const { updates } = ada("messages.forwardMessages", { ...request, randomId: [1n, 2n] });
  assertEquals((updates as TlObject[]).map(({ _ }) => _), [
    "updateMessageID",
    "updateNewMessage",
    "updateMessageID",
    "updateNewMessage",
  ]);
  const { fwdFrom, message } = (updates as TlObject[])[1].message as TlObject;
  assertEquals([message, (fwdFrom as TlObject).fromId], [
    "one",
    { _: "peerUser", userId: charles.id },
  ]);
  const without = { ...request, dropAuthor: true, randomId: [3n, 4n] };
  const copied = ada("messages.forwardMessages", without).updates as TlObject[];
  assertEquals((copied[1].message as TlObject).fwdFrom, undefined);
  const few = { ...request, randomId: [5n] };
  assertRefused(() => ada("messages.forwardMessages", few), 400, "RANDOM_ID_INVALID");
});

Deno.test("a scheduled message has an id of its own series, and is sent at its time", () => {
  const world = chatWorld();
  const { ada, charles, api } = world;
  const peer = peerTo(ada, "charles_b");
  const { pts } = ada("updates.getState");
  const scheduleDate = world.now + 60;
  const { updates } = ada.send(peer, "later", { scheduleDate });
  const [idOf, waiting] = updates as TlObject[];
  assertEquals([idOf.id, waiting._], [1, "updateNewScheduledMessage"]);
  assertEquals([ada("updates.getState").pts, charles.pushed()], [pts, []]);
  assertEquals(texts(ada("messages.getScheduledHistory", { peer, hash: 0n })), ["later"]);
  world.now += 60;
  api.handle({ _: "help.getNearestDc" }, {
    dcId: 2,
    authKeyId: "x",
    sessionId: 1n,
    layer: API_LAYER,
  });
  const [, done] = ada.pushed();
  const { messages, sentMessages } = updatesIn([done])[0];
  assertEquals([messages, sentMessages], [[1], [1]]);
  const [sent] = updatesIn(charles.pushed());
  assertEquals((sent.message as TlObject).fromScheduled, true);
  const late = { scheduleDate: world.now + 400 * 86_400 };
  assertRefused(() => ada.send(peer, "x", late), 400, "SCHEDULE_DATE_TOO_LATE");
});

Deno.test("updates.getDifference returns slices, and each event once", () => {
  const world = chatWorld({ limits: { slice: 2 } });
  const { ada } = world;
  const peer = peerTo(ada, "charles_b");
  const ids = ["1", "2", "3"].map((text) => ada.send(peer, text).id);
  ada("messages.deleteMessages", { id: [ids[1]] });
  let state: TlObject = { _: "updates.state", pts: 1, qts: 0, date: world.now };
  const parts: unknown[] = [];
  for (let isLast = false; !isLast;) {
    const { pts, qts, date } = state;
    const part = ada("updates.getDifference", { pts, qts, date });
    isLast = part._ === "updates.difference";
    state = (part.intermediateState ?? part.state) as TlObject;
    const others = (part.otherUpdates as TlObject[]).map(({ _ }) => _);
    parts.push([part._, texts({ ...part, messages: part.newMessages }), others, state.pts]);
  }
  const id = "updateMessageID";
  assertEquals(parts, [
    ["updates.differenceSlice", ["1"], [id], 3],
    ["updates.difference", ["3"], [id, "updateDeleteMessages"], 5],
  ]);
});

Deno.test("updates.getDifference is too long beyond pts_total_limit", () => {
  const world = chatWorld();
  const { ada } = world;
  const peer = peerTo(ada, "charles_b");
  for (const text of ["1", "2", "3"]) ada.send(peer, text);
  const ask = (ptsTotalLimit: number): TlObject =>
    ada("updates.getDifference", { pts: 1, qts: 0, date: world.now, ptsTotalLimit });
  assertEquals(ask(2), { _: "updates.differenceTooLong", pts: 4 });
  assertEquals(ask(3)._, "updates.difference");
});
