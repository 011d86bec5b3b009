import { assertEquals, assertRejects } from "@std/assert";
import { FramedStream } from "../../src/connection/packet_stream.ts";
import type { ByteStream } from "../../src/net/mod.ts";
import { intermediate, TransportError } from "../../src/transport/mod.ts";

/** Three packets in one chunk, of which the last may be an error of the server. */
function burst(last: "packet" | "error"): FramedStream {
  const server = intermediate();
  const packets = [1, 2].map((byte) => server.pack(new Uint8Array(8).fill(byte)));
  packets.push(last === "error" ? server.packError(-404) : server.pack(new Uint8Array(8).fill(3)));
  const chunks = [Uint8Array.from(packets.flatMap((packet) => [...packet]))];
  const stream: ByteStream = {
    read: () => Promise.resolve(chunks.shift()),
    write: () => Promise.resolve(),
    close: () => {},
  };
  const client = intermediate();
  client.start();
  return new FramedStream(stream, client);
}

Deno.test("The rest of a burst is taken at once, and does not come again", async () => {
  const stream = burst("packet");
  const packets = stream.packets();
  assertEquals((await packets.next()).value?.[0], 1);
  assertEquals(stream.takeRest().map(([byte]) => byte), [2, 3]);
  assertEquals(stream.takeRest(), []);
  assertEquals(await packets.next(), { value: undefined, done: true });
});

Deno.test("A burst that nobody takes at once comes packet by packet", async () => {
  const bytes: number[] = [];
  for await (const [byte] of burst("packet").packets()) bytes.push(byte);
  assertEquals(bytes, [1, 2, 3]);
});

Deno.test("An error at the end of a burst comes after all of its packets", async () => {
  const stream = burst("error");
  const packets = stream.packets();
  assertEquals((await packets.next()).value?.[0], 1);
  assertEquals(stream.takeRest().map(([byte]) => byte), [2]);
  await assertRejects(() => packets.next(), TransportError);
});

Deno.test("A write that waits for another asks before it goes", async () => {
  const written: number[] = [];
  const waiting: (() => void)[] = [];
  const stream = new FramedStream({
    read: () => Promise.resolve(undefined),
    write(bytes) {
      written.push(bytes[bytes.length - 1]);
      return new Promise((resolve) => waiting.push(resolve));
    },
    close: () => {},
  }, intermediate());
  let isHeld = true;
  stream.beforeWrite = () => {
    if (!isHeld) throw new Error("not held");
  };
  const send = (byte: number): Promise<void> => stream.send([new Uint8Array(8).fill(byte)]);
  const sent = [1, 2, 3, 4].map(send);
  waiting[0]();
  await sent[0];
  assertEquals(written, [1, 2]);
  isHeld = false; // the program was paused
  waiting[1]();
  const ends = await Promise.allSettled(sent);
  assertEquals(ends.map(({ status }) => status === "fulfilled"), [true, true, false, false]);
  isHeld = true;
  await assertRejects(() => send(5), Error, "not held"); // a cipher has gone on without the others
  assertEquals(written, [1, 2]);
});
