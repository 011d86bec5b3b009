/** Which packet goes into which HTTP request: without requests. */
import fc from "fast-check";
import { type HttpRequest, HttpSchedule, MAX_WAIT } from "../../src/connection/http/schedule.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";

const SEED = 20261127;

/** A packet that is known by its number. */
function packet(number: number): Uint8Array {
  return Uint8Array.of(number);
}

/** Adds a packet of a session. Returns how long its answer may wait. */
function add(schedule: HttpSchedule, number: number, hasCalls = true): unknown {
  const { maxWait } = schedule.next(hasCalls);
  schedule.add(packet(number));
  return maxWait;
}

Deno.test("the first packet with calls goes alone, then the poll, then all go in order", () => {
  const schedule = new HttpSchedule();
  schedule.isWanted = true;
  assertEquals(add(schedule, 1), 1000);
  assertEquals(add(schedule, 2), 1000);
  assert(!schedule.isDue);
  const first = schedule.start() as HttpRequest;
  assertEquals(first.packet, packet(1));
  assertEquals(schedule.start(), undefined);
  schedule.ended(first);
  const second = schedule.start() as HttpRequest;
  assertEquals(second.packet, packet(2));
  assert(!schedule.isDue);
  schedule.ended(second);
  assert(schedule.isDue);
  assertEquals(add(schedule, 3, false), MAX_WAIT);
  assert(!schedule.isDue);
  const poll = schedule.start() as HttpRequest;
  assertEquals(add(schedule, 4), 0); // the poll waits for the answer
  assertEquals(schedule.start()?.packet, packet(4));
  schedule.ended(poll);
  assert(!schedule.isDue);
});

Deno.test("after a refusal, the next packet goes beside the request that is held back", () => {
  const schedule = new HttpSchedule();
  schedule.isWanted = true;
  schedule.refused(); // nothing is under way
  add(schedule, 1, false);
  const poll = schedule.start() as HttpRequest;
  add(schedule, 2);
  const held = schedule.start() as HttpRequest;
  add(schedule, 3);
  assertEquals(schedule.start(), undefined);
  schedule.refused();
  assertEquals([poll.isHeld, held.isHeld], [undefined, true]);
  const next = schedule.start() as HttpRequest;
  assertEquals(next.packet, packet(3));
  add(schedule, 4);
  schedule.ended(held);
  assertEquals(schedule.start(), undefined);
  schedule.ended(poll);
  schedule.ended(next);
  assertEquals(schedule.start()?.packet, packet(4));
});

Deno.test("without anything to expect, there is no poll", () => {
  const schedule = new HttpSchedule();
  assert(!schedule.isDue);
  assertEquals(add(schedule, 1, false), 1000);
  schedule.ended(schedule.start() as HttpRequest);
  assert(!schedule.isDue);
});

Deno.test("whatever comes, two requests are under way at most, and none overtakes calls", () => {
  const step = fc.constantFrom("calls", "other", "wanted", "unwanted", "end first", "end last");
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const schedule = new HttpSchedule();
    const open: HttpRequest[] = [];
    const sent: number[] = [];
    let number = 0;
    for (const one of [...steps, ...Array.from({ length: 200 }, () => "end first")]) {
      if (one === "wanted") schedule.isWanted = true;
      if (one === "unwanted") schedule.isWanted = false;
      if (one === "calls" || one === "other") add(schedule, number++, one === "calls");
      const ended = one === "end first"
        ? open.shift()
        : one === "end last"
        ? open.pop()
        : undefined;
      if (ended !== undefined) schedule.ended(ended);
      for (let next; (next = schedule.start()) !== undefined;) {
        assertEquals(open.filter(({ maxWait }) => maxWait < MAX_WAIT), []);
        open.push(next);
        sent.push(next.packet[0]);
      }
      assert(open.length <= 2, `${open.length} requests`);
      assert(open.filter(({ maxWait }) => maxWait === MAX_WAIT).length <= 1);
    }
    assertEquals(sent, Array.from({ length: number }, (_, index) => index));
    assertEquals(open, []);
  });
  fc.assert(property, { seed: SEED, numRuns: runs(200, 5000) });
});
