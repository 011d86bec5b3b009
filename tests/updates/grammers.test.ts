/**
 * The cases by which grammers tests its message boxes, from their facts:
 * https://github.com/Lonami/grammers (grammers-session/src/message_box/tests.rs).
 * Where ours decides otherwise, the name of the test says so.
 */
import type { Api } from "../../src/tl/mod.ts";
import { MessageBoxes, type UpdatesState } from "../../src/updates/mod.ts";
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
  SELF,
  serverState,
} from "./boxes_world.ts";

const QUARTER = 15 * 60_000;
const STATE: UpdatesState = { pts: 56, qts: 78, date: 12, seq: 34, channels: new Map() };

/** A packet with a date, a seq and a message of the common box. */
function dated(date: number, seq: number, pts: number): Api.Updates {
  return { ...packet(fresh(pts)), date, seq };
}

Deno.test("grammers, empty start: without a state, the state is asked for", () => {
  const boxes = new MessageBoxes({ self: SELF });
  assertEquals(boxes.state, undefined);
  assertEquals(boxes.want(0)?.kind, "getState");
});

Deno.test("grammers, start with data: the account is fetched, and its channels are not", () => {
  const channels = new Map([[43n, { pts: 21, behind: false }]]);
  const state = { pts: 12, qts: 34, date: 56, seq: 78, channels };
  const boxes = new MessageBoxes({ self: SELF, state });
  assertEquals(difference(boxes, 0).request, {
    _: "updates.getDifference",
    pts: 12,
    date: 56,
    qts: 34,
  });
  assertEquals(boxes.want(0), undefined);
  assertEquals(boxes.state, state);
});

Deno.test("grammers, after the login: the state is taken as it is answered", () => {
  const boxes = new MessageBoxes({ self: SELF });
  const want = boxes.want(0);
  assert(want?.kind === "getState");
  boxes.answer(want, serverState(12, { qts: 34, date: 56, seq: 78 }), 0);
  assertEquals(boxes.state, { pts: 12, qts: 34, date: 56, seq: 78, channels: new Map() });
});

Deno.test("grammers, dialogs: the first pts of a channel stays", () => {
  const boxes = boxesAt(STATE);
  const learn = (channelId: bigint, pts: number) => {
    const peer = { _: "peerChannel", channelId };
    const answer = { _: "messages.dialogs", dialogs: [{ _: "dialog", peer, pts }] };
    boxes.affected({ _: "messages.getDialogs" }, answer, 0);
  };
  learn(98n, 76);
  learn(54n, 32);
  learn(98n, 10);
  assertEquals(boxes.state?.channels.get(98n)?.pts, 76);
  assertEquals(boxes.state?.channels.get(54n)?.pts, 32);
});

Deno.test("grammers, silence: the deadline moves with each packet, until it is due", () => {
  const boxes = boxesAt(STATE);
  assertEquals(boxes.want(0), { kind: "wait", until: QUARTER });
  assertEquals(boxes.want(QUARTER / 2), { kind: "wait", until: QUARTER });
  boxes.receive({ ...packet(), date: 0 }, QUARTER / 2);
  assertEquals(boxes.want(QUARTER), { kind: "wait", until: 1.5 * QUARTER });
  const want = difference(boxes, 1.5 * QUARTER);
  assertEquals([want.request.pts, want.request.date, want.request.qts], [56, 12, 78]);
  boxes.answer(want, nothing(90, 91), 2 * QUARTER);
  assertEquals(boxes.want(2 * QUARTER), { kind: "wait", until: 3 * QUARTER });
  assertEquals([boxes.state?.date, boxes.state?.seq], [90, 91]);
});

Deno.test("grammers, a silent channel: no deadline; an empty difference moves it", () => {
  const channels = new Map([[12n, { pts: 34, behind: false }]]);
  const boxes = boxesAt({ ...STATE, channels });
  boxes.answer(difference(boxes, QUARTER), nothing(12, 34), QUARTER);
  assertIdle(boxes, QUARTER);
  give(boxes, QUARTER, [{ _: "updateChannelTooLong", channelId: 12n }]);
  const want = channelDifference(boxes, QUARTER);
  boxes.answer(want, { _: "updates.channelDifferenceEmpty", final: true, pts: 56 }, QUARTER);
  assertPosition(boxes, 12n, { pts: 56, behind: false });
});

