/**
 * What people have reported of the updates of other libraries, each by its issue, where no other
 * test has the same case.
 */
import type { Api } from "../../src/tl/mod.ts";
import { MessageBoxes } from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import {
  assertIdle,
  BOT,
  boxesAt,
  channelPeer,
  complete,
  difference,
  give,
  message,
  names,
  nothing,
  packet,
  range,
  SELF,
  serverState,
  START,
  stopped,
} from "./boxes_world.ts";

const DAY = 24 * 3_600_000;

/** An event of a bot, at a date. */
function event(qts: number, date: number): Api.Update {
  return { _: "updateBotStopped", userId: 2n, date, stopped: true, qts };
}

Deno.test("Telethon#4574: a getState that is behind does not repeat the events of a bot", () => {
  const boxes = new MessageBoxes({ self: BOT });
  const want = boxes.want(0);
  assert(want?.kind === "getState");
  const now = 5000;
  const state = { qts: 6, date: now };
  assertEquals(give(boxes, 0, [event(9, now)]), []);
  boxes.answer(want, serverState(100, state), 10);
  const answer = complete(serverState(100, { ...state, qts: 9 }), [], [
    stopped(7),
    stopped(8),
    event(9, now),
  ]);
  assertEquals(names(boxes.answer(difference(boxes, 10), answer, 20)), ["q9"]);
  assertEquals(boxes.state?.qts, 9);
  assertIdle(boxes, 20);

  // Later differences are not about the beginning.
  boxes.invalidate(30);
  const later = complete(serverState(100, { qts: 10 }), [], [stopped(10)]);
  assertEquals(names(boxes.answer(difference(boxes, 30), later, 40)), ["q10"]);
});

Deno.test("Telethon#4574: an event that waits is not taken for one of the past", () => {
  const boxes = new MessageBoxes({ self: BOT });
  const want = boxes.want(0);
  assert(want?.kind === "getState");
  give(boxes, 0, [event(9, 4999)]);
  boxes.answer(want, serverState(100, { qts: 6, date: 5000 }), 10);
  const events = [event(7, 1000), event(8, 1000), event(9, 4999)];
  const answer = complete(serverState(100, { qts: 9, date: 5000 }), [], events);
  assertEquals(names(boxes.answer(difference(boxes, 10), answer, 20)), ["q9"]);
});

Deno.test("gotd: a difference with a qts of 0 does not reset the qts", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  boxes.answer(difference(boxes, 0), complete(serverState(101, { qts: 0 }), [101]), 0);
  assertEquals([boxes.state?.pts, boxes.state?.qts], [101, 10]);
  assertEquals(give(boxes, 1, [stopped(11), stopped(10)]), ["q11"]);
});

Deno.test("gotd#1800: a day with 6,138 silent channels has no call for any of them", () => {
  const ids = range(1, 6138).map(BigInt);
  const channels = new Map(ids.map((id) => [id, { pts: 20, behind: false }] as const));
  const boxes = boxesAt({ ...START, channels });
  let calls = 0;
  let now = 0;
  while (now < DAY) {
    const want = boxes.want(now);
    assert(want !== undefined);
    if (want.kind === "wait") {
      now = want.until;
      continue;
    }
    assertEquals(want.kind, "getDifference");
    boxes.answer(want, nothing(), now);
    calls++;
  }
  assertEquals(calls, DAY / (15 * 60_000) - 1); // those of the account
});

Deno.test("grammers#226: strangers who write in 400 supergroups cause no call", () => {
  const boxes = boxesAt();
  for (const id of range(1, 400).map(BigInt)) {
    const fromId: Api.Peer = { _: "peerUser", userId: 1000n + id };
    const post: Api.Update = {
      _: "updateNewChannelMessage",
      message: { ...message(51, channelPeer(id)), fromId },
      pts: 51,
      ptsCount: 1,
    };
    const users: Api.User[] = [{ _: "user", id: 1000n + id, min: true, accessHash: 1n }];
    const chats: Api.Chat[] = [{
      _: "channel",
      id,
      title: "Room",
      photo: { _: "chatPhotoEmpty" },
      date: 1,
      min: true,
    }];
    const from = id === 7n ? 20 : 50; // channel 7 is known
    const update = id === 7n ? { ...post, pts: from + 1 } : post;
    const came = boxes.receive({ ...packet(update), users, chats }, 0, { knows: () => false });
    assertEquals(names(came), [`c${id}:51`]);
  }
  assertIdle(boxes, 1000);
});

Deno.test("mtcute#149: an updateChannel without its channel is handed on", () => {
  const boxes = boxesAt({ ...START }, SELF);
  const update: Api.Update = { _: "updateChannel", channelId: 99n };
  assertEquals(give(boxes, 0, [update]), ["updateChannel"]);
  assertIdle(boxes, 1000);
});
