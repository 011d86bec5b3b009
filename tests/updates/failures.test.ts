/** Scenarios 23 and 24: failures of differences, and the reasons to fetch one. */
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import {
  assertIdle,
  assertPosition,
  boxesAt,
  channelDifference,
  complete,
  difference,
  fresh,
  give,
  names,
  nothing,
  packet,
  post,
  posts,
  serverState,
  START,
} from "./boxes_world.ts";

const OUTDATED = { code: 500, text: "PERSISTENT_TIMESTAMP_OUTDATED" };
const FAILED = { code: 500, text: "HISTORY_GET_FAILED" };
const TIMEOUT = { code: -503, text: "Timeout" };
const WAITS = [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];

Deno.test("23: after an error of Telegram the difference is tried again, later and later", () => {
  for (const failure of [OUTDATED, FAILED, TIMEOUT]) {
    const boxes = boxesAt();
    give(boxes, 0, [fresh(103)]);
    let now = 500;
    for (const wait of WAITS) {
      assertEquals(boxes.fail(difference(boxes, now), failure, now), []);
      assertEquals(boxes.want(now), { kind: "wait", until: now + wait });
      now += wait;
    }
    // After the eighth failure it goes on, and says what is missing.
    const deliveries = boxes.fail(difference(boxes, now), failure, now);
    assertEquals(names(deliveries), ["gap pts 100-102", "103"]);
    assertIdle(boxes, now + 10 * 60_000);
    difference(boxes, now + 15 * 60_000);
  }
});

Deno.test("23: a channel does the same, and is tried again after a quarter of an hour", () => {
  const boxes = boxesAt();
  give(boxes, 0, [post(7n, 23), { _: "updateChannelTooLong", channelId: 8n }]);
  const fails = [0, ...WAITS].map(() => OUTDATED);
  let now = 500;
  const seven: string[] = [];
  for (const [index, failure] of fails.entries()) {
    for (let count = 0; count < 2; count++) {
      const want = channelDifference(boxes, now);
      const got = names(boxes.fail(want, failure, now));
      if (want.channelId === 7n) seven.push(...got);
      else assertEquals(got, []);
    }
    assertIdle(boxes, now);
    now += WAITS[index] ?? 0;
  }
  assertEquals(seven, ["gap c7 20-22", "c7:23"]);
  assertPosition(boxes, 7n, { pts: 23, behind: false });
  difference(boxes, now + 15 * 60_000);
  assertEquals(channelDifference(boxes, now + 15 * 60_000).channelId, 8n);
});

Deno.test("23: updates that are in order are delivered between two tries", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  boxes.fail(difference(boxes, 0), OUTDATED, 0);
  assertEquals(give(boxes, 100, [fresh(101)]), ["101"]);
  assertEquals(give(boxes, 200, [fresh(103)]), []);
  assertIdle(boxes, 999);
  assertEquals(difference(boxes, 1000).request.pts, 101);
});

Deno.test("23: an answer that moves the box makes its failures forgotten", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  boxes.fail(difference(boxes, 0), OUTDATED, 0);
  boxes.fail(difference(boxes, 1000), OUTDATED, 1000);
  boxes.answer(difference(boxes, 3000), complete(serverState(101), [101]), 3000);
  boxes.invalidate(4000);
  boxes.fail(difference(boxes, 4000), OUTDATED, 4000);
  assertEquals(boxes.want(4000), { kind: "wait", until: 5000 });
});

Deno.test("23: without a connection it tries for ever, and at once when that is back", () => {
  const boxes = boxesAt();
  give(boxes, 0, [fresh(102)]);
  let now = 500;
  for (let count = 0; count < 20; count++) {
    assertEquals(boxes.fail(difference(boxes, now), {}, now), []);
    const want = boxes.want(now);
    assert(want?.kind === "wait" && want.until - now <= 64_000);
    now = want.until;
  }
  boxes.fail(difference(boxes, now), {}, now);
  boxes.invalidate(now + 10);
  assertEquals(
    names(boxes.answer(difference(boxes, now + 10), complete(serverState(102), [101, 102]), now)),
    ["101", "102"],
  );
});

