/** Packets that are framed in their own buffer, which has room for it. */
import {
  abridged,
  FRAME_ROOM,
  full,
  intermediate,
  obfuscated,
  paddedIntermediate,
  type Transport,
} from "../../src/transport/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const MAKERS: Readonly<Record<string, () => Transport>> = {
  abridged,
  intermediate,
  full,
  "padded intermediate": () => paddedIntermediate(seededRandom(7)),
  "obfuscated abridged": () => obfuscated(abridged(), { random: seededRandom(8) }),
};

/** Returns a payload with free bytes around it. */
function withRoom(payload: Uint8Array, before: number, after: number): Uint8Array {
  const buffer = new Uint8Array(before + payload.length + after).fill(0xaa);
  buffer.set(payload, before);
  return buffer.subarray(before, before + payload.length);
}

for (const [name, make] of Object.entries(MAKERS)) {
  Deno.test(`${name} frames a packet in its own buffer as in another one`, () => {
    const [plain, roomy] = [make(), make()];
    plain.start();
    roomy.start();
    for (const length of [4, 500, 504, 508, 4096, 524_288]) {
      const payload = seededRandom(length)(length);
      const expected = plain.pack(payload);
      const own = withRoom(payload, FRAME_ROOM, FRAME_ROOM);
      const framed = roomy.pack(own, { hasRoom: true });
      assertEquals(framed, expected);
      assert(name.startsWith("obfuscated") || framed.buffer === own.buffer);
    }
  });

  Deno.test(`${name} copies a packet that has less room than it should`, () => {
    const payload = seededRandom(3)(64);
    for (const [before, after] of [[0, 0], [0, 16], [3, 0]]) {
      const [plain, roomy] = [make(), make()];
      plain.start();
      roomy.start();
      const own = withRoom(payload, before, after);
      const outside = new Uint8Array(own.buffer.slice(0));
      const framed = roomy.pack(own, { hasRoom: true });
      assertEquals(framed, plain.pack(payload));
      if (name.endsWith("abridged") && before === 3) continue; // its frame needs one byte only
      assertEquals(new Uint8Array(own.buffer), outside);
    }
  });
}
