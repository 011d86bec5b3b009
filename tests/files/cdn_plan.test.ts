/** The numbers of downloads from CDNs: https://core.telegram.org/cdn */
import { Buffer } from "node:buffer";
import { createCipheriv, createHash } from "node:crypto";
import fc from "fast-check";
import { AesCtr } from "../../src/crypto/mod.ts";
import { CdnFile } from "../../src/files/transfers/cdn/cdn_file.ts";
import { counterAt, HashWindows, planCdnReads } from "../../src/files/transfers/cdn/cdn_plan.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const GIB = 1024 * MIB;
const random = seededRandom(7);

Deno.test("planCdnReads() covers each range by calls that a CDN takes, no byte twice", () => {
  fc.assert(fc.property(
    fc.nat(60 * GIB),
    fc.integer({ min: 1, max: 3 * MIB }),
    (from, length) => {
      const to = from + length;
      let at = from - from % (4 * KIB);
      for (const { offset, limit } of planCdnReads(from, to)) {
        assertEquals(offset, at);
        assertEquals([offset % (4 * KIB), limit % (4 * KIB), MIB % limit], [0, 0, 0]);
        const last = offset + limit - 1;
        assertEquals(Math.floor(offset / MIB), Math.floor(last / MIB));
        assert(limit <= 512 * KIB);
        assert(offset < to);
        at += limit;
      }
      assert(at >= to);
      assert(at - to < 2 * length + 4 * KIB); // not much more than is wanted
    },
  ));
});

Deno.test("planCdnReads() reads a part of a download by one call", () => {
  assertEquals(planCdnReads(0, 512 * KIB), [{ offset: 0, limit: 512 * KIB }]);
  assertEquals(planCdnReads(512 * KIB, MIB), [{ offset: 512 * KIB, limit: 512 * KIB }]);
  assertEquals(planCdnReads(128 * KIB, 256 * KIB), [{ offset: 128 * KIB, limit: 128 * KIB }]);
  assertEquals(planCdnReads(MIB, MIB + 17), [{ offset: MIB, limit: 4 * KIB }]);
});

Deno.test("counterAt() replaces the last four bytes of the IV by the number of the block", () => {
  const iv = Uint8Array.from({ length: 16 }, (_, at) => 255 - at);
  const counter = counterAt(iv, 0x12345670);
  assertEquals([...counter.subarray(0, 12)], [...iv.subarray(0, 12)]);
  assertEquals([...counter.subarray(12)], [0x01, 0x23, 0x45, 0x67]);
  assertEquals(iv[15], 240); // the IV itself stays
  for (const offset of [-16, 1, 8, 64 * GIB, NaN, Infinity]) {
    assertThrows(() => counterAt(iv, offset), RangeError, "expected a multiple of 16");
  }
  assertEquals([...counterAt(iv, 64 * GIB - 16).subarray(12)], [255, 255, 255, 255]);
});

Deno.test("Any window is decrypted as by the AES-256-CTR of node:crypto", () => {
  const block = fc.nat(64 * GIB / 16 - MIB);
  fc.assert(fc.property(block, fc.integer({ min: 1, max: 5000 }), (number, length) => {
    const key = random(32);
    const iv = random(16);
    const bytes = random(length);
    const offset = number * 16;
    const counter = Buffer.from(iv);
    counter.writeUInt32BE(number, 12);
    const expected = createCipheriv("aes-256-ctr", key, counter).update(bytes);
    assertEquals(new AesCtr(key, counterAt(iv, offset)).apply(bytes), new Uint8Array(expected));
  }));
});

