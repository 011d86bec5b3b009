/**
 * The queue of calls: its order, and the number of its steps.
 */
import fc from "fast-check";
import { CallQueue, type QueueItem } from "../../src/mtproto/call_queue.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { clientSession, NOW } from "../helpers/hand_sealed.ts";
import { BODY } from "./packets.ts";

Deno.test("CallQueue keeps the order of ids while items are added and removed", () => {
  const step = fc.record({ id: fc.nat(40), adds: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: "max" }), (steps) => {
      const items = Array.from({ length: 41 }, (_, id): QueueItem => ({ id, place: -1 }));
      const queue = new CallQueue<QueueItem>();
      const model = new Set<number>();
      for (const { id, adds } of steps) {
        if (adds) queue.add(items[id]);
        else queue.delete(items[id]);
        if (adds) model.add(id);
        else model.delete(id);
        assertEquals(queue.length, model.size);
        assertEquals(queue.first?.id, model.size === 0 ? undefined : Math.min(...model));
      }
      const drained: number[] = [];
      for (let first = queue.first; first !== undefined; first = queue.first) {
        drained.push(first.id);
        queue.delete(first);
      }
      assertEquals(drained, [...model].sort((a, b) => a - b));
      assert(items.every(({ place }) => place === -1));
    }),
    { seed: 20261127, numRuns: runs(100, 2000) },
  );
});

/** An item that counts how often its id is read. */
class CountedItem implements QueueItem {
  static reads = 0;
  place = -1;
  readonly #id: number;

  constructor(id: number) {
    this.#id = id;
  }

  get id(): number {
    CountedItem.reads++;
    return this.#id;
  }
}

Deno.test("CallQueue removes an item out of 40,000 in at most a hundred comparisons", () => {
  const items = Array.from({ length: 40_000 }, (_, id) => new CountedItem(id));
  const queue = new CallQueue<CountedItem>();
  for (const item of items) queue.add(item);
  const order = items.toSorted((a, b) => (a.id * 7919) % 40_009 - (b.id * 7919) % 40_009);
  CountedItem.reads = 0;
  for (const item of order) queue.delete(item);
  assertEquals(queue.length, 0);
  assert(CountedItem.reads < 100 * items.length, `${CountedItem.reads}`);
});

const WAITING = runs(10_000, 40_000);

Deno.test(`${WAITING} waiting calls are dropped, in any order, queued or in flight`, () => {
  for (const isSent of [false, true]) {
    const session = clientSession();
    const calls = Array.from({ length: WAITING }, () => session.call(BODY));
    if (isSent) session.flush(NOW);
    assertEquals(session.callsInFlight, isSent ? WAITING : 0);
    for (const call of calls.reverse()) session.drop(call);
    assertEquals([session.callCount, session.callsInFlight], [0, 0]);
  }
});
