/** Scenarios 13 to 16: short packets, unknown peers, and answers to calls. */
import type { Api } from "../../src/tl/mod.ts";
import type { Delivery } from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import {
  assertIdle,
  boxesAt,
  channelDifference,
  channelPeer,
  complete,
  difference,
  fresh,
  give,
  message,
  names,
  packet,
  PERSON,
  post,
  posts,
  serverState,
} from "./boxes_world.ts";

const MYSELF: Api.Peer = { _: "peerUser", userId: 1n };

function short(pts: number, out?: boolean): Api.updateShortMessage {
  const rest = { id: pts, userId: 2n, message: "Hi", pts, ptsCount: 1, date: 1001 };
  return { _: "updateShortMessage", out, ...rest };
}

function shortInChat(pts: number, fromId: bigint): Api.updateShortChatMessage {
  const rest = { id: pts, chatId: 3n, message: "Hi", pts, ptsCount: 1, date: 1001 };
  return { _: "updateShortChatMessage", fromId, ...rest };
}

function sent(pts: number): Api.updateShortSentMessage {
  return { _: "updateShortSentMessage", out: true, id: pts, pts, ptsCount: 1, date: 1001 };
}

function messageIn(deliveries: readonly Delivery[]): Api.message {
  assertEquals(deliveries.length, 1);
  const { update } = deliveries[0];
  assert(update._ === "updateNewMessage" && update.message._ === "message");
  return update.message;
}

Deno.test("13: a short message has the peer of its chat and of its sender", () => {
  const boxes = boxesAt();
  const incoming = messageIn(boxes.receive(short(101), 0));
  assertEquals([incoming.peerId, incoming.fromId], [PERSON, PERSON]);
  assertEquals([incoming.id, incoming.message, incoming.date], [101, "Hi", 1001]);
  const outgoing = messageIn(boxes.receive(short(102, true), 0));
  assertEquals([outgoing.peerId, outgoing.fromId, outgoing.out], [PERSON, MYSELF, true]);
  const inChat = messageIn(boxes.receive(shortInChat(103, 4n), 0));
  assertEquals(inChat.peerId, { _: "peerChat", chatId: 3n });
  assertEquals(inChat.fromId, { _: "peerUser", userId: 4n });
  assertEquals([boxes.state?.pts, boxes.state?.date], [103, 1001]);
});

Deno.test("13: a short message of an unknown sender is fetched by the difference", () => {
  for (const unknown of [short(101), shortInChat(101, 2n)]) {
    const boxes = boxesAt();
    const knows = (peer: Api.Peer): boolean => peer._ === "peerChat";
    assertEquals(boxes.receive(unknown, 0, { knows }), []);
    assertEquals(boxes.receive(short(102), 100, { knows: () => true }), [], "it waits behind");
    const want = difference(boxes, 0);
    assertEquals(want.request.pts, 100);
    // After the difference, a peer that is missing still is accepted.
    const answer = complete(serverState(101), [101]);
    assertEquals(names(boxes.answer(want, answer, 100)), ["101", "102"]);
    assertIdle(boxes, 1000);
  }
});

Deno.test("13: the peers of a message are its sender, reply, forward, bot and mentions", () => {
  const user = (userId: bigint): Api.Peer => ({ _: "peerUser", userId });
  const full: Api.message = {
    ...message(101),
    fromId: user(3n),
    fwdFrom: { _: "messageFwdHeader", date: 1, fromId: user(4n), savedFromPeer: user(5n) },
    viaBotId: 6n,
    replyTo: { _: "messageReplyHeader", replyToPeerId: channelPeer(8n) },
    entities: [{ _: "messageEntityMentionName", offset: 0, length: 1, userId: 9n }],
    media: {
      _: "messageMediaContact",
      phoneNumber: "",
      firstName: "",
      lastName: "",
      vcard: "",
      userId: 10n,
    },
  };
  const asked: bigint[] = [];
  const knows = (peer: Api.Peer): boolean => {
    asked.push(peer._ === "peerUser" ? peer.userId : peer._ === "peerChannel" ? -8n : 0n);
    return true;
  };
  assertEquals(give(boxesAt(), 0, [{ ...fresh(101), message: full } as Api.Update], { knows }), [
    "101",
  ]);
  assertEquals(asked, [2n, 3n, -8n, 4n, 5n, 6n, 9n, 10n]);
});

Deno.test("13: a peer that the packet describes is known, in channels also in part", () => {
  const knows = (): boolean => false;
  const min: Api.User = { _: "user", id: 2n, min: true };
  const channel = { _: "channel", id: 7n, min: true } as Api.Chat;
  const described = { ...packet(fresh(101)), users: [{ ...min, min: undefined }] };
  assertEquals(names(boxesAt().receive(described, 0, { knows })), ["101"]);
  const inPart = { ...packet(fresh(101)), users: [min] };
  assertEquals(names(boxesAt().receive(inPart, 0, { knows })), []);
  const inChannel = { ...packet(post(7n, 21)), users: [min], chats: [channel] };
  assertEquals(names(boxesAt().receive(inChannel, 0, { knows })), ["c7:21"]);
  assertEquals(names(boxesAt().receive(packet(fresh(101)), 0, { knows, own: true })), ["101 own"]);
});

