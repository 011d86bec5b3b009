import { bytesToHex, hexToBytes } from "../../src/crypto/bytes.ts";
import { igeDecrypt, igeEncrypt } from "../../src/crypto/ige.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { cbcIgeEncrypt, referenceIgeDecrypt, referenceIgeEncrypt, sameBytes } from "./reference.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

const zeros = new Uint8Array(32);

for (
  const { name, key, plaintext, ciphertext } of readVectors<Record<string, string>>("aes.json")
) {
  Deno.test(`IGE of one block with a zero IV is AES-256: ${name}, ${plaintext}`, () => {
    const encrypted = igeEncrypt(hexToBytes(plaintext), hexToBytes(key), zeros);
    assertEquals(bytesToHex(encrypted), ciphertext);
    const decrypted = igeDecrypt(hexToBytes(ciphertext), hexToBytes(key), zeros);
    assertEquals(bytesToHex(decrypted), plaintext);
  });
}

Deno.test("igeEncrypt() and igeDecrypt() equal IGE over OpenSSL's AES", () => {
  const random = seededRandom(7);
  for (let i = 0; i < 1000; i++) {
    const [key, iv] = [random(33).subarray(1), random(35).subarray(3)];
    const offset = pick(random, 16);
    const data = random(offset + 16 * pick(random, 24)).subarray(offset);
    assertEquals(igeEncrypt(data, key, iv), referenceIgeEncrypt(data, key, iv), `case ${i}`);
    assertEquals(igeDecrypt(data, key, iv), referenceIgeDecrypt(data, key, iv), `case ${i}`);
  }
});

Deno.test("igeEncrypt() equals OpenSSL for blocks of each byte value", () => {
  const random = seededRandom(8);
  const key = random(32);
  for (let value = 0; value < 256; value++) {
    const block = new Uint8Array(16).fill(value);
    assertEquals(igeEncrypt(block, key, zeros), referenceIgeEncrypt(block, key, zeros));
    assertEquals(igeDecrypt(block, key, zeros), referenceIgeDecrypt(block, key, zeros));
  }
});

longTest("igeEncrypt() and igeDecrypt() carry on across chunks, up to 16 MiB and a block", () => {
  const { CHUNK_SIZE } = kernels();
  const random = seededRandom(9);
  const [key, iv] = [random(32), random(32)];
  for (
    const length of [CHUNK_SIZE - 16, CHUNK_SIZE, CHUNK_SIZE + 16, 3 * CHUNK_SIZE, 2 ** 24 + 16]
  ) {
    const data = new Uint8Array(length);
    data.set(random(1000));
    data.set(random(1000), length - 1000);
    const encrypted = igeEncrypt(data, key, iv);
    assert(sameBytes(encrypted, cbcIgeEncrypt(data, key, iv)), `${length} bytes`);
    assert(sameBytes(igeDecrypt(encrypted, key, iv), data), `${length} bytes`);
  }
});

Deno.test("igeEncrypt() and igeDecrypt() of no data return no data", () => {
  assertEquals(igeEncrypt(new Uint8Array(), zeros, zeros), new Uint8Array());
  assertEquals(igeDecrypt(new Uint8Array(), zeros, zeros), new Uint8Array());
});

Deno.test("igeEncrypt() does not change its arguments", () => {
  const random = seededRandom(10);
  const inputs = [random(64), random(32), random(32)] as const;
  const copies = inputs.map((input) => input.slice());
  igeEncrypt(...inputs);
  assertEquals([...inputs], copies);
});

Deno.test("igeEncrypt() and igeDecrypt() refuse wrong lengths", () => {
  const data = new Uint8Array(16);
  for (
    const [run, what] of [[igeEncrypt, "encrypt"], [igeDecrypt, "decrypt"]] as const
  ) {
    const failed = `Cannot ${what} with AES-256-IGE: the`;
    for (const length of [1, 15, 17]) {
      const text = `${failed} data has ${length} bytes, expected a multiple of 16`;
      assertThrows(() => run(new Uint8Array(length), zeros, zeros), RangeError, text);
    }
    for (const length of [0, 16, 24, 31, 33]) {
      const wrong = new Uint8Array(length);
      const text = `has ${length} bytes, expected 32`;
      assertThrows(() => run(data, wrong, zeros), RangeError, `${failed} key ${text}`);
      assertThrows(
        () => run(data, zeros, wrong),
        RangeError,
        `${failed} IV ${text}`,
      );
    }
  }
});