Deno.test("23: a wait that Telegram asks for is kept, and is no failure", () => {
  const boxes = boxesAt();
  give(boxes, 0, [fresh(102), post(7n, 22)]);
  const wants = [difference(boxes, 500), channelDifference(boxes, 500)];
  for (const want of wants) boxes.fail(want, { code: 420, text: "FLOOD_WAIT_30" }, 500);
  assertEquals(boxes.want(500), { kind: "wait", until: 30_500 });
  boxes.fail(difference(boxes, 30_500), { code: 420, text: "FLOOD_WAIT", seconds: 5 }, 30_500);
  channelDifference(boxes, 30_500);
  assertEquals(boxes.want(30_500), { kind: "wait", until: 35_500 });
});

Deno.test("23: a pts that Telegram does not know is read anew, and the loss is told", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const failure = { code: 400, text: "PERSISTENT_TIMESTAMP_INVALID" };
  assertEquals(boxes.fail(difference(boxes, 0), failure, 0), []);
  const want = boxes.want(1000);
  assert(want?.kind === "getState");
  const state = serverState(300, { date: 9000 });
  assertEquals(names(boxes.answer(want, state, 1000)), ["gap pts 100-300"]);
  const { pts, date } = difference(boxes, 1000).request;
  // By the date, the difference tells which channels have changed meanwhile.
  assertEquals([pts, date], [300, START.date]);
});

Deno.test("23: a pts that Telegram never knows does not loop", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const failure = { code: 400, text: "PERSISTENT_TIMESTAMP_INVALID" };
  let calls = 0;
  let now = 0;
  while (now < 10 * 60_000) {
    const want = boxes.want(now);
    if (want?.kind === "wait") now = want.until;
    else if (want?.kind === "getState") boxes.answer(want, serverState(100 + calls++), now);
    else if (want?.kind === "getDifference") boxes.fail(want, failure, now);
    else break;
  }
  assert(calls > 0 && calls <= 8, `${calls} calls`);
});

Deno.test("23: a channel goes on without a pts that Telegram refuses, until a restart", () => {
  const boxes = boxesAt();
  give(boxes, 0, [{ _: "updateChannelTooLong", channelId: 7n }]);
  const failure = { code: 400, text: "PERSISTENT_TIMESTAMP_INVALID" };
  assertEquals(names(boxes.fail(channelDifference(boxes, 0), failure, 0)), ["gap c7 20-?"]);
  // After a restart it is tried again.
  assertPosition(boxes, 7n, { pts: 20, behind: true });
  assertEquals(give(boxes, 100, [post(7n, 900)]), ["c7:900"]);
  assertPosition(boxes, 7n, { pts: 900, behind: false });
});

Deno.test("23: a channel whose pts was refused repeats nothing when it is told of later", () => {
  const boxes = boxesAt();
  const edit: Api.Update = { ...post(7n, 22), _: "updateEditChannelMessage" } as Api.Update;
  assertEquals(give(boxes, 0, [post(7n, 21)]), ["c7:21"]);
  assertEquals(give(boxes, 0, [edit]).length, 1);
  give(boxes, 0, [{ _: "updateChannelTooLong", channelId: 7n }]);
  const failure = { code: 400, text: "PERSISTENT_TIMESTAMP_INVALID" };
  boxes.fail(channelDifference(boxes, 0), failure, 0);
  give(boxes, 100, [{ _: "updateChannelTooLong", channelId: 7n }]);
  const want = channelDifference(boxes, 100);
  assertEquals(want.pts, 1);
  const later: Api.Update = { ...post(7n, 24), _: "updateEditChannelMessage" } as Api.Update;
  const answer = posts(7n, 24, [20, 21, 23], { otherUpdates: [edit, later] });
  assertEquals(names(boxes.answer(want, answer, 100)).length, 2); // 23 and its edit
  assertPosition(boxes, 7n, { pts: 24, behind: false });
});

