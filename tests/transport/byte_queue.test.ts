/** The queue of received bytes: what leaves it is whole, and is not changed later. */
import fc from "fast-check";
import { ByteQueue } from "../../src/transport/byte_queue.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";

/** Bytes of which each tells its place. */
function counted(length: number): Uint8Array {
  return new Uint8Array(length).map((_, i) => i * 31 + (i >> 8));
}

Deno.test("ByteQueue.take() returns what was pushed, in any pieces, and never changes it", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sizes, sizes, (packets, chunks) => {
      const total = packets.reduce((sum, length) => sum + length, 0);
      const bytes = counted(total);
      const queue = new ByteQueue();
      const taken: Uint8Array[] = [];
      let pushed = 0;
      for (let turn = 0; taken.length < packets.length; turn++) {
        const chunk = bytes.slice(pushed, pushed + chunks[turn % chunks.length]);
        queue.push(chunk);
        pushed += chunk.length;
        while (taken.length < packets.length && queue.length >= packets[taken.length]) {
          taken.push(queue.take(packets[taken.length]));
        }
      }
      assertEquals(taken.map(({ length }) => length), packets);
      let at = 0;
      for (const part of taken) {
        assertSameBytes(part, bytes.subarray(at, at + part.length));
        at += part.length;
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("ByteQueue.take() hands a large packet over with its buffer", () => {
  const queue = new ByteQueue();
  const packet = counted(524_000);
  for (let at = 0; at < packet.length; at += 65_536) queue.push(packet.subarray(at, at + 65_536));
  queue.push(Uint8Array.of(7, 8, 9));
  const taken = queue.take(packet.length);
  assertEquals([taken.buffer.byteLength > taken.length, queue.length], [true, 3]);
  queue.push(new Uint8Array(524_000).fill(1));
  assertEquals(taken, packet);
  assertEquals(queue.take(3), Uint8Array.of(7, 8, 9));
});

Deno.test("ByteQueue makes room for a whole packet when a sixteenth of it has arrived", () => {
  const queue = new ByteQueue();
  const capacity = (): number => queue.view(1).buffer.byteLength;
  queue.push(new Uint8Array(65_536));
  assertEquals(queue.holds(16_777_216), false);
  queue.push(new Uint8Array(65_536));
  assert(capacity() <= 4 * 65_536, "a claim alone takes no memory");
  assertEquals(queue.holds(1_048_576), false);
  queue.push(new Uint8Array(200_000));
  assertEquals(capacity(), 1_048_576 + 65_536);
  queue.push(new Uint8Array(730_000));
  assertEquals([queue.holds(1_048_576), capacity()], [true, 1_048_576 + 65_536]);
});

Deno.test("ByteQueue.take() copies a small packet out of a large buffer", () => {
  const queue = new ByteQueue();
  queue.push(new Uint8Array(600_000));
  assertEquals(queue.take(40_000).buffer.byteLength, 40_000);
  assertEquals(queue.take(100).buffer.byteLength, 100);
});

Deno.test("ByteQueue takes no more memory after a small packet than it holds", () => {
  const queue = new ByteQueue();
  queue.push(new Uint8Array(500_000));
  queue.take(500_000);
  queue.push(new Uint8Array(8));
  queue.take(8);
  queue.push(new Uint8Array(8));
  assert(queue.view(8).buffer.byteLength <= 65_536);
});
