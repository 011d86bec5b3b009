import { createHash } from "node:crypto";
import { bytesToHex, hexToBytes } from "../../src/crypto/bytes.ts";
import { sha1, sha256, sha512 } from "../../src/crypto/sha.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { readVectors } from "../helpers/vectors.ts";
import { testEachWay } from "./ways.ts";

/** The longest message, MiB. */
const MOST = runs(2, 16);

const hashes = { sha1, sha256, sha512 };
type Name = keyof typeof hashes;
const names: Name[] = ["sha1", "sha256", "sha512"];

function openssl(name: Name, ...parts: Uint8Array[]): string {
  const hash = createHash(name);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

Deno.test("sha1(), sha256() and sha512() return NIST's digests", () => {
  for (const { hash, message, digest } of readVectors<Record<string, string>>("sha.json")) {
    assertEquals(
      bytesToHex(hashes[hash as Name](hexToBytes(message))),
      digest,
      `${hash} ${message}`,
    );
  }
});

testEachWay("sha1(), sha256() and sha512() return FIPS 180's digest of a million a", () => {
  const million = new Uint8Array(1_000_000).fill(0x61);
  assertEquals(bytesToHex(sha1(million)), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  assertEquals(
    bytesToHex(sha256(million)),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  );
  assertEquals(
    bytesToHex(sha512(million)),
    "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb" +
      "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
  );
});

Deno.test("sha1(), sha256() and sha512() pass NIST's Monte Carlo test", () => {
  for (const { hash, seed, digest } of readVectors<Record<string, string>>("sha_monte.json")) {
    let window = [hexToBytes(seed), hexToBytes(seed), hexToBytes(seed)];
    for (let i = 0; i < 1000; i++) window = [window[1], window[2], hashes[hash as Name](...window)];
    assertEquals(bytesToHex(window[2]), digest, hash);
  }
});

for (const name of names) {
  const hash = hashes[name];

  Deno.test(`${name}() equals OpenSSL for every length from 0 to 400, in unaligned views`, () => {
    const random = seededRandom(1);
    for (let length = 0; length <= 400; length++) {
      const view = random(length + 13).subarray(length % 13, length % 13 + length);
      assertEquals(bytesToHex(hash(view)), openssl(name, view), `${length} bytes`);
    }
  });

  Deno.test(`${name}() equals OpenSSL for 800 random splits into parts`, () => {
    const random = seededRandom(2);
    for (let i = 0; i < 800; i++) {
      const parts = Array.from({ length: pick(random, 6) }, () => random(pick(random, 300)));
      assertEquals(bytesToHex(hash(...parts)), openssl(name, ...parts), `case ${i}`);
    }
  });

  testEachWay(`${name}() equals OpenSSL around the size of a chunk, and above ${MOST} MiB`, () => {
    const { CHUNK_SIZE } = kernels();
    const data = new Uint8Array((MOST << 20) + 5);
    const piece = seededRandom(3)(65_521);
    for (let i = 0; i < data.length; i += piece.length) {
      data.set(piece.subarray(0, data.length - i), i);
    }
    const lengths = [-65, -1, 0, 1, 64].flatMap((d) => [CHUNK_SIZE + d, 3 * CHUNK_SIZE + d]);
    for (const length of [...lengths, data.length]) {
      const view = data.subarray(0, length);
      const [head, tail] = [view.subarray(0, 77), view.subarray(77)];
      assertEquals(bytesToHex(hash(head, tail)), openssl(name, view), `${length} bytes`);
    }
  });
}

testEachWay("sha256() equals OpenSSL around 4 KiB, in one part and in three", () => {
  for (let length = 4090; length <= 4100; length++) {
    const bytes = seededRandom(length)(length);
    const parts = [bytes.subarray(0, 9), bytes.subarray(9, 9), bytes.subarray(9)];
    assertEquals(bytesToHex(sha256(bytes)), openssl("sha256", bytes));
    assertEquals(bytesToHex(sha256(...parts)), openssl("sha256", bytes));
  }
});

Deno.test("sha256() returns a digest that later calls do not change", () => {
  const first = sha256(Uint8Array.of(1));
  const copy = first.slice();
  sha256(Uint8Array.of(2));
  assertEquals(first, copy);
  assertEquals(first.buffer.byteLength, 32);
});
