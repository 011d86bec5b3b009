/**
 * CDNs that lie: none of their bytes leaves the stream that is not of the file.
 * https://core.telegram.org/cdn#verifying-files
 */
import { SecurityError } from "../../mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import {
  callsAtCdn,
  CDN,
  type CdnWorld,
  cdnWorld,
  changing,
  changingBytes,
  untilFailure,
} from "./cdn_world.ts";
import { bytesOf } from "./bytes.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const GET = "upload.getFile";
const HASHES = "upload.getCdnFileHashes";
const REUPLOAD = "upload.reuploadCdnFile";
const WINDOW = 131_072;
/** Three parts. */
const SIZE = 1.5 * MIB;

/** Reads until the stream fails for wrong bytes. Returns the number of bytes before. */
async function untilWrong({ world, message }: CdnWorld): Promise<number> {
  const { bytes, error } = await world.run(untilFailure(world.client.download(message)));
  assert(error instanceof SecurityError);
  assertEquals(error.check, "file_hash");
  return bytes;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  bytes[at] ^= 1;
  return bytes;
}

function longer(bytes: Uint8Array, at: number): Uint8Array {
  const more = new Uint8Array(bytes.length + 1);
  more.set(bytes, at);
  return more;
}

const LIES: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
  ["one wrong bit at the beginning", (bytes) => flipped(bytes, 0)],
  ["one wrong bit at the end", (bytes) => flipped(bytes, bytes.length - 1)],
  ["one wrong bit in the middle of a window", (bytes) => flipped(bytes, bytes.length >> 1)],
  ["one byte less", (bytes) => bytes.subarray(1)],
  ["one byte more at the beginning", (bytes) => longer(bytes, 1)],
  ["one byte more at the end", (bytes) => longer(bytes, 0)],
  ["no bytes", () => new Uint8Array(0)],
  ["zeros", (bytes) => new Uint8Array(bytes.length)],
  ["the first block twice", (bytes) => {
    bytes.copyWithin(16, 0, 16);
    return bytes;
  }],
  ["two windows in the other order", (bytes) => {
    const first = bytes.slice(0, 1000);
    bytes.copyWithin(0, bytes.length - 1000);
    bytes.set(first, bytes.length - 1000);
    return bytes;
  }],
];

for (const [what, lie] of LIES) {
  Deno.test(`A CDN that sends ${what} ends the download before these bytes`, async () => {
    await using cdn = await cdnWorld(SIZE);
    changingBytes(cdn, lie, 3);
    // The parts are asked for at once: that of the third answer may be any of the three.
    const bytes = await untilWrong(cdn);
    assertEquals(bytes % (512 * KIB), 0);
    assert(bytes < SIZE);
  });

  Deno.test(`A download is made again without the CDN that has sent ${what}`, async () => {
    await using cdn = await cdnWorld(MIB);
    changingBytes(cdn, lie);
    assertEquals(await untilWrong(cdn), 0);
    const { length } = callsAtCdn(cdn);
    assertSameBytes(await cdn.read(), cdn.bytes);
    assertEquals(callsAtCdn(cdn).length, length);
  });
}

Deno.test("A right window in an answer with a wrong one is not passed on", async () => {
  await using cdn = await cdnWorld(512 * KIB);
  changingBytes(cdn, (bytes) => flipped(bytes, 3 * WINDOW));
  assertEquals(await untilWrong(cdn), 0);
});

Deno.test("Wrong bytes around the wanted ones end the download of a range, too", async () => {
  await using cdn = await cdnWorld(MIB);
  changingBytes(cdn, (bytes) => flipped(bytes, 0));
  const { world, message } = cdn;
  const stream = world.client.download(message, { offset: 1000, length: 10 });
  const { bytes, error } = await world.run(untilFailure(stream));
  assertEquals(bytes, 0);
  assert(error instanceof SecurityError);
});

Deno.test("A CDN that sends the bytes of another place is not believed", async () => {
  await using cdn = await cdnWorld(3 * MIB);
  let first: Api.upload.CdnFile | undefined;
  changing<Api.upload.CdnFile>(
    cdn,
    "upload.getCdnFile",
    (answer) => answer._ === "upload.cdnFile" ? first ??= answer : answer,
  );
  assert(await untilWrong(cdn) <= 512 * KIB);
});

/** Changes the hashes of all answers that have some. */
function changingHashes(
  cdn: CdnWorld,
  change: (hashes: readonly Api.FileHash[]) => readonly Api.FileHash[],
): void {
  changing<Api.upload.File>(
    cdn,
    GET,
    (answer) =>
      answer._ === "upload.fileCdnRedirect"
        ? { ...answer, fileHashes: change(answer.fileHashes) }
        : answer,
  );
  for (const method of [HASHES, REUPLOAD]) {
    changing(cdn, method, (hashes) => change(hashes as unknown as readonly Api.FileHash[]));
  }
}

