/**
 * gzip_packed against bombs, cut streams and random bytes: its output is limited, and its only
 * error is a SecurityError. In brackets the row of the project's list of security checks.
 */
import { deflateSync, gzipSync } from "node:zlib";
import { concatBytes, equalBytes } from "../../src/crypto/mod.ts";
import {
  inflate,
  InflateError,
  packGzip,
  SecurityError,
  unpackGzip,
} from "../../src/mtproto/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";

const ROW = "gzip_packed: output bounded, 10 MiB a message and 32 MiB a packet";
const MIB = 1 << 20;

function gzip(data: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(data));
}

function refused(packed: Uint8Array): SecurityError {
  const error = assertThrows(() => unpackGzip(packGzip(packed)), SecurityError);
  assertEquals(error.check, "gzip_packed");
  return error;
}

Deno.test(`unpackGzip() refuses more than 10 MiB, even at a low ratio [${ROW}]`, () => {
  // Noise with repetitions: a small ratio.
  const noise = seededRandom(1)(30_000);
  const data = new Uint8Array(10 * MIB + 1);
  for (let start = 0; start < data.length; start += noise.length) {
    data.set(noise.subarray(0, Math.min(noise.length, data.length - start)), start);
  }
  const packed = gzip(data);
  assert(packed.length * 100 > data.length);
  assertStringIncludes(refused(packed).message, `${10 * MIB}`);
  const largest = data.subarray(0, 10 * MIB);
  assert(equalBytes(unpackGzip(packGzip(gzip(largest))), largest));
});

Deno.test(`unpackGzip() takes any ratio up to 10 MiB [${ROW}]`, () => {
  for (const size of [64 << 10, MIB, 10 * MIB]) {
    const packed = gzip(new Uint8Array(size));
    assert(size > packed.length * 200);
    assertEquals(unpackGzip(packGzip(packed)).length, size);
  }
  for (const size of [10 * MIB + 1, 100 * MIB]) refused(gzip(new Uint8Array(size)));
});

Deno.test(`unpackGzip() does not allocate the claimed size of a bomb [${ROW}]`, () => {
  const packed = gzip(new Uint8Array(100_000));
  assertThrows(() => inflate(packed, 64 << 10), InflateError, "65536");
});

Deno.test("unpackGzip() unpacks once: gzip in gzip stays packed", () => {
  const inner = packGzip(gzip(Uint8Array.of(1, 2, 3, 4)));
  assertEquals(unpackGzip(packGzip(gzip(inner))), inner);
});

Deno.test(`inflate() fails for a stream cut at every byte [${ROW}]`, () => {
  const random = seededRandom(2);
  const text = new TextEncoder().encode("the quick brown fox ".repeat(30));
  const streams = [
    gzip(text),
    new Uint8Array(deflateSync(text)),
    new Uint8Array(gzipSync(random(300), { level: 0 })),
    new Uint8Array(deflateSync(concatBytes(random(200), text), { level: 9 })),
    new Uint8Array(gzipSync(text, { strategy: 4 })),
  ];
  for (const stream of streams) {
    const whole = inflate(stream, MIB);
    for (let length = 0; length < stream.length; length++) {
      // After the last block are only checksums, which are not read.
      let cut: Uint8Array;
      try {
        cut = inflate(stream.subarray(0, length), MIB);
      } catch (error) {
        assert(error instanceof InflateError, `${length}: ${error}`);
        continue;
      }
      assert(length >= stream.length - 8, `a stream cut at ${length} of ${stream.length}`);
      assertEquals(cut, whole);
    }
  }
});

Deno.test("inflate() unpacks zlib's output at every level and strategy", () => {
  const random = seededRandom(3);
  for (let i = 0; i < 300; i++) {
    const length = pick(random, 5000);
    const alphabet = 1 + pick(random, 255);
    const data = random(length).map((byte) => byte % alphabet);
    const options = { level: pick(random, 10), strategy: pick(random, 5) };
    const pack = i % 2 === 0 ? gzipSync : deflateSync;
    assert(equalBytes(inflate(new Uint8Array(pack(data, options)), 5000), data), `case ${i}`);
  }
});

Deno.test("inflate() reads every length and distance code of DEFLATE", () => {
  const random = seededRandom(5);
  const data: number[] = [...random(32_768)];
  for (let length = 3; length <= 258; length++) {
    // From 1 to 32,768, most of them short: each distance code covers twice as many as the last
    // one.
    const distance = Math.ceil(2 ** (15 * ((length * 37) % 256) / 255));
    for (let i = 0; i < length; i++) data.push(data[data.length - distance]);
    data.push(...random(2));
  }
  const bytes = Uint8Array.from(data);
  const packed = new Uint8Array(deflateSync(bytes, { level: 9 }));
  assert(
    packed.length < 32_768 + 256 * 8,
    `${packed.length}: the repetitions are not told as such`,
  );
  assert(equalBytes(inflate(packed, bytes.length), bytes));
});

Deno.test("inflate() reads every optional field of a gzip header", () => {
  const data = new TextEncoder().encode("header");
  const plain = gzip(data);
  const extra = concatBytes(Uint8Array.of(3, 1), new Uint8Array(0x103));
  const name = Uint8Array.of(0x61, 0);
  const comment = Uint8Array.of(0x62, 0x63, 0);
  const header = plain.slice(0, 10);
  header[3] = 4 | 8 | 16 | 2;
  const full = concatBytes(header, extra, name, comment, new Uint8Array(2), plain.subarray(10));
  assertEquals(inflate(full, 100), data);
  for (let length = 0; length < full.length - plain.length + 10; length++) {
    assertThrows(() => inflate(full.subarray(0, length), 100), InflateError);
  }
});

Deno.test("unpackGzip() returns bytes or throws a SecurityError for 20,000 random streams", () => {
  const random = seededRandom(4);
  const originals = [
    gzip(new TextEncoder().encode("a longer text, with a longer text in it ".repeat(9))),
    gzip(random(100)),
    new Uint8Array(deflateSync(new Uint8Array(3000))),
  ];
  for (let i = 0; i < runs(1_000, 20_000); i++) {
    let stream: Uint8Array = originals[i % originals.length].slice();
    if (i % 5 === 0) stream = concatBytes(stream.subarray(0, 10), random(60));
    for (let times = pick(random, 6); times >= 0; times--) {
      stream[pick(random, stream.length)] = random(1)[0];
    }
    if (i % 7 === 0) stream = stream.subarray(0, pick(random, stream.length));
    try {
      unpackGzip(packGzip(stream));
    } catch (error) {
      assert(error instanceof SecurityError && error.check === "gzip_packed", String(error));
    }
  }
});
