/** What an honest Telegram does not send: nothing throws, nothing loops, memory is bounded. */
import type { Api } from "../../src/tl/mod.ts";
import type { MessageBoxes } from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
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
  names,
  nothing,
  packet,
  post,
  posts,
  range,
  serverState,
  slice,
  START,
  stopped,
  typing,
} from "./boxes_world.ts";

const MAX = 2 ** 31 - 1;

/** Answers all requests until `until`, and returns how many there were. */
function count(
  boxes: MessageBoxes,
  until: number,
  answer: (now: number) => Api.updates.Difference | Api.updates.ChannelDifference,
): number {
  let calls = 0;
  for (let now = 0; now <= until;) {
    const want = boxes.want(now);
    if (want === undefined) return calls;
    if (want.kind === "wait") now = want.until;
    else boxes.answer(want, answer(now), now);
    if (want.kind !== "wait") calls++;
    assert(calls < 1000, "an endless loop");
  }
  return calls;
}

Deno.test("an update with an impossible count is not applied, and its box is fetched", () => {
  for (const update of [deletion(101, -1), deletion(101, 102), deletion(-5, 1), fresh(-MAX - 1)]) {
    const boxes = boxesAt();
    assertEquals(give(boxes, 0, [update]), []);
    assertEquals(boxes.state?.pts, 100);
    boxes.answer(difference(boxes, 0), nothing(), 0);
    assertIdle(boxes, 1000);
  }
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [post(7n, 21, -1)]), []);
  assertEquals(channelDifference(boxes, 0).pts, 20);
});

Deno.test("an update that is old in part is not applied, and its box is fetched", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [deletion(102, 4)]), []);
  const want = difference(boxes, 0);
  const answer = complete(serverState(102), [], [deletion(102, 2)]);
  assertEquals(names(boxes.answer(want, answer, 0)), ["deletion 102"]);
});

Deno.test("a number that fell a little is old; one that fell by a million is asked about", () => {
  const state = { ...START, pts: 2_000_000 };
  const boxes = boxesAt(state);
  assertEquals(give(boxes, 0, [fresh(1_999_000), fresh(2_000_000 - 1_000_009)]), []);
  assertIdle(boxes, 0);
  assertEquals(give(boxes, 0, [fresh(2_000_000 - 1_000_010)]), []);
  const want = boxes.want(0);
  assert(want?.kind === "getState");
  assertEquals(names(boxes.answer(want, serverState(50), 0)), ["gap pts 2000000-50"]);
  assertEquals(difference(boxes, 0).request.pts, 50);
});

Deno.test("a difference that falls a little moves nothing; a fall by a million is told", () => {
  const boxes = boxesAt({ ...START, pts: 2_000_000 });
  boxes.invalidate(0);
  assertEquals(boxes.answer(difference(boxes, 0), complete(serverState(1_999_000), [1]), 0), []);
  assertEquals(boxes.state?.pts, 2_000_000);
  boxes.invalidate(0);
  const fallen = boxes.answer(difference(boxes, 0), complete(serverState(50), [50]), 0);
  assertEquals(names(fallen), ["gap pts 2000000-50", "50"]);
  assertEquals(boxes.state?.pts, 50);
});

Deno.test("a channel whose pts falls by a million counts anew, and that is told", () => {
  const channels = new Map([[7n, { pts: 2_000_000, behind: true }]]);
  const empty = { _: "updates.channelDifferenceEmpty", final: true, pts: 50 } as const;
  for (const [answer, messages] of [[empty, []], [posts(7n, 50, [50]), ["c7:50"]]] as const) {
    const boxes = boxesAt({ ...START, channels });
    const want = channelDifference(boxes, 0);
    assertEquals(names(boxes.answer(want, answer, 0)), ["gap c7 2000000-50", ...messages]);
    assertEquals(boxes.state?.channels.get(7n)?.pts, 50);
  }
});

Deno.test("the highest numbers are numbers like others", () => {
  const boxes = boxesAt({ ...START, pts: MAX - 1, qts: MAX - 1 });
  assertEquals(give(boxes, 0, [fresh(MAX), stopped(MAX)]), [`${MAX}`, `q${MAX}`]);
  assertEquals(boxes.state?.pts, MAX);
  assertIdle(boxes, 0);
});

