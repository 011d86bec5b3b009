import { Buffer } from "node:buffer";
import {
  bigIntToBytes,
  bytesToBigInt,
  bytesToHex,
  concatBytes,
  decodeBase64,
  decodeUtf8,
  encodeBase64,
  encodeBase64Url,
  encodeUtf8,
  equalBytes,
  hexToBytes,
} from "../../src/crypto/bytes.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";

Deno.test("concatBytes() joins any number of byte strings into a new one", () => {
  const part = Uint8Array.of(1, 2);
  assertEquals(concatBytes(), new Uint8Array());
  assertEquals(concatBytes(part, new Uint8Array(), part), Uint8Array.of(1, 2, 1, 2));
  const copy = concatBytes(part);
  copy[0] = 9;
  assertEquals(part[0], 1);
});

Deno.test("equalBytes() finds a difference in any byte", () => {
  const random = seededRandom(22);
  const bytes = random(64);
  assert(equalBytes(bytes, bytes.slice()));
  assert(equalBytes(new Uint8Array(), new Uint8Array()));
  assert(!equalBytes(bytes, bytes.subarray(1)));
  for (let bit = 0; bit < 512; bit++) {
    const other = bytes.slice();
    other[bit >> 3] ^= 1 << (bit & 7);
    assert(!equalBytes(bytes, other));
  }
});

Deno.test("Hex, base64 and big-endian numbers equal Buffer's and BigInt's", () => {
  const random = seededRandom(23);
  for (let i = 0; i < 500; i++) {
    const bytes = random(pick(random, 70));
    const buffer = Buffer.from(bytes);
    assertEquals(bytesToHex(bytes), buffer.toString("hex"));
    assertEquals(hexToBytes(buffer.toString("hex").toUpperCase()), bytes);
    assertEquals(encodeBase64(bytes), buffer.toString("base64"));
    assertEquals(encodeBase64Url(bytes), buffer.toString("base64url"));
    assertEquals(decodeBase64(buffer.toString("base64")), bytes);
    assertEquals(decodeBase64(buffer.toString("base64url")), bytes);
    assertEquals(decodeBase64(encodeBase64Url(bytes, { padding: true })), bytes);
    const number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    assertEquals(bytesToBigInt(bytes), number);
    assertEquals(bigIntToBytes(number, bytes.length), bytes);
    assertEquals(bytesToBigInt(bigIntToBytes(number, bytes.length + 3)), number);
  }
});

Deno.test("encodeBase64Url() pads only when asked to", () => {
  const byte = Uint8Array.of(251);
  assertEquals(encodeBase64Url(byte), "-w");
  assertEquals(encodeBase64Url(byte, { padding: true }), "-w==");
});

Deno.test("decodeBase64() refuses malformed text, and does not quote it", () => {
  const texts = [
    "a",
    "abcde",
    "ab=",
    "abc==",
    "====",
    "=",
    "ab==cd",
    "a b=",
    "ab\n=",
    "ab*d",
    "é123",
  ];
  for (const text of texts) {
    const error = assertThrows(() => decodeBase64(text), TypeError, "Cannot read base64");
    assert(!error.message.includes(`"${text}"`));
  }
  assertThrows(() => decodeBase64("ab"), TypeError, "the unused bits at its end");
  assertThrows(() => decodeBase64("abd"), TypeError, "the unused bits at its end");
});

Deno.test("hexToBytes() refuses odd lengths and other characters", () => {
  assertThrows(() => hexToBytes("abc"), TypeError, "its length is 3, expected an even number");
  for (const text of ["0g", "0x", " 1", "1\n", "éé"]) {
    assertThrows(() => hexToBytes(text), TypeError, "expected 0-9 and a-f only");
  }
});

Deno.test("bigIntToBytes() refuses numbers that do not fit", () => {
  assertEquals(bigIntToBytes(0n, 0), new Uint8Array());
  assertThrows(() => bigIntToBytes(-1n, 8), RangeError, "it is negative");
  assertThrows(() => bigIntToBytes(256n, 1), RangeError, "it needs 2, expected at most 1");
});

Deno.test("encodeUtf8() and decodeUtf8() keep text, also a byte order mark", () => {
  for (const text of ["", "abc", "héllo", "\uFEFFmark", "😀"]) {
    assertEquals(decodeUtf8(encodeUtf8(text)), text);
  }
  assertEquals(decodeUtf8(Uint8Array.of(0xff)), "\uFFFD");
});
