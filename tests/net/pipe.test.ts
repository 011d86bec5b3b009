import { byteByByte, ConnectionError, pipe, randomChunks } from "../../src/net/mod.ts";
import { closeOnAbort } from "../../src/net/stream.ts";
import { assert, assertEquals, assertNotEquals, assertRejects } from "../helpers/assert.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

Deno.test("pipe() carries bytes both ways, in order", async () => {
  const [one, two] = pipe();
  await one.write(bytes(1, 2));
  await one.write(bytes(3));
  await two.write(bytes(9));
  assertEquals(await two.read(), bytes(1, 2));
  assertEquals(await two.read(), bytes(3));
  assertEquals(await one.read(), bytes(9));
});

Deno.test("pipe() resolves a pending read", async () => {
  const [one, two] = pipe();
  const read = two.read();
  await one.write(bytes(5));
  assertEquals(await read, bytes(5));
});

Deno.test("pipe() copies the written bytes", async () => {
  const [one, two] = pipe();
  const written = bytes(1);
  await one.write(written);
  written[0] = 2;
  assertEquals(await two.read(), bytes(1));
});

Deno.test("pipe({ chunk }) cuts the written bytes", async () => {
  const [one, two] = pipe({ chunk: byteByByte });
  await one.write(bytes(1, 2, 3));
  assertEquals([await two.read(), await two.read(), await two.read()], [
    bytes(1),
    bytes(2),
    bytes(3),
  ]);
});

Deno.test("pipe(): after a close the other end reads the rest, then undefined", async () => {
  const [one, two] = pipe();
  await one.write(bytes(1));
  one.close();
  one.close();
  assertEquals(await two.read(), bytes(1));
  assertEquals(await two.read(), undefined);
  assertEquals(await two.read(), undefined);
  await assertRejects(() => two.write(bytes(1)), ConnectionError, "is closed");
  await assertRejects(() => one.write(bytes(1)), ConnectionError, "is closed");
});

Deno.test("pipe(): a close drops the unread bytes, and wakes the reads of both", async () => {
  const [one, two] = pipe();
  await two.write(bytes(1));
  one.close();
  assertEquals(await one.read(), undefined);
  const [three, four] = pipe();
  const reads = [three.read(), four.read()];
  three.close();
  assertEquals(await Promise.all(reads), [undefined, undefined]);
});

Deno.test("pipe() refuses a read during another one", async () => {
  const [one, two] = pipe();
  const first = one.read();
  await assertRejects(() => one.read(), TypeError, "another read is pending");
  await two.write(bytes(1));
  assertEquals(await first, bytes(1));
});

Deno.test("randomChunks() cuts the same for the same seed, and loses no byte", () => {
  const whole = Uint8Array.from({ length: 1000 }, (_, index) => index);
  const lengths = (seed: number): number[] =>
    randomChunks(seed, 20)(whole).map((part) => part.length);
  assertEquals(lengths(1), lengths(1));
  assertNotEquals(lengths(1), lengths(2));
  assert(lengths(1).every((length) => length >= 1 && length <= 20));
  assertEquals(randomChunks(3)(whole).flatMap((part) => [...part]), [...whole]);
  assertEquals(randomChunks(3)(new Uint8Array(0)), []);
});

Deno.test("closeOnAbort() closes a stream when its signal aborts, or has aborted", async () => {
  const later = new AbortController();
  for (const signal of [AbortSignal.abort(), later.signal]) {
    const [one, two] = pipe();
    const stream = closeOnAbort(one, signal);
    if (!signal.aborted) {
      await stream.write(bytes(1));
      assertEquals(await two.read(), bytes(1));
      later.abort();
    }
    assertEquals(await two.read(), undefined);
    await assertRejects(() => stream.write(bytes(1)), ConnectionError);
  }
});
