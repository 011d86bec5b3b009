/**
 * Secrets do not stay in the memory of the WASM module: after an operation the memory is the same
 * as after that operation with other keys and data. For modPow() see modexp.test.ts.
 */
import { AesCtr } from "../../src/crypto/ctr.ts";
import { hmacSha256, hmacSha512 } from "../../src/crypto/hmac.ts";
import { igeDecrypt, igeEncrypt } from "../../src/crypto/ige.ts";
import { decryptMessage, encryptMessage } from "../../src/crypto/message.ts";
import { pbkdf2HmacSha512 } from "../../src/crypto/pbkdf2.ts";
import { sha1, sha256, sha512 } from "../../src/crypto/sha.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { testEachWay } from "./ways.ts";

type Random = (length: number) => Uint8Array;

const OPERATIONS: Readonly<Record<string, (random: Random) => Uint8Array | undefined>> = {
  "sha1()": (random) => sha1(random(200)),
  "sha256()": (random) => sha256(random(200)),
  "sha512()": (random) => sha512(random(200)),
  "hmacSha256()": (random) => hmacSha256(random(32), random(40)),
  "hmacSha512()": (random) => hmacSha512(random(64), random(40)),
  "pbkdf2HmacSha512()": (random) => pbkdf2HmacSha512(random(20), random(8), 3),
  "AesCtr.apply()": (random) => new AesCtr(random(32), random(16)).apply(random(50)),
  "igeEncrypt()": (random) => igeEncrypt(random(64), random(32), random(32)),
  "igeDecrypt()": (random) => igeDecrypt(random(64), random(32), random(32)),
  "encryptMessage()": (random) => encryptMessage(random(256), random(64), "client"),
  "decryptMessage()": (random) => {
    const authKey = random(256);
    return decryptMessage(authKey, encryptMessage(authKey, random(64), "server"), "server");
  },
};

for (const [name, run] of Object.entries(OPERATIONS)) {
  testEachWay(`${name} leaves neither key nor data in the memory of the module`, () => {
    const { bytes } = kernels();
    run(seededRandom(1)); // whatever else the memory holds is there now
    const before = bytes.slice();
    const result = run(seededRandom(2));
    assert(result?.some((byte) => byte !== 0));
    assertEquals(bytes.findIndex((byte, index) => byte !== before[index]), -1);
  });
}

testEachWay("decryptMessage() leaves no trace of a message that it refuses", () => {
  const { bytes } = kernels();
  const authKey = seededRandom(3)(256);
  const packet = encryptMessage(authKey, seededRandom(4)(64), "server");
  const before = bytes.slice();
  const wrong = packet.slice();
  wrong[40] ^= 1;
  assertEquals(decryptMessage(authKey, wrong, "server"), undefined);
  assertEquals(bytes.findIndex((byte, index) => byte !== before[index]), -1);
});
