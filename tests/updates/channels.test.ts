/** Scenarios 8 to 10, 19 to 21 and 30: the sequences of channels and supergroups. */
import type { Api } from "../../src/tl/mod.ts";
import {
  formatUpdatesState,
  MessageBoxes,
  NO_ACCESS_HASH,
  parseUpdatesState,
} from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import {
  assertIdle,
  assertPosition,
  BOT,
  boxesAt,
  channelDifference,
  channelPeer,
  complete,
  difference,
  fresh,
  give,
  message,
  names,
  nothing,
  post,
  posts,
  SELF,
  serverState,
  START,
} from "./boxes_world.ts";

/** No updates of a channel, which is polled again after `timeout` seconds. */
function noPosts(pts: number, timeout?: number): Api.updates.ChannelDifference {
  return { _: "updates.channelDifferenceEmpty", final: true, pts, timeout };
}

/** A channel has more updates than Telegram sends. */
function tooManyPosts(
  channelId: bigint,
  pts: number,
  ids: number[],
): Api.updates.ChannelDifference {
  const peer = channelPeer(channelId);
  return {
    _: "updates.channelDifferenceTooLong",
    final: true,
    dialog: {
      _: "dialog",
      peer,
      topMessage: 1,
      readInboxMaxId: 0,
      readOutboxMaxId: 0,
      unreadCount: 0,
      unreadMentionsCount: 0,
      unreadReactionsCount: 0,
      unreadPollVotesCount: 0,
      notifySettings: { _: "peerNotifySettings" },
      pts,
    },
    messages: ids.map((id) => message(id, peer)),
    chats: [],
    users: [],
  };
}

function tooLong(channelId: bigint, pts?: number): Api.Update {
  return { _: "updateChannelTooLong", channelId, pts };
}

Deno.test("8: an update of a channel is delivered while the common box has a gap", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(102), post(7n, 21)]), ["c7:21"]);
  const want = difference(boxes, 500);
  assertEquals(give(boxes, 600, [post(7n, 22)]), ["c7:22"]);
  assertEquals(names(boxes.answer(want, complete(serverState(102), [101, 102]), 700)), [
    "101",
    "102",
  ]);
});

Deno.test("9: a channel's gap is fetched after half a second, with the account's limit", () => {
  for (const [self, limit] of [[SELF, 100], [BOT, 100_000]] as const) {
    const boxes = boxesAt(START, self);
    assertEquals(give(boxes, 0, [post(7n, 23)]), []);
    assertIdle(boxes, 499);
    const want = channelDifference(boxes, 500);
    assertEquals(want, {
      kind: "getChannelDifference",
      channelId: 7n,
      pts: 20,
      limit,
      force: false,
    });
    assertEquals(names(boxes.answer(want, posts(7n, 23, [21, 22, 23]), 600)), [
      "c7:21",
      "c7:22",
      "c7:23",
    ]);
    assertIdle(boxes, 600);
    assertPosition(boxes, 7n, { pts: 23, behind: false });
  }
});

Deno.test("10: the first update of an unknown channel is applied", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [post(9n, 50, 2)]), ["c9:50"]);
  assertPosition(boxes, 9n, { pts: 50, behind: false });
  assertEquals(give(boxes, 0, [post(9n, 52)]), [], "from then on, a gap is one");
});

Deno.test("19: a difference is repeated until it is final; its timeout forbids no other", () => {
  const boxes = boxesAt();
  give(boxes, 0, [post(7n, 26)]);
  const first = channelDifference(boxes, 500);
  boxes.answer(first, posts(7n, 22, [21, 22], { final: undefined, timeout: 300 }), 600);
  const second = channelDifference(boxes, 600);
  assertEquals(second.pts, 22);
  boxes.answer(second, posts(7n, 24, [23, 24], { final: undefined, timeout: 300 }), 700);
  const third = channelDifference(boxes, 700);
  const last = boxes.answer(third, posts(7n, 26, [25, 26], { timeout: 300 }), 800);
  assertEquals(names(last), ["c7:25", "c7:26"]);
  assertIdle(boxes, 800);
  give(boxes, 1800, [post(7n, 28)]);
  assertIdle(boxes, 2299);
  assertEquals(channelDifference(boxes, 2300).pts, 26);
});

