/** Scenarios 17, 18, 22 and 26: differences, and the state that survives a restart. */
import { ConsumedState, MessageBoxes, type UpdatesState } from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import {
  assertIdle,
  assertPosition,
  boxesAt,
  channelDifference,
  complete,
  deletion,
  difference,
  fresh,
  give,
  message,
  names,
  nothing,
  packet,
  post,
  range,
  read,
  SELF,
  serverState,
  slice,
  START,
  stopped,
} from "./boxes_world.ts";

/** Starts anew from the kept state. */
function restart(kept: ConsumedState): MessageBoxes {
  const { state } = kept;
  assert(state !== undefined);
  return new MessageBoxes({ self: SELF, state });
}

Deno.test("17: a slice is kept once it is consumed, and the next start goes on from it", () => {
  const boxes = new MessageBoxes({ self: SELF, state: START });
  const kept = new ConsumedState(boxes);
  const delivered: string[] = [];
  const first = difference(boxes, 0);
  const deliveries = boxes.answer(first, slice(serverState(150), range(101, 150)), 0);
  delivered.push(...names(deliveries));
  for (const delivery of deliveries) kept.consume(delivery);
  // The process is killed with the second slice in flight.
  assertEquals(difference(boxes, 0).request.pts, 150);
  const again = restart(kept);
  const second = difference(again, 0);
  assertEquals(second.request.pts, 150);
  delivered.push(...names(again.answer(second, slice(serverState(200), range(151, 200)), 0)));
  const third = difference(again, 0);
  delivered.push(...names(again.answer(third, complete(serverState(210), range(201, 210)), 0)));
  assertEquals(delivered, range(101, 210).map(String));
  assertEquals(again.state?.pts, 210);
  assertIdle(again, 0);
});

Deno.test("17: within a slice, each message that is consumed is kept", () => {
  const boxes = new MessageBoxes({ self: SELF, state: START });
  const kept = new ConsumedState(boxes);
  const want = difference(boxes, 0);
  for (const one of boxes.answer(want, slice(serverState(150), range(101, 150)), 0).slice(0, 7)) {
    kept.consume(one);
  }
  assertEquals(kept.state?.pts, 107);
});

Deno.test("17: a difference whose order is not known is kept when all of it is consumed", () => {
  const boxes = new MessageBoxes({ self: SELF, state: START });
  const kept = new ConsumedState(boxes);
  // Of five numbers, three are told: the message of 103 may be deleted again.
  const answer = complete(serverState(105), [101, 102], [read(105, 1)]);
  const deliveries = boxes.answer(difference(boxes, 0), answer, 0);
  assertEquals(names(deliveries), ["101", "102", "read 105"]);
  for (const one of deliveries.slice(0, 2)) kept.consume(one);
  assertEquals(kept.state?.pts, 100);
  kept.consume(deliveries[2]);
  assertEquals(kept.state?.pts, 105);
});

Deno.test("17: what is kept stays kept when the next update comes, and is not consumed", () => {
  const boxes = new MessageBoxes({ self: SELF, state: START });
  const kept = new ConsumedState(boxes);
  const answer = complete(serverState(105), [101, 102], [read(105, 1)]);
  for (const one of boxes.answer(difference(boxes, 0), answer, 0)) kept.consume(one);
  assertEquals(kept.state?.pts, 105);
  const [next] = give(boxes, 0, [fresh(106)]);
  assertEquals([next, kept.state?.pts], ["106", 105]);
});

Deno.test("the messages of a difference go between its other updates, by their numbers", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const want = difference(boxes, 0);
  const others = [deletion(108, 3), read(102)];
  const answer = complete(serverState(109), [1, 2, 3, 4, 5, 6], others);
  assertEquals(names(boxes.answer(want, answer, 0)), [
    ...["1", "2", "read 102", "3", "4", "5", "deletion 108", "6"],
  ]);
});

