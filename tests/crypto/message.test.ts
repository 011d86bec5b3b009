import { createHash } from "node:crypto";
import { bytesToHex } from "../../src/crypto/bytes.ts";
import {
  authKeyAuxHash,
  authKeyId,
  decryptMessage,
  encryptMessage,
  type Side,
} from "../../src/crypto/message.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import {
  cbcIgeEncrypt,
  referenceIgeEncrypt,
  referenceKeys,
  referenceMessage,
  sameBytes,
} from "./reference.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { longTestEachWay, testEachWay } from "./ways.ts";

const sides = [["client", 0], ["server", 8]] as const;

function other(side: Side): Side {
  return side === "client" ? "server" : "client";
}

testEachWay("encryptMessage() equals OpenSSL's, and decryptMessage() reads it", () => {
  const random = seededRandom(14);
  for (let i = 0; i < runs(100, 2_000); i++) {
    const [sender, x] = sides[i % 2];
    const authKey = random(259).subarray(3);
    const plaintext = random(1 + 16 * (1 + pick(random, 30))).subarray(1);
    const packet = encryptMessage(authKey, plaintext, sender);
    assertEquals(packet, referenceMessage(authKey, plaintext, x), `case ${i}`);
    const view = new Uint8Array(packet.length + 5).subarray(5);
    view.set(packet);
    assertEquals(decryptMessage(authKey, view, sender), plaintext, `case ${i}`);
    assertEquals(decryptMessage(authKey, view, other(sender)), undefined, `case ${i}`);
  }
});

longTestEachWay(
  "encryptMessage() and decryptMessage() do messages around a chunk and up to 16 MiB",
  () => {
    const { CHUNK_SIZE } = kernels();
    const random = seededRandom(15);
    const authKey = random(256);
    for (
      const length of [CHUNK_SIZE - 16, CHUNK_SIZE, CHUNK_SIZE + 16, 2 * CHUNK_SIZE, 2 ** 24 + 16]
    ) {
      for (const [sender, x] of sides) {
        if (length > 2 ** 24 && x === 0) continue;
        const plaintext = new Uint8Array(length);
        plaintext.set(random(1000), length - 1000);
        const packet = encryptMessage(authKey, plaintext, sender);
        const expected = referenceMessage(authKey, plaintext, x, cbcIgeEncrypt);
        assert(sameBytes(packet, expected), `${length} bytes`);
        assert(sameBytes(decryptMessage(authKey, packet, sender), plaintext), `${length} bytes`);
        packet[packet.length - 1] ^= 1;
        assertEquals(decryptMessage(authKey, packet, sender), undefined);
      }
    }
  },
);

testEachWay(
  "decryptMessage() returns undefined after a change of any bit of msg_key or data",
  () => {
    const random = seededRandom(16);
    const authKey = random(256);
    const packet = encryptMessage(authKey, random(48), "server");
    for (let bit = 64; bit < 8 * packet.length; bit++) {
      packet[bit >> 3] ^= 1 << (bit & 7);
      assertEquals(decryptMessage(authKey, packet, "server"), undefined, `bit ${bit}`);
      packet[bit >> 3] ^= 1 << (bit & 7);
    }
    assert(decryptMessage(authKey, packet, "server") !== undefined);
  },
);

testEachWay("decryptMessage() refuses a msg_key that does not cover the padding", () => {
  const random = seededRandom(17);
  const authKey = random(256);
  const plaintext = random(64);
  const unpadded = plaintext.subarray(0, 50);
  const hash = createHash("sha256").update(authKey.subarray(88, 120)).update(unpadded).digest();
  const msgKey = new Uint8Array(hash).subarray(8, 24);
  const { aesKey, aesIv } = referenceKeys(authKey, msgKey, 0);
  const packet = new Uint8Array(24 + 64);
  packet.set(msgKey, 8);
  packet.set(referenceIgeEncrypt(plaintext, aesKey, aesIv), 24);
  assertEquals(decryptMessage(authKey, packet, "client"), undefined);
});

testEachWay("decryptMessage() returns undefined for an impossible length", () => {
  const authKey = seededRandom(18)(256);
  for (const length of [0, 1, 8, 23, 24, 25, 39, 41, 55]) {
    assertEquals(decryptMessage(authKey, new Uint8Array(length), "client"), undefined, `${length}`);
  }
});

testEachWay("encryptMessage() takes the auth key id as an argument", () => {
  const random = seededRandom(19);
  const [authKey, plaintext] = [random(256), random(32)];
  assertEquals(
    encryptMessage(authKey, plaintext, "client", authKeyId(authKey)),
    encryptMessage(authKey, plaintext, "client"),
  );
});

testEachWay("authKeyId() and authKeyAuxHash() are the two ends of the key's SHA-1", () => {
  const authKey = seededRandom(20)(256);
  const sha1 = createHash("sha1").update(authKey).digest("hex");
  assertEquals(bytesToHex(authKeyId(authKey)), sha1.slice(24));
  assertEquals(bytesToHex(authKeyAuxHash(authKey)), sha1.slice(0, 16));
});

testEachWay("encryptMessage() and decryptMessage() refuse wrong lengths", () => {
  const authKey = new Uint8Array(256);
  for (const length of [0, 15, 17, 40]) {
    assertThrows(
      () => encryptMessage(authKey, new Uint8Array(length), "client"),
      RangeError,
      `its plaintext has ${length} bytes, expected a multiple of 16`,
    );
  }
  assertThrows(
    () => encryptMessage(authKey, new Uint8Array(16), "client", new Uint8Array(7)),
    RangeError,
    "the auth key id has 7 bytes, expected 8",
  );
  for (const length of [0, 255, 257]) {
    const wrong = new Uint8Array(length);
    const text = `the auth key has ${length} bytes, expected 256`;
    assertThrows(() => encryptMessage(wrong, new Uint8Array(16), "client"), RangeError, text);
    assertThrows(() => decryptMessage(wrong, new Uint8Array(40), "client"), RangeError, text);
    assertThrows(() => authKeyId(wrong), RangeError, text);
    assertThrows(() => authKeyAuxHash(wrong), RangeError, text);
  }
});
