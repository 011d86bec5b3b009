/**
 * Objects whose code loads when one of their functions is called for the first time.
 */
import { lazy } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";

class Counter {
  #count = 0;

  async next(step: number): Promise<number> {
    return await Promise.resolve(this.#count += step);
  }
}

Deno.test("lazy() loads on the first call, and passes this, arguments and result", async () => {
  let loads = 0;
  const counter = new Counter();
  const door = lazy(() => {
    loads++;
    return counter;
  });
  assertEquals(loads, 0);
  assertEquals([await door.next(2), await door.next(3)], [2, 5]);
  assertEquals(loads, 2);
});

Deno.test("lazy() rejects a name that the module does not have, and says so", async () => {
  const door = lazy(() => new Counter()) as unknown as Record<string, () => Promise<unknown>>;
  await assertRejects(() => door.nxt(), TypeError, 'Cannot call "nxt"');
});

Deno.test("lazy() tries again after a load that failed", async () => {
  let isBroken = true;
  const door = lazy(async () => {
    if (isBroken) throw new Error("offline");
    return await Promise.resolve(new Counter());
  });
  await assertRejects(() => door.next(1), Error, "offline");
  isBroken = false;
  assertEquals(await door.next(1), 1);
});

Deno.test("lazy() makes an object that can be awaited, printed, compared and stubbed", async () => {
  const door = lazy(() => new Counter());
  assertEquals(await Promise.resolve(door), door);
  assertEquals([`${door}`, JSON.stringify(door)], ["[object Object]", "{}"]);
  assert(door.next === door.next);
  const stubbed = door as { next(step: number): Promise<number> };
  stubbed.next = () => Promise.resolve(7);
  assertEquals(await door.next(1), 7);
});
