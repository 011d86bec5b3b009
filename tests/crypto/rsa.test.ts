import { constants, createHash, privateDecrypt, publicEncrypt } from "node:crypto";
import {
  bytesToHex,
  concatBytes,
  decodeBase64,
  encodeBase64,
  hexToBytes,
} from "../../src/crypto/bytes.ts";
import { igeDecrypt } from "../../src/crypto/ige.ts";
import { rsaDecryptSha1, rsaEncryptSha1, rsaPad, rsaUnpad } from "../../src/crypto/rsa.ts";
import {
  formatRsaPublicKey,
  parseRsaPublicKey,
  type RsaPrivateKey,
  rsaPublicKey,
} from "../../src/crypto/entry.ts";
import type { Random } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertNotEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";

const [pair] = readVectors<
  { n: string; e: string; d: string; pkcs8: string; spki: string; pkcs1: string }
>("rsa_private.json");
const privateKey: RsaPrivateKey = {
  ...rsaPublicKey(hexToBytes(pair.n), hexToBytes(pair.e)),
  d: hexToBytes(pair.d),
};
const telegramKeys = readVectors<{ fingerprint: string; n: string; e: string }>("rsa_keys.json");

/** RSA with the private key, by node:crypto. */
function decryptOutside(encrypted: Uint8Array): Uint8Array {
  const options = { key: pair.pkcs8, padding: constants.RSA_NO_PADDING };
  return new Uint8Array(privateDecrypt(options, encrypted));
}

function hash(algorithm: string, ...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(createHash(algorithm).update(concatBytes(...parts)).digest());
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, index) => byte ^ b[index]);
}

/** Returns these bytes in order, and fails after the last one. */
function scripted(bytes: Uint8Array): Random {
  let used = 0;
  return (length) => {
    assert(used + length <= bytes.length, "no more random bytes were expected to be drawn");
    return bytes.slice(used, used += length);
  };
}

Deno.test("rsaPublicKey() computes the published fingerprints of Telegram's keys", () => {
  assertEquals(telegramKeys.length, 10);
  for (const { n, e, fingerprint } of telegramKeys) {
    const key = rsaPublicKey(hexToBytes(n), hexToBytes(e));
    assertEquals(key.fingerprint, BigInt(fingerprint));
    assertEquals(bytesToHex(key.n), n);
    assertEquals(bytesToHex(key.e), e);
  }
});

Deno.test("rsaPublicKey() drops leading zeros before it computes the fingerprint", () => {
  const { n, e, fingerprint } = telegramKeys[0];
  const key = rsaPublicKey(hexToBytes("00" + n), hexToBytes("0000" + e));
  assertEquals(key.fingerprint, BigInt(fingerprint));
  assertEquals(key.n.length, 256);
  assertEquals(key.e, Uint8Array.of(1, 0, 1));
});

Deno.test("rsaPublicKey() hashes short numbers with the short length of TL", () => {
  // SHA1 of 01 05 00 00 01 03 00 00, the TL of the strings "\x05" and "\x03".
  const digest = hash("sha1", hexToBytes("0105000001030000"));
  const expected = new DataView(digest.buffer).getBigInt64(12, true);
  assertEquals(rsaPublicKey(Uint8Array.of(5), Uint8Array.of(3)).fingerprint, expected);
});

Deno.test("parseRsaPublicKey() reads PKCS#1 and SubjectPublicKeyInfo of OpenSSL", () => {
  for (const pem of [pair.pkcs1, pair.spki, pair.spki.replaceAll("\n", "\r\n")]) {
    const key = parseRsaPublicKey(pem);
    assertEquals(bytesToHex(key.n), pair.n);
    assertEquals(bytesToHex(key.e), pair.e);
    assertEquals(key.fingerprint, privateKey.fingerprint);
  }
});

Deno.test("parseRsaPublicKey() finds the key among other text, indented or not", () => {
  const indented = pair.pkcs1.split("\n").map((line) => `    ${line}`).join("\n");
  assertEquals(
    parseRsaPublicKey(`The key:\n${indented}\nThat was it.`).fingerprint,
    privateKey.fingerprint,
  );
});

