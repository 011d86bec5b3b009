/**
 * The quick acknowledgment token, computed here by the rules of the page:
 * https://core.telegram.org/mtproto/mtproto-transports#quick-ack
 */
import { createHash } from "node:crypto";
import { concatBytes, encryptMessage } from "../../src/crypto/mod.ts";
import { AuthKey } from "../../src/mtproto/mod.ts";
import { quickAckToken } from "../../src/testing/quick_ack.ts";
import { assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const random = seededRandom(5);
const KEY = new AuthKey(random(256));

Deno.test("quickAckToken() returns the front of msg_key's hash with the highest bit set", () => {
  for (let i = 0; i < 20; i++) {
    const plaintext = random(64 + i * 16);
    const packet = encryptMessage(KEY.bytes, plaintext, "client", KEY.id);
    const hash = createHash("sha256").update(KEY.bytes.subarray(88, 120)).update(plaintext)
      .digest();
    const token = Uint8Array.of(hash[0], hash[1], hash[2], hash[3] | 0x80);
    assertEquals(quickAckToken(packet, KEY), token);
    assertEquals(quickAckToken(concatBytes(packet, random(i % 16)), KEY), token);
  }
});

Deno.test("quickAckToken() returns undefined for a packet of another key", () => {
  const packet = encryptMessage(KEY.bytes, random(64), "client", KEY.id);
  assertEquals(quickAckToken(packet, new AuthKey(random(256))), undefined);
});
