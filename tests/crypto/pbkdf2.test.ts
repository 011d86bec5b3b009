import { pbkdf2Sync } from "node:crypto";
import { bytesToHex, encodeUtf8 } from "../../src/crypto/bytes.ts";
import { pbkdf2HmacSha512 } from "../../src/crypto/pbkdf2.ts";
import { assertEquals, assertThrows } from "../helpers/assert.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

interface Case {
  password: string;
  salt: string;
  iterations: number;
  key: string;
}

for (const { password, salt, iterations, key } of readVectors<Case>("pbkdf2.json")) {
  Deno.test(`pbkdf2HmacSha512() of "${password}", ${iterations} iterations, as published`, () => {
    const derived = pbkdf2HmacSha512(encodeUtf8(password), encodeUtf8(salt), iterations);
    assertEquals(bytesToHex(derived), key);
  });
}

function assertAsOpenssl(password: Uint8Array, salt: Uint8Array, iterations: number): void {
  const expected = pbkdf2Sync(password, salt, iterations, 64, "sha512").toString("hex");
  assertEquals(bytesToHex(pbkdf2HmacSha512(password, salt, iterations)), expected);
}

Deno.test("pbkdf2HmacSha512() equals OpenSSL for random passwords and salts", () => {
  const random = seededRandom(5);
  for (let i = 0; i < 400; i++) {
    const password = random(pick(random, 200) + 1).subarray(1);
    assertAsOpenssl(password, random(pick(random, 300)), 1 + pick(random, 20));
  }
});

Deno.test("pbkdf2HmacSha512() equals OpenSSL with Telegram's 100,000 iterations", () => {
  const random = seededRandom(6);
  assertAsOpenssl(random(32), random(40), 100_000);
});

Deno.test("pbkdf2HmacSha512() refuses an impossible number of iterations", () => {
  const empty = new Uint8Array();
  for (const iterations of [0, -1, 1.5, NaN, Infinity, 2 ** 31]) {
    assertThrows(
      () => pbkdf2HmacSha512(empty, empty, iterations),
      RangeError,
      `Cannot derive a key with "${iterations}" iterations`,
    );
  }
});
