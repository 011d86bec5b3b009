/** Keys for ClientHellos, beside those of OpenSSL. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { Buffer } from "node:buffer";
import {
  mlKem768Key,
  p256Point,
  x25519PublicKey,
} from "../../../src/transport/mtproxy/camouflage_keys.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

Deno.test("x25519PublicKey() returns OpenSSL's key of a scalar", () => {
  const random = seededRandom(5);
  for (let run = 0; run < 12; run++) {
    const scalar = random(32);
    const der = Buffer.concat([Buffer.from("302e020100300506032b656e04220420", "hex"), scalar]);
    const key = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
    const { x = "" } = key.export({ format: "jwk" });
    assertEquals(Buffer.from(x25519PublicKey(scalar)).toString("base64url"), x);
  }
});

Deno.test("p256Point() returns points with either sign, of 65 bytes", () => {
  const random = seededRandom(6);
  const points = Array.from({ length: 16 }, () => p256Point(random));
  for (const point of points) assertEquals([point.length, point[0]], [65, 4]);
  assertEquals(new Set(points.map((point) => point[64] & 1)).size, 2);
});

Deno.test("mlKem768Key() spreads its coefficients over all of the range", () => {
  const random = seededRandom(7);
  const found: number[] = [];
  for (let run = 0; run < 8; run++) {
    const key = mlKem768Key(random);
    assertEquals(key.length, 1184);
    for (let at = 0; at < 1152; at += 3) {
      const bits = key[at] | key[at + 1] << 8 | key[at + 2] << 16;
      found.push(bits & 4095, bits >> 12);
    }
  }
  assert(Math.max(...found) < 3329 && Math.max(...found) > 3320 && Math.min(...found) < 8);
  const average = found.reduce((sum, value) => sum + value, 0) / found.length;
  assert(Math.abs(average - 1664) < 60);
});