Deno.test("a date far in the future holds only until the next difference", () => {
  const boxes = boxesAt();
  boxes.receive({ ...packet(typing()), date: MAX }, 0);
  assertEquals(boxes.state?.date, MAX);
  boxes.invalidate(0);
  boxes.answer(difference(boxes, 0), nothing(1002), 0);
  assertEquals(boxes.state?.date, 1002);
});

Deno.test("millions of missing updates are one difference", () => {
  const boxes = boxesAt();
  assertEquals(give(boxes, 0, [fresh(5_000_000)]), []);
  assertEquals(difference(boxes, 500).request.pts, 100);
});

Deno.test("a slice that does not advance is no reason to ask at once, nor for ever", () => {
  const stuck = [
    slice(serverState(100), [101]),
    slice(serverState(50), [101]),
    slice(serverState(-1), [101]),
    { _: "updates.differenceTooLong", pts: 100 } as const,
    { _: "updates.differenceTooLong", pts: -1 } as const,
    { _: "unheardOf" } as unknown as Api.updates.Difference,
  ];
  for (const answer of stuck) {
    const boxes = boxesAt();
    boxes.invalidate(0);
    assertEquals(count(boxes, 600_000, () => answer), 8);
    assertEquals(boxes.state?.pts, 100);
  }
});

Deno.test("a channel difference that does not advance is no reason to ask at once, either", () => {
  const unfinished = { final: undefined };
  const stuck = [
    posts(7n, 20, [21], unfinished),
    posts(7n, 19, [21], unfinished),
    posts(7n, -1, [21], unfinished),
    { _: "updates.channelDifferenceEmpty", pts: 20 } as const,
    { _: "unheardOf" } as unknown as Api.updates.ChannelDifference,
  ];
  for (const answer of stuck) {
    const boxes = boxesAt();
    give(boxes, 0, [{ _: "updateChannelTooLong", channelId: 7n }]);
    assertEquals(count(boxes, 600_000, () => answer), 8);
    assertPosition(boxes, 7n, { pts: 20, behind: true });
  }
});

Deno.test("a difference that never fills a gap is asked for at most 8 times", () => {
  const boxes = boxesAt();
  const deliveries: string[] = [];
  boxes.receive({ ...packet(typing()), seq: 9 }, 0);
  give(boxes, 0, [fresh(105)]);
  let calls = 0;
  for (let now = 0; now < 800_000;) {
    const want = boxes.want(now);
    if (want?.kind === "getDifference") {
      calls++;
      deliveries.push(...names(boxes.answer(want, nothing(), now)));
    } else now = want?.kind === "wait" ? want.until : Infinity;
  }
  assertEquals(calls, 8);
  assertEquals(deliveries, ["gap pts 100-104", "105", "gap seq 5-8", "updateUserTyping"]);
});

Deno.test("a channel difference that never fills a gap is asked for at most 8 times", () => {
  const boxes = boxesAt();
  give(boxes, 0, [post(7n, 25)]);
  const empty = { _: "updates.channelDifferenceEmpty", final: true, pts: 20 } as const;
  let calls = 0;
  for (let now = 0; now < 800_000;) {
    const want = boxes.want(now);
    if (want?.kind === "getChannelDifference") {
      calls++;
      const deliveries = names(boxes.answer(want, empty, now));
      assertEquals(deliveries, calls < 8 ? [] : ["gap c7 20-24", "c7:25"]);
    } else now = want?.kind === "wait" ? want.until : Infinity;
  }
  assertEquals(calls, 8);
});

Deno.test("under a new count, what waits under the old one is forgotten", () => {
  const boxes = boxesAt({ ...START, pts: 2_000_000 });
  give(boxes, 0, [fresh(2_000_005)]);
  boxes.answer(difference(boxes, 500), complete(serverState(50), [50]), 500);
  assertIdle(boxes, 10_000);
  const channels = new Map([[7n, { pts: 2_000_000, behind: true }]]);
  const other = boxesAt({ ...START, channels });
  give(other, 0, [post(7n, 2_000_005)]);
  assertEquals(names(other.answer(channelDifference(other, 0), posts(7n, 9, [9]), 0)), [
    "gap c7 2000000-9",
    "c7:9",
  ]);
  assertIdle(other, 10_000);
});