Deno.test("formatRsaPublicKey() writes the same text as OpenSSL", () => {
  assertEquals(formatRsaPublicKey(privateKey), pair.pkcs1);
});

Deno.test("parseRsaPublicKey() reads what formatRsaPublicKey() writes", () => {
  const random = seededRandom(1);
  for (let length = 1; length < 300; length += 7) {
    const n = random(length);
    n[0] |= 1 + (length & 0x80);
    const key = rsaPublicKey(n, Uint8Array.of(1 + length % 255, 1));
    assertEquals(parseRsaPublicKey(formatRsaPublicKey(key)), key);
  }
  for (const { n, e } of telegramKeys) {
    const key = rsaPublicKey(hexToBytes(n), hexToBytes(e));
    assertEquals(parseRsaPublicKey(formatRsaPublicKey(key)), key);
  }
});

Deno.test("parseRsaPublicKey() names the fault of a text that is not a public key", () => {
  const wrap = (der: Uint8Array, name = "RSA PUBLIC KEY") =>
    `-----BEGIN ${name}-----\n${encodeBase64(der)}\n-----END ${name}-----\n`;
  const spki = decodeBase64(pair.spki.replace(/-----[^-]+-----|\s/g, ""));
  const ed25519 = hexToBytes("302a300506032b6570032100" + "11".repeat(32));
  for (
    const [pem, problem] of [
      ["", "it has no block"],
      [pair.pkcs8, "it has no block"],
      [pair.pkcs1.replace("END RSA", "END"), "it has no block"],
      [pair.pkcs1.replace("MII", "M*I"), "its block is not base64"],
      [wrap(new Uint8Array(0)), "it ends too early"],
      [wrap(Uint8Array.of(0x30)), "it ends too early"],
      [wrap(hexToBytes("300602010502010300")), "it has bytes after its numbers"],
      [wrap(hexToBytes("300702010502010300")), "it has bytes after its numbers"],
      [wrap(hexToBytes("3008020105020103")), "it ends too early"],
      [wrap(hexToBytes("3006020105040103")), "it has an element 4 where 2 should be"],
      [wrap(hexToBytes("3006020185020103")), "its numbers are not positive"],
      [wrap(hexToBytes("3080020105020103")), "an element of impossible length"],
      [wrap(hexToBytes("3084ffffffff0201")), "an element of impossible length"],
      [wrap(hexToBytes("3082ffff0201")), "it ends too early"],
      [wrap(ed25519, "PUBLIC KEY"), "it is another kind of key"],
      [wrap(concatBytes(spki, Uint8Array.of(0)), "PUBLIC KEY"), "it has bytes after its key"],
    ]
  ) {
    assertThrows(() => parseRsaPublicKey(pem), TypeError, problem);
  }
});

Deno.test("parseRsaPublicKey() of damaged text is a key or a TypeError", () => {
  const der = Uint8Array.from(
    atob(pair.spki.replace(/-----[^-]+-----|\s/g, "")),
    (c) => c.charCodeAt(0),
  );
  const wrap = (bytes: Uint8Array) =>
    `-----BEGIN PUBLIC KEY-----\n${encodeBase64(bytes)}\n-----END PUBLIC KEY-----\n`;
  for (let length = 0; length < der.length; length++) {
    assertThrows(() => parseRsaPublicKey(wrap(der.subarray(0, length))), TypeError);
  }
  for (let bit = 0; bit < 40 * 8; bit++) {
    const broken = der.slice();
    broken[bit >> 3] ^= 1 << (bit & 7);
    try {
      parseRsaPublicKey(wrap(broken));
    } catch (error) {
      assert(error instanceof TypeError);
    }
  }
});