Deno.test("20: a too long difference of a channel is a gap and the newest messages, by id", () => {
  const boxes = boxesAt();
  give(boxes, 0, [tooLong(7n)]);
  const want = channelDifference(boxes, 0);
  const deliveries = boxes.answer(want, tooManyPosts(7n, 5000, [4998, 5000, 4999]), 100);
  assertEquals(names(deliveries), ["gap c7 20-5000", "c7:4998", "c7:4999", "c7:5000"]);
  assertPosition(boxes, 7n, { pts: 5000, behind: false });
  assertIdle(boxes, 100);
});

Deno.test("20: a too long difference repeats no message that was delivered", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [post(7n, 21), tooLong(7n)]), ["c7:21"]);
  const want = channelDifference(boxes, 0);
  const deliveries = boxes.answer(want, tooManyPosts(7n, 5000, [20, 21, 22]), 100);
  assertEquals(names(deliveries), ["gap c7 21-5000", "c7:22"]);
});

Deno.test("20: … not even one that was delivered before a restart", () => {
  const before = boxesAt();
  assertEquals(give(before, 0, [post(7n, 21)]), ["c7:21"]);
  assert(before.state !== undefined);
  const read = parseUpdatesState(formatUpdatesState(before.state, SELF.id), SELF.id);
  assert("state" in read);
  const boxes = boxesAt(read.state);
  give(boxes, 0, [tooLong(7n)]);
  const want = channelDifference(boxes, 0);
  const deliveries = boxes.answer(want, tooManyPosts(7n, 5000, [20, 21, 22]), 100);
  assertEquals(names(deliveries), ["gap c7 21-5000", "c7:22"]);
});

Deno.test("21: updates of channels in the common difference pass the boxes of the channels", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [post(7n, 21)]), ["c7:21"]);
  boxes.invalidate(0);
  const want = difference(boxes, 0);
  const others = [post(7n, 21), post(7n, 22), tooLong(8n)];
  const deliveries = boxes.answer(want, complete(serverState(101), [101], others), 100);
  assertEquals(names(deliveries), ["c7:22", "101"]);
  assertEquals(channelDifference(boxes, 100).channelId, 8n);
});

Deno.test("a channel that is told to be behind its own pts is not fetched", () => {
  const boxes = boxesAt();
  give(boxes, 0, [tooLong(7n, 20)]);
  assertIdle(boxes, 0);
  give(boxes, 0, [tooLong(7n, 21)]);
  assertEquals(channelDifference(boxes, 0).pts, 20);
});

Deno.test("an unknown channel does not begin while the account's difference may tell of it", () => {
  const known = { knows: () => true };
  const begin = (boxes: MessageBoxes) => {
    boxes.invalidate(0);
    const want = difference(boxes, 0);
    assertEquals(give(boxes, 100, [post(9n, 50), post(7n, 21)], known), ["c7:21"]);
    assertEquals(give(boxes, 100, [post(9n, 51)], { knows: () => false }), []);
    const dialog = { _: "dialog", peer: channelPeer(9n), pts: 51 };
    boxes.affected({ _: "messages.getDialogs" }, { _: "messages.dialogs", dialogs: [dialog] }, 100);
    assertEquals(boxes.state?.channels.has(9n), false);
    return want;
  };
  const quiet = boxesAt();
  assertEquals(names(quiet.answer(begin(quiet), nothing(), 200)), ["c9:50"]);
  const unknown = channelDifference(quiet, 200);
  assertEquals([unknown.channelId, unknown.pts], [9n, 50]);

  const behind = boxesAt();
  const news = { ...complete(serverState(100)), otherUpdates: [tooLong(9n, 49)] };
  assertEquals(names(behind.answer(begin(behind), news, 200)), []);
  const want = channelDifference(behind, 200);
  assertEquals([want.channelId, want.pts, want.limit], [9n, 1, 1]);
  assertEquals(give(behind, 250, [post(9n, 52)]), []);
  const posted = posts(9n, 51, [48, 49, 50, 51]);
  const all = ["c9:48", "c9:49", "c9:50", "c9:51", "c9:52"];
  assertEquals(names(behind.answer(want, posted, 300)), all);
});

