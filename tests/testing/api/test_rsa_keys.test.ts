/**
 * The public test keys of the offline Telegram.
 */
import { bytesToHex, rsaPad, rsaUnpad } from "../../../src/crypto/mod.ts";
import { testRsaKey, testRsaKeys } from "../../../src/testing/api/mod.ts";
import { assert, assertEquals, assertNotEquals } from "../../helpers/assert.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

Deno.test("testRsaKeys() are two pairs of 2048 bits whose halves belong together", () => {
  const random = seededRandom(1);
  const keys = testRsaKeys();
  assertEquals(keys.length, 2);
  for (const key of keys) {
    assertEquals([key.n.length, bytesToHex(key.e)], [256, "010001"]);
    const data = random(100);
    const unpadded = rsaUnpad(key, rsaPad(key, data, random));
    assertEquals(unpadded.subarray(0, 100), data);
  }
});

Deno.test("testRsaKey() returns different keys for neighbouring data centers", () => {
  assertNotEquals(testRsaKey(1).fingerprint, testRsaKey(2).fingerprint);
  assert(testRsaKey(2) === testRsaKey(2));
  assertEquals(testRsaKey(4).fingerprint, testRsaKey(2).fingerprint);
});