Deno.test("13: an unknown peer in a channel is fetched by the channel's difference", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [post(7n, 21)], { knows: () => false }), []);
  const want = channelDifference(boxes, 0);
  assertEquals(want.pts, 20);
  assertEquals(names(boxes.answer(want, posts(7n, 21, [21]), 100)), ["c7:21"]);
  // Nothing is lost if the channel cannot be fetched.
  assertEquals(give(boxes, 200, [post(7n, 22)], { knows: () => false }), []);
  const failure = { code: 400, text: "CHANNEL_PRIVATE" };
  assertEquals(names(boxes.fail(channelDifference(boxes, 200), failure, 300)), ["c7:22"]);
});

Deno.test("13: a service message of a channel with unknown peers fetches the account, too", () => {
  const boxes = boxesAt();
  const service: Api.Update = {
    _: "updateNewChannelMessage",
    message: {
      _: "messageService",
      id: 1,
      peerId: channelPeer(7n),
      date: 1000,
      action: { _: "messageActionChatDeleteUser", userId: 5n },
    },
    pts: 21,
    ptsCount: 1,
  };
  assertEquals(give(boxes, 0, [service], { knows: ({ _ }) => _ === "peerChannel" }), []);
  difference(boxes, 0);
  channelDifference(boxes, 0);
});

Deno.test("14: a short answer to an own message moves the box, and is marked as own", () => {
  const boxes = boxesAt();
  const request = {
    _: "messages.sendMessage",
    peer: { _: "inputPeerUser", userId: 2n, accessHash: 5n },
    message: "Hello",
    replyTo: { _: "inputReplyToMessage", replyToMsgId: 9 },
  };
  const deliveries = boxes.receive(sent(101), 0, { own: true, request });
  assertEquals(names(deliveries), ["101 own"]);
  const own = messageIn(deliveries);
  assertEquals([own.peerId, own.fromId, own.message], [PERSON, MYSELF, "Hello"]);
  assertEquals(own.replyTo, { _: "messageReplyHeader", replyToMsgId: 9 });
  assertEquals(give(boxes, 0, [fresh(102)]), ["102"]);
  assertIdle(boxes, 1000);
});

Deno.test("14: a short answer that answers no request is fetched by the difference", () => {
  const boxes = boxesAt();
  assertEquals(boxes.receive(sent(101), 0), []);
  difference(boxes, 0);
});

Deno.test("14: an own message that waits is own, too, when the difference brings it", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(102)], { own: true }), []);
  const want = difference(boxes, 500);
  assertEquals(names(boxes.answer(want, complete(serverState(102), [101, 102]), 600)), [
    "101",
    "102 own",
  ]);
});

Deno.test("15: an update that is in the answer and in a packet is delivered once", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(101)], { own: true }), ["101 own"]);
  assertEquals(give(boxes, 0, [fresh(101)]), []);
  assertEquals(give(boxes, 0, [fresh(102)]), ["102"]);
  assertEquals(give(boxes, 0, [fresh(102)], { own: true }), []);
});

Deno.test("16: an answer that only moves a box leaves no gap behind it", () => {
  const affected = (pts: number) => ({ _: "messages.affectedMessages", pts, ptsCount: 3 });
  const boxes = boxesAt();
  assertEquals(boxes.affected({ _: "messages.deleteMessages" }, affected(103), 0), []);
  assertEquals(give(boxes, 0, [fresh(104)]), ["104"]);
  const input = { _: "inputChannel", channelId: 7n, accessHash: 1n };
  boxes.affected({ _: "channels.deleteMessages", channel: input }, affected(23), 0);
  assertEquals(give(boxes, 0, [post(7n, 24)]), ["c7:24"]);
  const peer = { _: "inputPeerChannel", channelId: 7n, accessHash: 1n };
  const history = { ...affected(27), _: "messages.affectedHistory", offset: 0 };
  boxes.affected({ _: "messages.readMentions", peer }, history, 0);
  assertEquals(give(boxes, 0, [post(7n, 28)]), ["c7:28"]);
  const before = boxes.state;
  boxes.affected({ _: "messages.deleteMessages" }, affected(0), 0);
  const empty = { _: "inputChannelEmpty" };
  boxes.affected({ _: "channels.deleteMessages", channel: empty }, affected(107), 0);
  boxes.affected({ _: "messages.sendMessage" }, { _: "other", pts: 107, ptsCount: 3 }, 0);
  assertEquals(boxes.state, before);
  assertIdle(boxes, 1000);
});

Deno.test("16: such an answer that comes before an update waits for it", () => {
  const boxes = boxesAt();
  const answer = { _: "messages.affectedMessages", pts: 104, ptsCount: 3 };
  assertEquals(boxes.affected({ _: "messages.deleteMessages" }, answer, 0), []);
  assertEquals(give(boxes, 100, [fresh(105)]), []);
  assertEquals(give(boxes, 200, [fresh(101)]), ["101", "105"]);
  assertEquals(boxes.state?.pts, 105);
});

Deno.test("13: a channel is not known by a basic group that has its id", () => {
  const boxes = boxesAt();
  const chats: Api.Chat[] = [{ _: "chatForbidden", id: 7n, title: "" }];
  const knows = ({ _ }: Api.Peer): boolean => _ === "peerUser";
  assertEquals(names(boxes.receive({ ...packet(post(7n, 21)), chats }, 0, { knows })), []);
  const known: Api.Chat[] = [{ _: "channelForbidden", id: 9n, accessHash: 1n, title: "" }];
  const other = { ...packet(post(9n, 21)), chats: known };
  assertEquals(names(boxes.receive(other, 0, { knows })), ["c9:21"]);
});