/** A file at a CDN that is encrypted and hashed by node:crypto alone. */
function foreignFile(bytes: Uint8Array, window: number): CdnFile {
  const [encryptionKey, encryptionIv] = [random(32), random(16)];
  const first = Buffer.from(encryptionIv);
  first.writeUInt32BE(0, 12);
  const encrypted = createCipheriv("aes-256-ctr", encryptionKey, first).update(bytes);
  const fileHashes: Api.FileHash[] = [];
  for (let at = 0; at < bytes.length; at += window) {
    const hash = createHash("sha256").update(bytes.subarray(at, at + window)).digest();
    fileHashes.push({ _: "fileHash", offset: BigInt(at), limit: window, hash });
  }
  return new CdnFile({
    redirect: {
      _: "upload.fileCdnRedirect",
      dcId: 203,
      fileToken: new Uint8Array(1),
      encryptionKey,
      encryptionIv,
      fileHashes,
    },
    size: bytes.length,
    callCdn: ({ offset, limit }) => {
      const at = Number(offset);
      const part = encrypted.subarray(at, at + Number(limit));
      return Promise.resolve({ _: "upload.cdnFile", bytes: new Uint8Array(part) });
    },
    callOrigin: () => Promise.resolve(fileHashes),
  });
}

Deno.test("Any range of a file that node:crypto has encrypted and hashed is read", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 300_000 }),
      fc.constantFrom(131_072, 4096, 100_000, 65_537),
      fc.nat(),
      fc.integer({ min: 1, max: 200_000 }),
      async (size, window, where, length) => {
        const bytes = new Uint8Array(size).map((_, at) => at * 31 >> 3);
        const file = foreignFile(bytes, window);
        const from = where % size;
        const to = Math.min(size, from + length);
        const { signal } = new AbortController();
        assertEquals(await file.read(from, to, signal), bytes.subarray(from, to));
        assertEquals(await file.read(from, to, signal), bytes.subarray(from, to));
      },
    ),
    { numRuns: 30 },
  );
});

function hashOf(offset: number, limit: number, byte = 0): Api.FileHash {
  return { _: "fileHash", offset: BigInt(offset), limit, hash: new Uint8Array(32).fill(byte) };
}

Deno.test("HashWindows finds windows that cover a range, or the first byte without one", () => {
  const windows = new HashWindows(1000);
  assertEquals(windows.covering(0, 10), 0);
  windows.add([hashOf(0, 100), hashOf(200, 100), hashOf(100, 50)]);
  assertEquals(windows.covering(10, 300), 150);
  windows.add([hashOf(140, 70, 1), hashOf(120, 60, 2)]);
  const found = windows.covering(10, 300);
  assert(typeof found !== "number");
  assertEquals(found.map(({ offset, end }) => [offset, end]), [[0, 100], [100, 150], [140, 210], [
    200,
    300,
  ]]);
  assertEquals(windows.covering(950, 2000), 950);
  windows.add([hashOf(900, 500)]);
  const last = windows.covering(950, 2000);
  assert(typeof last !== "number");
  assertEquals(last.map(({ offset, end }) => [offset, end]), [[900, 1000]]);
});

Deno.test("HashWindows covers each range exactly, whatever hashes it is given", () => {
  const hash = fc.record({
    offset: fc.integer({ min: -100, max: 3000 }),
    limit: fc.integer({ min: -10, max: 600 }),
    length: fc.constantFrom(32, 32, 32, 31, 0),
  });
  fc.assert(fc.property(
    fc.array(hash, { maxLength: 40 }),
    fc.nat(2000),
    fc.integer({ min: 1, max: 800 }),
    (hashes, from, length) => {
      const size = 2500;
      const to = Math.min(size, from + length);
      const windows = new HashWindows(size);
      windows.add(hashes.map(({ offset, limit, length }) => ({
        _: "fileHash",
        offset: BigInt(offset),
        limit,
        hash: new Uint8Array(length),
      })));
      const found = windows.covering(from, to);
      const sound = new Map<number, number>();
      for (const { offset, limit, length } of hashes) {
        if (offset < 0 || limit <= 0 || length !== 32 || sound.has(offset)) continue;
        if (offset < size) sound.set(offset, Math.min(size, offset + limit));
      }
      const has = (byte: number): boolean =>
        [...sound].some(([offset, end]) => offset <= byte && byte < end);
      let missing: number | undefined;
      for (let at = from; at < to && missing === undefined; at++) if (!has(at)) missing = at;
      if (missing !== undefined) return assertEquals(found, missing);
      assert(typeof found !== "number");
      let at = from;
      for (const { offset, end } of found) {
        assert(offset <= at && at < end);
        assertEquals(sound.get(offset), end);
        at = end;
      }
      assert(at >= to);
    },
  ));
});