Deno.test("beyond 1,000 waiting updates they are forgotten, and the difference brings them", () => {
  const boxes = boxesAt();
  for (const pts of range(102, 1102)) {
    assertEquals(give(boxes, 0, [fresh(pts)]), []);
  }
  const want = difference(boxes, 0);
  const answer = complete(serverState(1102), range(101, 1102));
  assertEquals(names(boxes.answer(want, answer, 0)), range(101, 1102).map(String));
  assertIdle(boxes, 1000);
});

Deno.test("when too many come while a difference is in flight, another one brings them", () => {
  const boxes = boxesAt();
  boxes.invalidate(0);
  const want = difference(boxes, 0);
  for (const pts of range(101, 1150)) assertEquals(give(boxes, 0, [fresh(pts)]), []);
  const delivered = names(boxes.answer(want, complete(serverState(101), [101]), 0));
  const rest = difference(boxes, 0);
  const answer = complete(serverState(1150), range(rest.request.pts + 1, 1150));
  delivered.push(...names(boxes.answer(rest, answer, 0)));
  assertEquals(delivered, range(101, 1150).map(String));
  assertIdle(boxes, 1000);
});

Deno.test("no random packet, answer or failure makes the boxes throw or loop", () => {
  for (let seed = 1; seed <= runs(40, 2000); seed++) {
    const random = seededRandom(seed);
    const numbers = [-MAX - 1, -1, 0, 1, 19, 20, 21, 99, 100, 101, 103, 1_000_200, MAX - 1, MAX];
    const any = (): number => numbers[pick(random, numbers.length)];
    const update = (): Api.Update => {
      const makes = [
        () => fresh(any(), any()),
        () => deletion(any(), any()),
        () => post(BigInt(7 + pick(random, 3)), any(), any()),
        () => stopped(any()),
        (): Api.Update => ({ _: "updateChannelTooLong", channelId: 7n, pts: any() }),
        (): Api.Update => ({ _: "updatePtsChanged" }),
        (): Api.Update => ({ _: "updateChannel", channelId: 8n }),
        (): Api.Update => ({
          _: "updateNewChannelMessage",
          message: { _: "messageEmpty", id: any() },
          pts: any(),
          ptsCount: any(),
        }),
        typing,
      ];
      return makes[pick(random, makes.length)]();
    };
    const some = (): Api.Update[] => Array.from({ length: pick(random, 4) }, update);
    const state = () => serverState(any(), { qts: any(), seq: any(), date: any() });
    const boxes = boxesAt();
    boxes.openChat(9n);
    let now = 0;
    for (let step = 0; step < 200; step++) {
      const { _, ...rest } = { ...packet(...some()), seq: any() };
      boxes.receive({ _: "updatesCombined", ...rest, seqStart: any() }, now);
      if (pick(random, 4) === 0) boxes.overlook({ _: "updates", ...rest }, now);
      const answer = { _: "messages.affectedMessages", pts: any(), ptsCount: any() };
      boxes.affected({ _: "messages.deleteMessages" }, answer, now);
      for (let calls = 0;; calls++) {
        assert(calls < 100, "an endless loop");
        const want = boxes.want(now);
        if (want === undefined || want.kind === "wait") break;
        const messages = [any(), any()];
        if (pick(random, 4) === 0) {
          const texts = ["CHANNEL_PRIVATE", "PERSISTENT_TIMESTAMP_INVALID", "FLOOD_WAIT_9", "?"];
          const failure = { code: 400 + pick(random, 1), text: texts[pick(random, texts.length)] };
          boxes.fail(want, pick(random, 3) === 0 ? {} : failure, now);
        } else if (want.kind === "getState") boxes.answer(want, state(), now);
        else if (want.kind === "getDifference") {
          const make = pick(random, 2) === 0 ? slice : complete;
          boxes.answer(want, make(state(), messages, some()), now);
        } else {
          const final = pick(random, 2) === 0 || undefined;
          const rest = { otherUpdates: some(), final, timeout: any() };
          boxes.answer(want, posts(want.channelId, any(), messages, rest), now);
        }
      }
      now += pick(random, 2000);
    }
    for (const [, { pts }] of boxes.state?.channels ?? []) assert(pts >= 0 && pts <= MAX);
    const { pts = -1, qts = -1, seq = -1, date = -1 } = boxes.state ?? {};
    for (const number of [pts, qts, seq, date]) assert(number >= 0 && number <= MAX);
  }
});