Deno.test("23: a channel that reads anew in slices repeats nothing of any of them", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [post(7n, 21), post(7n, 22)]), ["c7:21", "c7:22"]);
  give(boxes, 0, [{ _: "updateChannelTooLong", channelId: 7n }]);
  const failure = { code: 400, text: "PERSISTENT_TIMESTAMP_INVALID" };
  boxes.fail(channelDifference(boxes, 0), failure, 0);
  give(boxes, 100, [{ _: "updateChannelTooLong", channelId: 7n }]);
  const first = posts(7n, 21, [20, 21], { final: false });
  assertEquals(names(boxes.answer(channelDifference(boxes, 100), first, 100)), []);
  assertPosition(boxes, 7n, { pts: 22, behind: true }); // a restart repeats nothing either
  const want = channelDifference(boxes, 100);
  assertEquals(want.pts, 21);
  assertEquals(names(boxes.answer(want, posts(7n, 23, [22, 23]), 100)), ["c7:23"]);
  assertPosition(boxes, 7n, { pts: 23, behind: false });
});

Deno.test("23: signed out, the boxes end: no call, no update", () => {
  for (
    const failure of [
      { code: 401, text: "AUTH_KEY_UNREGISTERED" },
      { code: 401, text: "SESSION_REVOKED" },
      { code: 406, text: "AUTH_KEY_DUPLICATED" },
    ]
  ) {
    const boxes = boxesAt();
    boxes.invalidate(0);
    assertEquals(boxes.fail(difference(boxes, 0), failure, 0), []);
    assertEquals(boxes.ended, true);
    assertEquals(boxes.want(10 * 60 * 60_000), undefined);
    assertEquals(give(boxes, 0, [fresh(101)]), []);
    boxes.openChat(7n);
    assertEquals(boxes.want(0), undefined);
  }
});

Deno.test("23: an answer or a failure that comes too late is ignored", () => {
  const boxes = boxesAt();
  give(boxes, 0, [fresh(102), post(7n, 22)]);
  const old = [difference(boxes, 500), channelDifference(boxes, 500)] as const;
  for (const want of old) boxes.fail(want, OUTDATED, 500);
  assertEquals(boxes.answer(old[0], complete(serverState(102), [101, 102]), 600), []);
  assertEquals(boxes.answer(old[1], posts(7n, 22, [21, 22]), 600), []);
  for (const want of old) boxes.fail(want, OUTDATED, 600);
  assertEquals(boxes.want(600), { kind: "wait", until: 1500 });
});

Deno.test("24: a lost session or an unknown update wants exactly one difference", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  boxes.invalidate(0);
  boxes.answer(difference(boxes, 0), nothing(), 0);
  assertIdle(boxes, 0);
});

Deno.test("24: a session that is lost while a difference is in flight wants another one", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const want = difference(boxes, 0);
  boxes.invalidate(100);
  boxes.answer(want, nothing(), 200);
  boxes.answer(difference(boxes, 200), nothing(), 300);
  assertIdle(boxes, 300);
});

Deno.test("24: updates that are too many for a packet want exactly one difference", () => {
  const boxes = boxesAt();
  assertEquals(boxes.receive({ _: "updatesTooLong" }, 0), []);
  boxes.answer(difference(boxes, 0), nothing(), 0);
  assertIdle(boxes, 0);
});

Deno.test("24: after a quarter of an hour without a packet, one difference is wanted", () => {
  const boxes = boxesAt();
  boxes.receive(packet(), 60_000);
  assertIdle(boxes, 60_000 + 899_999);
  boxes.answer(difference(boxes, 60_000 + 900_000), nothing(), 1_000_000);
  assertIdle(boxes, 1_000_000 + 899_999);
  difference(boxes, 1_000_000 + 900_000);
});
