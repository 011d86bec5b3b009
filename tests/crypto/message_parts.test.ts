/** A message whose plaintext is in several parts. */
import fc from "fast-check";
import { encryptMessage } from "../../src/crypto/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { testEachWay } from "./ways.ts";

const authKey = seededRandom(1)(256);

testEachWay("encryptMessage() encrypts a plaintext in parts as in one piece", () => {
  const blocks = fc.oneof(
    fc.integer({ min: 1, max: 64 }),
    fc.constantFrom(16_383, 16_384, 16_385, 33_000),
  );
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
  fc.assert(
    fc.property(blocks, cuts, fc.constantFrom("client", "server"), (count, cuts, side) => {
      const plaintext = seededRandom(count)(count * 16);
      const places = cuts.map((cut) => Math.floor(cut * plaintext.length)).sort((a, b) => a - b);
      const parts = [...places, plaintext.length].map((end, i) =>
        plaintext.subarray(i === 0 ? 0 : places[i - 1], end)
      );
      const expected = encryptMessage(authKey, plaintext, side);
      assertEquals(encryptMessage(authKey, parts, side), expected);
    }),
    { numRuns: 60 },
  );
});
