import { noticingSleep } from "../../src/runtime/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";

Deno.test("Many long sleeps share one timer that looks for a sleep of the computer", async () => {
  const clock = new FakeClock();
  const sleeps = [1, 2, 3].map(() => noticingSleep(clock, 60_000));
  assertEquals(clock.sleepers, 4);
  await clock.advance(30_000);
  clock.suspend(100_000);
  await clock.advance(10_000);
  assertEquals(await Promise.all(sleeps), [true, true, true]);
  await settled();
  assertEquals(clock.sleepers, 0);
});

Deno.test("A sleep ends in time when the computer did not sleep, and leaves no timer", async () => {
  const clock = new FakeClock();
  const [short, long] = [5000, 60_000].map((ms) => noticingSleep(clock, ms));
  await clock.advance(5000);
  assertEquals(await short, false);
  await clock.advance(55_000);
  assertEquals(await long, false);
  assertEquals(await noticingSleep(clock, 0), false);
  await settled();
  assertEquals(clock.sleepers, 0);
});

Deno.test("A long sleep is ended by its signal, with the reason", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const sleep = noticingSleep(clock, 60_000, stop.signal);
  stop.abort(new RangeError("enough"));
  await assertRejects(() => sleep, RangeError, "enough");
  await settled();
  assertEquals(clock.sleepers, 0);
  await assertRejects(() => noticingSleep(clock, 60_000, stop.signal), RangeError, "enough");
});
