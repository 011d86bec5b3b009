/** Lines that need time. */
import { pipe } from "../../src/net/mod.ts";
import { slowLine } from "../../src/testing/slow_line.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";

Deno.test("a slow line needs a second for the bytes of a second, in either direction", async () => {
  const clock = new FakeClock();
  const [near, far] = pipe();
  const line = slowLine(far, clock, { bytesPerSecond: 1000, latency: 50 });
  const began = clock.monotonic();
  const came: [number, number][] = [];
  void (async () => {
    for (let chunk; (chunk = await line.read()) !== undefined;) {
      came.push([chunk.length, clock.monotonic() - began]);
    }
  })();
  await near.write(new Uint8Array(500));
  await near.write(new Uint8Array(1000));
  const written = [line.write(new Uint8Array(100)), line.write(new Uint8Array(300))];
  const left: number[] = [];
  for (const one of written) void one.then(() => left.push(clock.monotonic() - began));
  const arrived: number[] = [];
  void (async () => {
    while (await near.read() !== undefined) arrived.push(clock.monotonic() - began);
  })();
  for (let ms = 0; ms < 2000; ms += 10) await clock.advance(10);
  assertEquals(came, [[500, 550], [1000, 1550]]);
  assertEquals([left, arrived], [[100, 400], [150, 450]]);
  line.close();
});

Deno.test("a slow line that is closed ends its reads, and writes nothing more", async () => {
  const clock = new FakeClock();
  const [near, far] = pipe();
  const line = slowLine(far, clock, { bytesPerSecond: 10 });
  const read = line.read();
  await near.write(new Uint8Array(500));
  const write = line.write(new Uint8Array(500));
  line.close();
  await assertRejects(() => write);
  assertEquals(await read, undefined);
  assertEquals(await near.read(), undefined);
  assertEquals(clock.sleepers, 0);
});