for (
  const vector of readVectors<
    { n: string; e: string; data: string; padding: string; tempKeys: string[]; result: string }
  >("rsa_pad.json")
) {
  Deno.test("rsaPad() returns the published result for known random bytes", () => {
    const key = rsaPublicKey(hexToBytes(vector.n), hexToBytes(vector.e));
    const data = hexToBytes(vector.data);
    const drawn = hexToBytes(vector.padding + vector.tempKeys.join(""));
    assertEquals(bytesToHex(rsaPad(key, data, scripted(drawn))), vector.result);
  });
}

Deno.test("node:crypto opens rsaPad() step by step with the private key", () => {
  const random = seededRandom(2);
  for (let i = 0; i < runs(4, 40); i++) {
    const data = random(pick(random, 145));
    const number = decryptOutside(rsaPad(privateKey, data, random));
    const aesEncrypted = number.subarray(32);
    const tempKey = xor(number.subarray(0, 32), hash("sha256", aesEncrypted));
    const dataWithHash = igeDecrypt(aesEncrypted, tempKey, new Uint8Array(32));
    const padded = dataWithHash.slice(0, 192).reverse();
    assertEquals(padded.subarray(0, data.length), data);
    assertEquals(hash("sha256", tempKey, padded), dataWithHash.subarray(192));
  }
});

Deno.test("rsaUnpad() undoes rsaPad() for every length of data", () => {
  const random = seededRandom(3);
  for (let length = 0; length <= 144; length += length > 3 && length < 140 ? 7 : 1) {
    const data = random(length);
    const encrypted = rsaPad(privateKey, data, random);
    assertEquals(encrypted.length, 256);
    const padded = rsaUnpad(privateKey, encrypted);
    assertEquals(padded.length, 192);
    assertEquals(padded.subarray(0, length), data);
  }
});

Deno.test("rsaPad() draws another temporary key when the number is not below the modulus", () => {
  // With a modulus of 2^2047 + 1, half of all temporary keys fail.
  const n = new Uint8Array(256);
  n[0] = 0x80;
  n[255] = 1;
  const key = rsaPublicKey(n, Uint8Array.of(1)); // exponent 1: the number itself comes out
  const random = seededRandom(4);
  const draws: number[] = [];
  for (let i = 0; i < runs(8, 60); i++) {
    let count = 0;
    const number = rsaPad(key, random(96), (length) => {
      if (length === 32) count++;
      return random(length);
    });
    assert(number[0] < 0x80);
    draws.push(count);
  }
  assert(draws.includes(1) && draws.includes(2) && Math.max(...draws) > 2, `${draws}`);
});

Deno.test("rsaPad() throws if the random bytes are always the same", () => {
  const n = new Uint8Array(256);
  n[0] = 0x80;
  n[255] = 1;
  const key = rsaPublicKey(n, Uint8Array.of(1));
  let fill = 0;
  let failed = 0;
  for (; fill < 16; fill++) {
    try {
      rsaPad(key, new Uint8Array(96), (length) => new Uint8Array(length).fill(fill));
    } catch (error) {
      assert(error instanceof RangeError && error.message.includes("128 temporary keys"));
      failed++;
    }
  }
  assert(failed > 0 && failed < fill);
});

Deno.test("rsaUnpad() refuses data with a changed bit, and data of the older scheme", () => {
  const random = seededRandom(5);
  const encrypted = rsaPad(privateKey, random(96), random);
  for (let i = 0; i < 12; i++) {
    const broken = encrypted.slice();
    broken[255 - pick(random, 255)] ^= 1 << pick(random, 8);
    assertThrows(() => rsaUnpad(privateKey, broken), RangeError, "the hash inside differs");
  }
  const older = rsaEncryptSha1(privateKey, random(96), random);
  assertThrows(() => rsaUnpad(privateKey, older), RangeError, "the hash inside differs");
});