Deno.test("an unknown channel that is behind is asked for its position only", () => {
  const boxes = boxesAt();
  give(boxes, 0, [tooLong(8n)]);
  const want = channelDifference(boxes, 0);
  assertEquals([want.pts, want.limit], [1, 1]);
  assertEquals(names(boxes.answer(want, tooManyPosts(8n, 400, [9]), 100)), [
    "gap c8 0-400",
    "c8:9",
  ]);
  assertPosition(boxes, 8n, { pts: 400, behind: false });
});

Deno.test("at most 10 differences of channels are in flight, and more follow", () => {
  const boxes = boxesAt();
  give(boxes, 0, Array.from({ length: 12 }, (_, index) => tooLong(BigInt(index + 10))));
  const wants = Array.from({ length: 10 }, () => channelDifference(boxes, 0));
  assertEquals(new Set(wants.map(({ channelId }) => channelId)).size, 10);
  assertIdle(boxes, 60_000);
  boxes.answer(wants[0], noPosts(5), 100);
  channelDifference(boxes, 100);
  assertIdle(boxes, 100);
});

Deno.test("a channel without access keeps its place, its gap is told, and it can come back", () => {
  for (const text of ["CHANNEL_PRIVATE", "CHANNEL_INVALID"]) {
    for (const news of [tooLong(7n), post(7n, 25)]) {
      const boxes = boxesAt();
      give(boxes, 0, [post(7n, 23)]);
      const closed = boxes.fail(channelDifference(boxes, 500), { code: 400, text }, 600);
      assertEquals(names(closed), ["gap c7 20-22", "c7:23"]);
      assertPosition(boxes, 7n, { pts: 23, behind: false });
      assertIdle(boxes, 60_000);
      // `updateChannel` may come without the channel in `chats`.
      assertEquals(give(boxes, 700, [{ _: "updateChannel", channelId: 7n }]), ["updateChannel"]);
      assertIdle(boxes, 60_000);
      give(boxes, 800, [news]);
      const want = channelDifference(boxes, 1300);
      assertEquals(want.pts, 23);
      assertEquals(names(boxes.answer(want, posts(7n, 25, [24, 25]), 1400)), ["c7:24", "c7:25"]);
    }
  }
});

Deno.test("a channel without access is asked about once each time Telegram tells of it", () => {
  const boxes = boxesAt();
  for (const from of [20, 0, 0]) {
    give(boxes, 0, [tooLong(7n)]);
    const want = channelDifference(boxes, 0);
    const failure = { code: 400, text: "CHANNEL_PRIVATE" };
    assertEquals(names(boxes.fail(want, failure, 0)), [`gap c7 ${from}-?`]);
    assertEquals(boxes.state?.channels.has(7n), false);
    assertIdle(boxes, 60_000);
  }
});

Deno.test("a late update from before a channel was forgotten does not bring its past back", () => {
  const boxes = boxesAt();
  give(boxes, 0, [post(7n, 22)]);
  const want = channelDifference(boxes, 500);
  boxes.fail(want, { code: 400, text: "CHANNEL_PRIVATE" }, 600);
  assertEquals(give(boxes, 700, [post(7n, 21)]), []);
  assertEquals(give(boxes, 800, [post(7n, 23)]), ["c7:23"]);
});

Deno.test("a channel with an invalid pts goes on from the updates that waited", () => {
  const boxes = boxesAt();
  give(boxes, 0, [post(7n, 22)]);
  const want = channelDifference(boxes, 500);
  const text = "PERSISTENT_TIMESTAMP_INVALID";
  assertEquals(names(boxes.fail(want, { code: 400, text }, 600)), ["gap c7 20-21", "c7:22"]);
  assertEquals(give(boxes, 700, [post(7n, 24)]), []);
  assertEquals(channelDifference(boxes, 1200).pts, 22);
});

Deno.test("a gap is fetched at once after a difference of the channel was given up", () => {
  const boxes = boxesAt();
  let now = 0;
  give(boxes, now, [tooLong(7n)]);
  for (let failures = 0; failures < 8; failures++) {
    const want = channelDifference(boxes, now);
    boxes.fail(want, { code: 500, text: "HISTORY_GET_FAILED" }, now);
    now += 1000 * 2 ** failures;
  }
  assertIdle(boxes, now + 60_000);
  give(boxes, now + 60_000, [post(7n, 30)]);
  assertIdle(boxes, now + 60_499);
  assertEquals(channelDifference(boxes, now + 60_500).pts, 20);
});

