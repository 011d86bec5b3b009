/** Scenarios 11 and 12: the sequence of bots and secret chats, and that of the packets. */
import type { Api } from "../../src/tl/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import {
  assertIdle,
  BOT,
  boxesAt,
  complete,
  difference,
  fresh,
  give,
  names,
  packet,
  serverState,
  START,
  stopped,
  typing,
} from "./boxes_world.ts";

/** A packet with a number and an update without a place. */
function numbered(seq: number, ...updates: Api.Update[]): Api.updates {
  return { ...packet(typing(), ...updates), seq };
}

const TYPING = ["updateUserTyping"];

Deno.test("11: events are in the order of qts, and a qts of 0 has no place", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [stopped(11)]), ["q11"]);
  assertEquals(give(boxes, 0, [stopped(11)]), []);
  assertEquals(give(boxes, 0, [stopped(13)]), []);
  assertEquals(give(boxes, 0, [stopped(0)]), ["q0"]);
  assertEquals(boxes.state?.qts, 11);
  const want = difference(boxes, 500);
  assertEquals(want.request.qts, 11);
  const answer = complete(serverState(100, { qts: 13 }), [], [stopped(12), stopped(13)]);
  assertEquals(names(boxes.answer(want, answer, 600)), ["q12", "q13"]);
  assertEquals(boxes.state?.qts, 13);
});

Deno.test("12: a packet is taken at its number, and ignored when it is old", () => {
  const boxes = boxesAt();
  assertEquals(names(boxes.receive(numbered(6), 0)), TYPING);
  assertEquals(names(boxes.receive(numbered(6), 0)), []);
  assertEquals(boxes.state?.seq, 6);
  assertIdle(boxes, 1000);
});

Deno.test("12: a gap between packets is fetched at once", () => {
  const boxes = boxesAt();
  assertEquals(names(boxes.receive(numbered(7), 0)), []);
  const want = difference(boxes, 0);
  assertEquals(names(boxes.receive(numbered(8), 50)), []);
  const answer = complete(serverState(100, { seq: 7 }), [], [typing()]);
  assertEquals(names(boxes.answer(want, answer, 100)), [...TYPING, ...TYPING]);
  assertEquals(boxes.state?.seq, 8);
});

Deno.test("12: a packet without a number is taken, and leaves the number", () => {
  const boxes = boxesAt();
  assertEquals(names(boxes.receive({ ...numbered(0), date: 1005 }, 0)), TYPING);
  assertEquals([boxes.state?.seq, boxes.state?.date], [5, 1005]);
  boxes.receive({ ...numbered(0), date: 1004 }, 0);
  assertEquals(boxes.state?.date, 1005, "an earlier date comes late");
});

Deno.test("12: a combined packet is taken at its first number, and leaves its last", () => {
  const boxes = boxesAt();
  const { _, ...rest } = numbered(8);
  const combined: Api.updatesCombined = { ...rest, _: "updatesCombined", seqStart: 6 };
  assertEquals(names(boxes.receive(combined, 0)), TYPING);
  assertEquals(boxes.state?.seq, 8);
});

Deno.test("12: of an old packet, an update with a place of its own is taken", () => {
  const boxes = boxesAt();
  assertEquals(names(boxes.receive(numbered(6), 0)), TYPING);
  assertEquals(names(boxes.receive(numbered(6, fresh(101)), 0)), ["101"]);
});

Deno.test("a query of a bot is delivered at once and once, though its packet waits", () => {
  const query: Api.Update = {
    _: "updateInlineBotCallbackQuery",
    queryId: 1n,
    userId: 2n,
    msgId: { _: "inputBotInlineMessageID", dcId: 2, id: 1n, accessHash: 1n },
    chatInstance: 1n,
  };
  const boxes = boxesAt();
  assertEquals(names(boxes.receive(numbered(7, query), 0)), [query._]);
  assertEquals(names(boxes.receive(numbered(7, query), 0)), []);
  assertEquals(names(boxes.receive(numbered(6), 100)), [...TYPING, ...TYPING]);
});

Deno.test("The first event of a bot is the next one: the qts before it is 0", () => {
  const boxes = boxesAt({ ...START, qts: 0 }, BOT);
  assertEquals(names(boxes.receive(packet(stopped(1)), 0)), ["q1"]);
  assertIdle(boxes, 0);
  assertEquals(boxes.state?.qts, 1);
});
