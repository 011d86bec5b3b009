import { type Cbor, readCbor } from "../../../../src/testing/api/webauthn/cbor.ts";
import { assertEquals, assertThrows } from "../../../helpers/assert.ts";

/** https://www.rfc-editor.org/rfc/rfc8949#appendix-A */
const EXAMPLES: Record<string, Cbor> = {
  "00": 0,
  "17": 23,
  "1818": 24,
  "1903e8": 1000,
  "1a000f4240": 1_000_000,
  "20": -1,
  "3863": -100,
  "3903e7": -1000,
  f4: false,
  f5: true,
  f6: null,
  "40": new Uint8Array(),
  "4401020304": Uint8Array.of(1, 2, 3, 4),
  "60": "",
  "6449455446": "IETF",
  "62c3bc": "ü",
  "80": [],
  "8301820203820405": [1, [2, 3], [4, 5]],
  a0: new Map(),
  a201020304: new Map([[1, 2], [3, 4]]),
  a26161016162820203: new Map<Cbor, Cbor>([["a", 1], ["b", [2, 3]]]),
};

Deno.test("readCbor() reads the examples of the standard and returns their lengths", () => {
  for (const [hex, value] of Object.entries(EXAMPLES)) {
    assertEquals(readCbor(Uint8Array.fromHex(`${hex}ff`)), { value, length: hex.length / 2 });
  }
});

Deno.test("readCbor() throws a RangeError for incomplete, deep and unsupported values", () => {
  const wrong = ["", "18", "44010203", "a201", "9affffffff", "5affffffff", "5f", "9fff", "ff"];
  for (const hex of [...wrong, "1b000000e8d4a51000", "c074", "f7", "fb3ff199999999999a"]) {
    assertThrows(() => readCbor(Uint8Array.fromHex(hex)), RangeError, "Cannot read CBOR");
  }
  assertThrows(() => readCbor(new Uint8Array(1000).fill(0x81)), RangeError);
});
