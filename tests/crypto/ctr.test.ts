import { Buffer } from "node:buffer";
import { createCipheriv } from "node:crypto";
import { bytesToHex, concatBytes, hexToBytes } from "../../src/crypto/bytes.ts";
import { AesCtr } from "../../src/crypto/ctr.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { sameBytes } from "./reference.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";
import { testEachWay } from "./ways.ts";

function openssl(data: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  return new Uint8Array(createCipheriv("aes-256-ctr", key, iv).update(data));
}

for (
  const { name, key, counter, plaintext, ciphertext } of readVectors<Record<string, string>>(
    "ctr.json",
  )
) {
  testEachWay(`AesCtr encrypts and decrypts ${name}`, () => {
    const start = [hexToBytes(key), hexToBytes(counter)] as const;
    assertEquals(bytesToHex(new AesCtr(...start).apply(hexToBytes(plaintext))), ciphertext);
    assertEquals(bytesToHex(new AesCtr(...start).apply(hexToBytes(ciphertext))), plaintext);
  });
}

testEachWay("AesCtr equals OpenSSL for 1,500 random streams, each in random pieces", () => {
  const random = seededRandom(11);
  for (let i = 0; i < 1500; i++) {
    const [key, iv] = [random(33).subarray(1), random(19).subarray(3)];
    // Every third counter is about to overflow, by one to sixteen bytes.
    if (i % 3 === 0) iv.fill(0xff, pick(random, 16));
    const data = random(pick(random, 400));
    const stream = new AesCtr(key, iv);
    const pieces = [];
    for (let offset = 0; offset < data.length;) {
      const piece = data.subarray(offset, offset + pick(random, 60));
      pieces.push(stream.apply(piece));
      offset += piece.length;
    }
    assertEquals(concatBytes(...pieces), openssl(data, key, iv), `case ${i}`);
  }
});

/** The longest stream, MiB. */
const MOST = runs(2, 16);

testEachWay(`AesCtr continues across chunks from any position, for up to ${MOST} MiB`, () => {
  const { CHUNK_SIZE } = kernels();
  const random = seededRandom(12);
  const [key, iv] = [random(32), random(16)];
  for (const length of [CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, (MOST << 20) + 7]) {
    const data = new Uint8Array(length);
    data.set(random(1000));
    const stream = new AesCtr(key, iv);
    const pieces = [stream.apply(data.subarray(0, 5)), stream.apply(data.subarray(5))];
    assert(sameBytes(concatBytes(...pieces), openssl(data, key, iv)), `${length} bytes`);
  }
});

testEachWay("AesCtr keeps streams apart, and its own copies of key and counter", () => {
  const random = seededRandom(13);
  const [key, iv, data] = [random(32), random(16), random(50)];
  const expected = openssl(data, key, iv);
  const [first, second] = [new AesCtr(key, iv), new AesCtr(key, iv)];
  key.fill(0);
  iv.fill(0);
  for (let i = 0; i < data.length; i++) {
    assertEquals(first.apply(data.subarray(i, i + 1))[0], expected[i]);
    if (i % 2 === 0) {
      assertEquals(second.apply(data.subarray(i, i + 2)), expected.subarray(i, i + 2));
    }
  }
});

testEachWay("AesCtr does not change a key and a counter that are Node Buffers", () => {
  const random = seededRandom(24);
  const [key, iv] = [Buffer.from(random(32)), Buffer.from(random(16))];
  const expected = openssl(new Uint8Array(100), key, iv);
  const copy = Buffer.from(iv);
  const stream = new AesCtr(key, iv);
  assertEquals(stream.apply(new Uint8Array(50)), expected.subarray(0, 50));
  assertEquals(iv, copy);
  key.fill(0);
  assertEquals(stream.apply(new Uint8Array(50)), expected.subarray(50));
});

testEachWay("AesCtr refuses keys and counters of another length", () => {
  const [key, iv] = [new Uint8Array(32), new Uint8Array(16)];
  for (const length of [0, 15, 24, 33]) {
    const wrong = new Uint8Array(length);
    const text = `has ${length} bytes, expected`;
    assertThrows(() => new AesCtr(wrong, iv), RangeError, `AES-256-CTR: the key ${text} 32`);
    assertThrows(
      () => new AesCtr(key, wrong),
      RangeError,
      `AES-256-CTR: the IV ${text} 16`,
    );
  }
});