Deno.test("18: a too long difference is told as a gap, and the account goes on behind it", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const tooLong = { _: "updates.differenceTooLong", pts: 9000 } as const;
  const deliveries = boxes.answer(difference(boxes, 0), tooLong, 0);
  assertEquals(deliveries.map(({ update }) => update), [
    { _: "gap", sequence: "pts", from: 100, to: 9000, reason: "too long" },
  ]);
  const want = difference(boxes, 0);
  assertEquals(want.request.pts, 9000);
  assertEquals(names(boxes.answer(want, complete(serverState(9001), [9001]), 0)), ["9001"]);
  assertEquals(boxes.state?.pts, 9001);
});

Deno.test("22: updates that come while the difference with them is in flight come once", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const want = difference(boxes, 0);
  assertEquals(give(boxes, 10, [fresh(101), fresh(102)]), []);
  assertEquals(give(boxes, 20, [fresh(103)]), []);
  assertEquals(give(boxes, 30, [fresh(104)]), []);
  const answer = complete(serverState(103), [101, 102, 103]);
  assertEquals(names(boxes.answer(want, answer, 100)), ["101", "102", "103", "104"]);
  assertIdle(boxes, 1000);
});

Deno.test("26: a restart brings again what was not consumed, and nothing else", () => {
  const boxes = boxesAt();
  const kept = new ConsumedState(boxes);
  const deliveries = boxes.receive(packet(...range(101, 105).map((pts) => fresh(pts))), 0);
  for (const delivery of deliveries.slice(0, 3)) kept.consume(delivery);
  const again = restart(kept);
  const want = difference(again, 0);
  assertEquals(want.request.pts, 103);
  assertEquals(names(again.answer(want, complete(serverState(105), [104, 105]), 0)), [
    "104",
    "105",
  ]);
});

Deno.test("26: an update that ends before an earlier one moves nothing until that one ends", () => {
  const boxes = boxesAt();
  const kept = new ConsumedState(boxes);
  const [a, b, c] = boxes.receive(packet(fresh(101), fresh(102), fresh(103)), 0);
  kept.consume(c);
  kept.consume(b);
  assertEquals(kept.state, START);
  kept.consume(a);
  kept.consume(a);
  assertEquals(kept.state?.pts, 103);
});

Deno.test("26: an answer that only moves a box is kept when all before it is consumed", () => {
  const boxes = boxesAt();
  const kept = new ConsumedState(boxes);
  const answer = { _: "messages.affectedMessages", pts: 102, ptsCount: 1 };
  const [delivery] = boxes.receive(packet(fresh(101)), 0);
  boxes.affected({ _: "messages.deleteMessages" }, answer, 0);
  assertEquals(kept.state?.pts, 100);
  kept.consume(delivery);
  assertEquals(kept.state?.pts, 102);
});

Deno.test("26: a channel that is behind is fetched at the next start", () => {
  const tooLong = { _: "updateChannelTooLong", channelId: 8n } as const;
  const boxes = new MessageBoxes({ self: SELF, state: START });
  const kept = new ConsumedState(boxes);
  const answer = complete(serverState(101), [101], [tooLong]);
  for (const one of boxes.answer(difference(boxes, 0), answer, 0)) kept.consume(one);
  give(boxes, 0, [post(7n, 23)]);
  const again = restart(kept);
  difference(again, 0);
  const wants = [channelDifference(again, 0), channelDifference(again, 0)];
  assertEquals(wants.map(({ channelId, pts }) => [channelId, pts]), [[7n, 20], [8n, 1]]);
});

Deno.test("without a state an account asks for Telegram's, and then for a difference", () => {
  const boxes = new MessageBoxes({ self: SELF });
  const kept = new ConsumedState(boxes);
  assertEquals(kept.state, undefined);
  const want = boxes.want(0);
  assert(want?.kind === "getState");
  assertEquals(boxes.want(0), undefined);
  assertEquals(give(boxes, 10, [fresh(101), stopped(11)]), [], "it is not known yet what is old");
  assertEquals(boxes.answer(want, serverState(100), 20), []);
  const second = difference(boxes, 20);
  assertEquals(second.request, { _: "updates.getDifference", pts: 100, date: 1000, qts: 10 });
  assertEquals(names(boxes.answer(second, nothing(), 30)), ["101", "q11"]);
  const expected: UpdatesState = { pts: 101, qts: 11, date: 1000, seq: 5, channels: new Map() };
  assertEquals(boxes.state, expected);
});

