/** Scenarios 1 to 7: the sequence of private chats and basic groups. */
import { assertEquals } from "../helpers/assert.ts";
import {
  assertIdle,
  boxesAt,
  complete,
  deletion,
  difference,
  fresh,
  give,
  names,
  read,
  serverState,
} from "./boxes_world.ts";

Deno.test("1: updates in order are delivered, and the box moves to the last", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(101)]), ["101"]);
  assertEquals(give(boxes, 0, [fresh(102)]), ["102"]);
  assertEquals(boxes.state?.pts, 102);
  assertIdle(boxes, 0);
});

Deno.test("2: an update that comes twice is delivered once", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(101)]), ["101"]);
  assertEquals(give(boxes, 0, [fresh(101)]), []);
  assertEquals(boxes.state?.pts, 101);
});

Deno.test("3: a gap that fills by itself within half a second causes no call", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(102)]), []);
  assertIdle(boxes, 300);
  assertEquals(give(boxes, 300, [fresh(101)]), ["101", "102"]);
  assertIdle(boxes, 10_000);
});

Deno.test("4: after half a second a gap is fetched by exactly one difference", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(102)]), []);
  assertEquals(boxes.want(0), { kind: "wait", until: 500 });
  assertIdle(boxes, 499);
  const want = difference(boxes, 500);
  assertEquals(want.request, { _: "updates.getDifference", pts: 100, date: 1000, qts: 10 });
  assertEquals(boxes.want(500), undefined);
  assertEquals(boxes.want(60_000), undefined, "one at a time");
  assertEquals(names(boxes.answer(want, complete(serverState(102), [101, 102]), 600)), [
    "101",
    "102",
  ]);
  assertEquals(boxes.state?.pts, 102);
  assertIdle(boxes, 600);
});

Deno.test("5: an update that covers several numbers makes those in between old", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [deletion(105, 5)]), ["deletion 105"]);
  assertEquals(give(boxes, 0, [fresh(103)]), []);
  assertEquals(boxes.state?.pts, 105);
  assertIdle(boxes, 1000);
});

Deno.test("6: in a packet, a message is delivered before the update that reads it", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [read(101), fresh(101)]), ["101", "read 101"]);
});

Deno.test("6: in a packet, an update that reads a message is delivered before the next one", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(102), read(101), fresh(101)]), ["101", "read 101", "102"]);
});

Deno.test("7: an update with a count of 0 is applied at its number, and waits above it", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [read(100)]), ["read 100"]);
  assertEquals(give(boxes, 0, [read(99)]), []);
  assertIdle(boxes, 1000);
  assertEquals(give(boxes, 1000, [read(101)]), []);
  assertEquals(difference(boxes, 1500).request.pts, 100);
});