Deno.test("Wrong hashes end the download before a byte", async () => {
  await using cdn = await cdnWorld(MIB);
  changingHashes(
    cdn,
    (hashes) => hashes.map((one) => ({ ...one, hash: flipped(one.hash.slice(), 31) })),
  );
  assertEquals(await untilWrong(cdn), 0);
});

const BAD_LISTS: readonly (readonly [string, (one: Api.FileHash, at: number) => Api.FileHash[]])[] =
  [
    ["no hashes", () => []],
    ["a list with a gap", (one, at) => at % 10 === 2 ? [] : [one]],
    ["hashes that are too short", (one) => [{ ...one, hash: one.hash.subarray(1) }]],
    ["empty hashes", (one) => [{ ...one, hash: new Uint8Array(0) }]],
    ["hashes of no bytes", (one) => [{ ...one, limit: 0 }]],
    ["hashes of a negative number of bytes", (one) => [{ ...one, limit: -1 }]],
    ["hashes of more bytes than can be held", (one) => [{ ...one, limit: 0x7fff_ffff }]],
    ["hashes at negative offsets", (one) => [{ ...one, offset: -one.offset - 1n }]],
    ["hashes at huge offsets", (one) => [{ ...one, offset: one.offset + (1n << 62n) }]],
  ];

for (const [what, change] of BAD_LISTS) {
  Deno.test(`A file for which Telegram has ${what} is read without the CDN`, async () => {
    await using cdn = await cdnWorld(2 * MIB);
    changingHashes(cdn, (hashes) => hashes.flatMap(change));
    assertSameBytes(await cdn.read(), cdn.bytes);
    assert(cdn.world.requests(HASHES).length <= 12);
  });
}

/** The hashes of windows of a length, which begin at each `step`. */
async function windowsOf(
  bytes: Uint8Array,
  length: number,
  step: number,
): Promise<readonly Api.FileHash[]> {
  const { sha256 } = await import("../../src/crypto/mod.ts");
  const count = Math.ceil(bytes.length / step);
  return Array.from({ length: count }, (_, at) => ({
    _: "fileHash",
    offset: BigInt(at * step),
    limit: length,
    hash: sha256(bytes.subarray(at * step, at * step + length)),
  }));
}

for (
  const [length, step] of [[WINDOW, WINDOW / 2], [100_000, 100_000], [4096, 4096], [7, 7], [
    512 * KIB,
    512 * KIB,
  ], [300_001, 299_999]]
) {
  Deno.test(`Windows of ${length} bytes that begin at each ${step} are checked`, async () => {
    await using cdn = await cdnWorld(length === 7 ? 140_000 : MIB + 77);
    const windows = await windowsOf(cdn.bytes, length, step);
    changingHashes(cdn, () => windows);
    assertSameBytes(await cdn.read(), cdn.bytes);
    assertSameBytes(await cdn.read(100_001, 10), cdn.bytes.subarray(100_001, 100_011));
    assert(callsAtCdn(cdn).length > 0);
    assertEquals(cdn.world.requests(GET).every(({ cdnSupported }) => cdnSupported), true);
    changingBytes(cdn, (bytes) => flipped(bytes, bytes.length - 1));
    assert(await untilWrong(cdn) < cdn.bytes.length);
  });
}

Deno.test("A redirect without a whole key is not followed", async () => {
  await using cdn = await cdnWorld(MIB);
  changing<Api.upload.File>(
    cdn,
    GET,
    (answer) =>
      answer._ === "upload.fileCdnRedirect"
        ? { ...answer, encryptionIv: answer.encryptionIv.subarray(1) }
        : answer,
  );
  assertSameBytes(await cdn.read(), cdn.bytes);
  assertEquals(callsAtCdn(cdn), []);
});

Deno.test("A redirect that comes on and on, also unasked, ends the download", async () => {
  await using cdn = await cdnWorld(MIB);
  const { world } = cdn;
  let token = 0;
  const file = world.telegram.api.addFile({ bytes: cdn.bytes });
  assert(file.id !== cdn.id);
  changing(cdn, GET, (_answer, _request) => ({
    _: "upload.fileCdnRedirect",
    dcId: CDN,
    fileToken: Uint8Array.of(++token),
    encryptionKey: new Uint8Array(32),
    encryptionIv: new Uint8Array(16),
    fileHashes: [],
  }));
  const { bytes, error } = await world.run(
    untilFailure(world.client.download(cdn.message)),
  );
  assertEquals(bytes, 0);
  assert(error instanceof TypeError);
  assert(world.calls.length < 60);
});

Deno.test("Other tokens in the middle are followed, and no part is mixed up", async () => {
  await using cdn = await cdnWorld(6 * MIB);
  const { world } = cdn;
  world.answer = ({ request }, nth) => {
    if (request._ === "upload.getCdnFile" && [7, 11].includes(nth)) {
      world.telegram.api.expireCdnTokens();
      world.telegram.api.loseCdnFiles();
    }
    return world.clock.sleep(10 + nth * 7 % 50).then(() => undefined);
  };
  assertSameBytes(await world.run(bytesOf(world.client.download(cdn.message))), cdn.bytes);
});