Deno.test("an account without a state begins with what came before Telegram's state", () => {
  const boxes = new MessageBoxes({ self: SELF });
  const want = boxes.want(0);
  assert(want?.kind === "getState");
  give(boxes, 10, [fresh(101)]);
  boxes.answer(want, serverState(103), 20);
  const { request } = difference(boxes, 20);
  assertEquals(request, { _: "updates.getDifference", pts: 100, date: 1000, qts: 10 });
});

Deno.test("a packet that comes before the difference of the start does not move its date", () => {
  const boxes = new MessageBoxes({ self: SELF, state: START });
  boxes.receive({ ...packet(fresh(101)), date: 2000 }, 0);
  assertEquals(difference(boxes, 0).request.date, 1000);
});

Deno.test("an empty pts or date, which Telegram refuses, is sent as 1", () => {
  const state = { pts: 0, qts: 0, date: 0, seq: 0, channels: new Map() };
  const boxes = new MessageBoxes({ self: SELF, state });
  const { request } = difference(boxes, 0);
  assertEquals(request, { _: "updates.getDifference", pts: 1, date: 1, qts: 0 });
});

Deno.test("when Telegram changes the pts, the account reads it, and tells what is lost", () => {
  for (const [pts, expected] of [[40, ["gap pts 100-40"]], [104, []]] as const) {
    const boxes = boxesAt();
    assertEquals(give(boxes, 0, [{ _: "updatePtsChanged" }]), ["updatePtsChanged"]);
    const want = boxes.want(0);
    assert(want?.kind === "getState");
    assertEquals(names(boxes.answer(want, serverState(pts, { qts: 3 }), 0)), [...expected]);
    assertEquals(boxes.state?.qts, 10, "getState may be behind");
    assertEquals(difference(boxes, 0).request.pts, Math.min(pts, 100), "none is skipped");
  }
});

Deno.test("messages of secret chats come with their qts", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const secret = { _: "encryptedMessageService", bytes: new Uint8Array() } as const;
  const newEncryptedMessages = [1n, 2n].map((randomId) => (
    { ...secret, randomId, chatId: 1, date: 1000 }
  ));
  const answer = { ...complete(serverState(100, { qts: 12 })), newEncryptedMessages };
  const deliveries = boxes.answer(difference(boxes, 0), answer, 0);
  assertEquals(deliveries.map(({ update }) => "qts" in update && update.qts), [11, 12]);
});

Deno.test("a packet without room is left to the difference, where one repeats it", () => {
  const boxes = boxesAt();
  const full = packet(fresh(101), post(7n, 21), stopped(11), post(9n, 50), {
    _: "updateUserTyping",
    userId: 2n,
    action: { _: "sendMessageTypingAction" },
  });
  assertEquals(names(boxes.overlook(full, 0)), ["updateUserTyping"]);
  const want = difference(boxes, 0);
  assertEquals([want.request.pts, want.request.qts], [100, 10]);
  const wants = [channelDifference(boxes, 0)];
  // The difference of the account may tell that more is missing.
  boxes.answer(want, nothing(), 0);
  wants.push(channelDifference(boxes, 0));
  assertEquals(wants.map(({ channelId, pts }) => [channelId, pts]), [[7n, 20], [9n, 49]]);
  assertPosition(boxes, 9n, { pts: 49, behind: true });
});

Deno.test("an old packet without room causes no difference", () => {
  const boxes = boxesAt();
  assertEquals(boxes.overlook(packet(fresh(100), post(7n, 20), stopped(10)), 0), []);
  assertIdle(boxes, 1000);
});

Deno.test("the users and chats of a packet stay with its updates while they wait", () => {
  const boxes = boxesAt();
  const users = [{ _: "user", id: 2n } as const];
  boxes.receive({ ...packet(fresh(102)), users }, 0);
  const [first, second] = boxes.receive(packet(fresh(101)), 100);
  assertEquals([first.users, second.users], [[], users]);
  const update = second.update;
  assert(update._ === "updateNewMessage");
  assertEquals(update.message, message(102));
});