Deno.test("grammers, a channel with troubles: its pts stays; with a ban: it is forgotten", () => {
  for (const [text, pts] of [["HISTORY_GET_FAILED", 34], ["CHANNEL_PRIVATE", undefined]] as const) {
    const channels = new Map([[12n, { pts: 34, behind: false }]]);
    const boxes = boxesAt({ ...STATE, channels });
    give(boxes, 0, [{ _: "updateChannelTooLong", channelId: 12n }]);
    boxes.fail(channelDifference(boxes, 0), { code: 500, text }, 0);
    assertIdle(boxes, 0);
    assertEquals(boxes.state?.channels.get(12n)?.pts, pts);
  }
});

Deno.test("grammers, several channels: unlike there, their differences run side by side", () => {
  const channels = new Map([11n, 21n, 31n].map((id) => [id, { pts: 1, behind: false }] as const));
  const boxes = boxesAt({ ...STATE, channels });
  give(boxes, 0, [post(11n, 5)]);
  give(boxes, 300, [post(21n, 5), post(31n, 5)]);
  assertEquals(channelDifference(boxes, 500).channelId, 11n);
  assertEquals(boxes.want(500)?.kind, "wait");
  assertEquals(channelDifference(boxes, 800).channelId, 21n);
  assertEquals(channelDifference(boxes, 800).channelId, 31n);
});

Deno.test("grammers, applied already: an old pts is dropped, whatever the seq", () => {
  for (const [seq, pts] of [[33, 55], [34, 55], [35, 55], [36, 56], [0, 55], [0, 56]]) {
    const boxes = boxesAt({ ...STATE, seq: Math.max(34, seq - 1) });
    assertEquals(boxes.receive(dated(13, seq, pts), 0), []);
    assertEquals(boxes.state?.pts, 56);
  }
});

Deno.test("grammers, an old seq: unlike there, a new pts is taken, as the spec says", () => {
  for (const seq of [33, 34]) {
    const boxes = boxesAt(STATE);
    assertEquals(names(boxes.receive(dated(13, seq, 57), 0)), ["57"]);
    assertEquals(boxes.state?.seq, 34);
  }
});

Deno.test("grammers, a difference is due: the next update comes once, with it or after it", () => {
  const boxes = boxesAt(STATE);
  boxes.invalidate(0);
  const want = difference(boxes, 0);
  assertEquals(names(boxes.receive(dated(0, 0, 57), 0)), []);
  assertEquals(names(boxes.answer(want, nothing(12, 34), 100)), ["57"]);
});

Deno.test("grammers, in order: seq and date move only where they are given", () => {
  const boxes = boxesAt(STATE);
  const steps = [[0, 0, 57, 12, 34], [0, 35, 58, 12, 35], [13, 36, 59, 13, 36], [
    14,
    0,
    60,
    14,
    36,
  ]];
  for (const [date, seq, pts, dateAfter, seqAfter] of steps) {
    assertEquals(names(boxes.receive(dated(date, seq, pts), 0)), [`${pts}`]);
    assertEquals([boxes.state?.date, boxes.state?.seq], [dateAfter, seqAfter]);
  }
});

Deno.test("grammers, a gap of seq: it is fetched at once; unlike there, the pts is taken", () => {
  const boxes = boxesAt(STATE);
  assertEquals(names(boxes.receive(dated(13, 36, 57), 0)), ["57"]);
  const { request } = difference(boxes, 0);
  assertEquals([request.date, request.pts, request.qts], [12, 57, 78]);
});

Deno.test("grammers, a gap of pts that fills: 58 waits for 57; 61 waits for 60, and for 59", () => {
  const boxes = boxesAt(STATE);
  assertEquals(give(boxes, 0, [fresh(58)]), []);
  assertEquals(give(boxes, 250, [fresh(57)]), ["57", "58"]);
  assertEquals(give(boxes, 300, [fresh(61)]), []);
  assertEquals(give(boxes, 425, [fresh(60)]), []);
  assertEquals(give(boxes, 550, [fresh(59)]), ["59", "60", "61"]);
  assertIdle(boxes, 10_000);
});

Deno.test("grammers, a gap of pts that stays: 58 alone, and after 0.75 s the difference", () => {
  const boxes = boxesAt(STATE);
  assertEquals(give(boxes, 0, [fresh(58)]), []);
  const want = difference(boxes, 750);
  assertEquals(want.request, { _: "updates.getDifference", pts: 56, date: 1000, qts: 78 });
  assertEquals(names(boxes.answer(want, complete(serverState(58), [57, 58]), 800)), ["57", "58"]);
});