Deno.test("rsaUnpad() refuses changed data inside a valid RSA encryption", () => {
  const random = seededRandom(6);
  const number = decryptOutside(rsaPad(privateKey, random(96), random));
  for (const index of [1, 31, 32, 100, 223, 224, 255]) {
    const broken = number.slice();
    broken[index] ^= 1;
    const options = { key: pair.spki, padding: constants.RSA_NO_PADDING };
    const encrypted = new Uint8Array(publicEncrypt(options, broken));
    assertThrows(() => rsaUnpad(privateKey, encrypted), RangeError, "the hash inside differs");
  }
});

Deno.test("node:crypto opens rsaEncryptSha1() with the private key", () => {
  const random = seededRandom(7);
  for (let i = 0; i < runs(4, 40); i++) {
    const data = random(pick(random, 236));
    const number = decryptOutside(rsaEncryptSha1(privateKey, data, random));
    assertEquals(number[0], 0);
    assertEquals(number.subarray(1, 21), hash("sha1", data));
    assertEquals(number.subarray(21, 21 + data.length), data);
  }
});

Deno.test("rsaEncryptSha1() is node:crypto's raw RSA of SHA1, data and padding", () => {
  const random = seededRandom(8);
  for (let i = 0; i < runs(4, 40); i++) {
    const data = random(pick(random, 236));
    const padding = random(235 - data.length);
    const number = concatBytes(Uint8Array.of(0), hash("sha1", data), data, padding);
    const options = { key: pair.spki, padding: constants.RSA_NO_PADDING };
    assertEquals(
      rsaEncryptSha1(privateKey, data, scripted(padding)),
      new Uint8Array(publicEncrypt(options, number)),
    );
  }
});

Deno.test("rsaDecryptSha1() returns SHA1, data and padding; it refuses 256 bytes", () => {
  const random = seededRandom(9);
  for (const length of [0, 1, 96, 234, 235]) {
    const data = random(length);
    const opened = rsaDecryptSha1(privateKey, rsaEncryptSha1(privateKey, data, random));
    assertEquals(opened.length, 255);
    assertEquals(opened.subarray(0, 20), hash("sha1", data));
    assertEquals(opened.subarray(20, 20 + length), data);
  }
  const number = new Uint8Array(256).fill(1);
  const options = { key: pair.spki, padding: constants.RSA_NO_PADDING };
  const encrypted = new Uint8Array(publicEncrypt(options, number));
  assertThrows(() => rsaDecryptSha1(privateKey, encrypted), RangeError, "has 256 bytes");
});

Deno.test("rsaPad() and rsaEncryptSha1() pad with random bytes, never zeros", () => {
  const random = seededRandom(10);
  const data = new Uint8Array(96);
  const padding = rsaUnpad(privateKey, rsaPad(privateKey, data, random)).subarray(96);
  assertNotEquals(padding, new Uint8Array(96));
  const older = rsaDecryptSha1(privateKey, rsaEncryptSha1(privateKey, data, random)).subarray(116);
  assertNotEquals(older, new Uint8Array(139));
});

Deno.test("RSA refuses data that is too long, keys of other sizes, and impossible numbers", () => {
  const random = seededRandom(11);
  const long = random(236);
  assertThrows(
    () => rsaPad(privateKey, random(145), random),
    RangeError,
    "145 bytes, expected at most 144",
  );
  assertThrows(
    () => rsaEncryptSha1(privateKey, long, random),
    RangeError,
    "236 bytes, expected at most 235",
  );
  const small = rsaPublicKey(new Uint8Array(128).fill(0xff), Uint8Array.of(3));
  assertThrows(() => rsaPad(small, long.subarray(0, 9), random), RangeError, "1024 bits");
  const odd = rsaPublicKey(new Uint8Array(256).fill(0x7f), Uint8Array.of(3));
  assertThrows(() => rsaEncryptSha1(odd, long.subarray(0, 9), random), RangeError, "2047 bits");
  for (const decrypt of [rsaUnpad, rsaDecryptSha1]) {
    assertThrows(() => decrypt(privateKey, random(255)), RangeError, "255 bytes, expected 256");
    assertThrows(() => decrypt(privateKey, privateKey.n), RangeError, "above the modulus");
  }
});
