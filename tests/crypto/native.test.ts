/** What the runtime does in place of the WASM module, at all sizes around the thresholds. */
import process from "node:process";
import fc from "fast-check";
import { AesCtr } from "../../src/crypto/ctr.ts";
import { decryptMessage, encryptMessage, type Side } from "../../src/crypto/message.ts";
import { chooseNative, native, type Thresholds } from "../../src/crypto/native.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { cbcIgeEncrypt, referenceMessage, sameBytes } from "./reference.ts";
import { inWay, WAYS } from "./ways.ts";

const { CHUNK_SIZE } = kernels();
const authKey = seededRandom(1)(256);
const sides: readonly [Side, 0 | 8][] = [["client", 0], ["server", 8]];

/** Ways with thresholds of their own, and those of this runtime. */
const ways: readonly (Thresholds | null | undefined)[] = [
  ...WAYS.values(),
  undefined,
  { hash: 256, ige: 512 },
  { hash: Infinity, ige: 512 },
];

/** Checks that all ways make the same packet of a plaintext, and read it, and refuse another. */
function checkMessage(plaintext: Uint8Array, [sender, x]: readonly [Side, 0 | 8]): void {
  const expected = referenceMessage(authKey, plaintext, x, cbcIgeEncrypt);
  const changed = expected.slice();
  changed[24 + (plaintext.length >> 1)] ^= 1;
  for (const way of ways) {
    inWay(way, () => {
      const at = `${plaintext.length} bytes, ${JSON.stringify(way)}`;
      assert(sameBytes(encryptMessage(authKey, plaintext, sender), expected), at);
      assert(sameBytes(decryptMessage(authKey, expected, sender), plaintext), at);
      assertEquals(decryptMessage(authKey, changed, sender), undefined, at);
      const packet = expected.slice();
      assert(sameBytes(decryptMessage(authKey, packet, sender, true), plaintext), at);
      const isInPlace = plaintext.length > CHUNK_SIZE;
      assert(sameBytes(isInPlace ? packet.subarray(24) : packet, isInPlace ? plaintext : expected));
      const refused = changed.slice();
      assertEquals(decryptMessage(authKey, refused, sender, true), undefined, at);
      assert(!isInPlace || refused.subarray(24).every((byte) => byte === 0), at);
    });
  }
}

Deno.test("All ways make the same packets, for every length up to 1 KiB", () => {
  for (let length = 16; length <= 1024; length += 16) {
    checkMessage(seededRandom(length)(length), sides[length / 16 % 2]);
  }
});

Deno.test("All ways make the same packets around the thresholds and the chunks", () => {
  const around = [2048, 8192, CHUNK_SIZE / 2, CHUNK_SIZE, 2 * CHUNK_SIZE].slice(0, runs(4, 5));
  for (const length of around.flatMap((length) => [length - 16, length, length + 16])) {
    checkMessage(seededRandom(length)(length), sides[length / 16 % 2]);
  }
});

Deno.test("All ways make the same stream of AES-CTR of pieces of any length", () => {
  const piece = fc.oneof(
    fc.integer({ min: 0, max: 100 }),
    fc.constantFrom(CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 17),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(), (lengths, seed) => {
      const random = seededRandom(seed);
      const [key, iv] = [random(32), random(16)];
      if (seed % 2 === 0) iv.fill(0xff); // the counter overflows
      const streams = [null, undefined].map((way) => inWay(way, () => new AesCtr(key, iv)));
      for (const length of lengths) {
        const data = random(length);
        const [wasm, native] = streams.map((stream) => stream.apply(data));
        assert(sameBytes(native, wasm));
        assertEquals(Object.getPrototypeOf(native), Uint8Array.prototype);
      }
    }),
    { numRuns: runs(12, 300) },
  );
});

Deno.test("This runtime has native hashes and ciphers, which are chosen on first use", () => {
  chooseNative();
  assert(native() !== undefined);
});

Deno.test("Without getBuiltinModule, as in browsers, nothing is native", () => {
  const { getBuiltinModule } = process;
  try {
    Object.assign(process, { getBuiltinModule: undefined });
    chooseNative();
    assertEquals(native(), undefined);
    checkMessage(seededRandom(2)(4096), sides[0]);
  } finally {
    Object.assign(process, { getBuiltinModule });
    chooseNative();
  }
});

Deno.test("In a runtime of another kind, nothing is native", () => {
  const versions = Object.getOwnPropertyDescriptor(process, "versions");
  try {
    Object.defineProperty(process, "versions", { value: {}, configurable: true });
    chooseNative();
    assertEquals(native(), undefined);
  } finally {
    Object.defineProperty(process, "versions", versions ?? {});
    chooseNative();
  }
});
