import { systemClock, systemRandom } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../helpers/assert.ts";

Deno.test("systemClock returns the time of day, and a time that never goes back", () => {
  const earliest = Date.now();
  const now = systemClock.now();
  assert(earliest <= now && now <= Date.now());
  const before = systemClock.monotonic();
  assert(systemClock.monotonic() >= before);
});

Deno.test("systemClock.sleep() resolves after its time", async () => {
  const before = systemClock.monotonic();
  await systemClock.sleep(2);
  assert(systemClock.monotonic() - before >= 1);
  await systemClock.sleep(-5);
});

Deno.test("systemClock.sleep() rejects with the signal's reason", async () => {
  const reason = new Error("enough");
  const before = await assertRejects(() => systemClock.sleep(1e9, AbortSignal.abort(reason)));
  assertStrictEquals(before, reason);
  const controller = new AbortController();
  // Longer than a timer allows: it must not fire at once.
  const sleeping = systemClock.sleep(1e12, controller.signal);
  await systemClock.sleep(2);
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => sleeping), reason);
});

Deno.test("systemRandom() gives more bytes than one call of the system", () => {
  assertEquals(systemRandom(0).length, 0);
  const bytes = systemRandom(200_000);
  assertEquals(bytes.length, 200_000);
  for (let start = 0; start < bytes.length; start += 10_000) {
    assert(bytes.subarray(start, start + 10_000).some((byte) => byte !== 0));
  }
});
