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