Deno.test("a channel whose access hash is unknown is asked about each time it is told of", () => {
  const boxes = boxesAt();
  for (const from of [20, 0]) {
    give(boxes, 0, [tooLong(7n)]);
    const want = channelDifference(boxes, 0);
    assertEquals(names(boxes.fail(want, { text: NO_ACCESS_HASH }, 0)), [`gap c7 ${from}-?`]);
    assertEquals(boxes.state?.channels.has(7n), false);
    assertIdle(boxes, 60_000);
  }
});

Deno.test("30: of 11 open channels 10 are polled each timeout, and a closed one no more", () => {
  const boxes = boxesAt();
  const ids = Array.from({ length: 11 }, (_, index) => BigInt(index + 20));
  for (const id of ids) boxes.openChat(id);
  const poll = (now: number, timeout?: number): bigint[] => {
    const polled: bigint[] = [];
    for (let want = boxes.want(now); want?.kind === "getChannelDifference";) {
      polled.push(want.channelId);
      boxes.answer(want, noPosts(5, timeout), now);
      want = boxes.want(now);
    }
    return polled;
  };
  assertEquals(poll(0, 30), ids.slice(0, 10));
  assertEquals(poll(29_999), []);
  assertEquals(poll(30_000), ids.slice(0, 10));
  assertEquals(poll(31_000), ids.slice(0, 10), "without a timeout, after a second");
  boxes.closeChat(20n);
  assertEquals(poll(31_999), [30n], "the eleventh takes the place");
  for (const id of ids) boxes.closeChat(id);
  assertEquals(poll(600_000), []);
});

Deno.test("30: an open channel that is not known begins from now", () => {
  const boxes = boxesAt();
  boxes.openChat(9n);
  assertEquals(boxes.answer(channelDifference(boxes, 0), tooManyPosts(9n, 400, [9]), 0), []);
  assertPosition(boxes, 9n, { pts: 400, behind: false });
  const want = channelDifference(boxes, 1000);
  assertEquals([want.pts, want.limit], [400, 100]);
  assertEquals(names(boxes.answer(want, posts(9n, 401, [10]), 1000)), ["c9:10"]);
});

Deno.test("answers tell where an unknown channel stands, and move no known one", () => {
  const boxes = boxesAt();
  const dialog = (channelId: bigint, pts: number) => ({
    _: "dialog",
    peer: channelPeer(channelId),
    pts,
  });
  const answer = { _: "messages.dialogs", dialogs: [dialog(7n, 90), dialog(9n, 50)] };
  boxes.affected({ _: "messages.getDialogs" }, answer, 0);
  const full = { _: "messages.chatFull", fullChat: { _: "channelFull", id: 11n, pts: 60 } };
  boxes.affected({ _: "channels.getFullChannel" }, full, 0);
  const topics = { _: "messages.forumTopics", pts: 70 };
  boxes.affected({ _: "messages.getForumTopics", peer: channelPeer(12n) }, topics, 0);
  const { channels } = boxes.state ?? {};
  assertEquals([7n, 9n, 11n, 12n].map((id) => channels?.get(id)?.pts), [20, 50, 60, 70]);
});

Deno.test("a kept state does not fetch its channels at the start, but those behind", () => {
  const channels = new Map(
    [7n, 8n, 9n].map((id) => [id, { pts: 20, behind: id === 8n }] as const),
  );
  const boxes = new MessageBoxes({ self: SELF, state: { ...START, channels } });
  difference(boxes, 0);
  assertEquals(channelDifference(boxes, 0).channelId, 8n);
  const want = boxes.want(0);
  assert(want === undefined, "all requests are in flight");
});

Deno.test("30: an open channel without access is polled no more, until it is seen again", () => {
  const boxes = boxesAt();
  boxes.openChat(7n);
  boxes.fail(channelDifference(boxes, 0), { code: 400, text: "CHANNEL_PRIVATE" }, 0);
  assertIdle(boxes, 899_999);
  boxes.answer(difference(boxes, 900_000), nothing(), 900_000);
  assertIdle(boxes, 900_000);
  give(boxes, 900_000, [{ _: "updateChannel", channelId: 7n }]);
  assertEquals(channelDifference(boxes, 900_000).channelId, 7n);
});
