import { createHmac } from "node:crypto";
import { bytesToHex, hexToBytes } from "../../src/crypto/bytes.ts";
import { hmacSha256, hmacSha512 } from "../../src/crypto/hmac.ts";
import { assertEquals } from "../helpers/assert.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

const macs = { sha256: hmacSha256, sha512: hmacSha512 };
type Name = keyof typeof macs;
const names: Name[] = ["sha256", "sha512"];

for (const { name, hash, key, data, mac } of readVectors<Record<string, string>>("hmac.json")) {
  Deno.test(`HMAC with ${hash} equals RFC 4231's ${name}`, () => {
    assertEquals(bytesToHex(macs[hash as Name](hexToBytes(key), hexToBytes(data))), mac);
  });
}

for (const name of names) {
  Deno.test(`HMAC with ${name} equals OpenSSL for random keys and data, empty ones too`, () => {
    const random = seededRandom(4);
    for (let i = 0; i < 600; i++) {
      const key = random(i < 300 ? i : pick(random, 300));
      const data = random(1 + pick(random, 500)).subarray(1);
      const expected = createHmac(name, key).update(data).digest("hex");
      assertEquals(bytesToHex(macs[name](key, data)), expected, `case ${i}`);
    }
  });
}
