/**
 * A CDN, and the hashes of its files, that change their minds with each call. Whatever they do, a
 * download ends, and what leaves its stream is the beginning of the file.
 */
import { SecurityError } from "../../mod.ts";
import type { Api, TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import { seededRandom } from "../helpers/seeded_random.ts";
import { type CdnWorld, cdnWorld, refuse } from "./cdn_world.ts";

const SIZE = 1_400_017;
const DOWNLOADS = runs(6, 400);
const ERRORS = [
  "FILE_TOKEN_INVALID",
  "REQUEST_TOKEN_INVALID",
  "RPC_CALL_FAIL",
  "FLOOD_WAIT_3",
  "CDN_UPLOAD_TIMEOUT",
];

/** Numbers by chance, below a limit. */
function chance(seed: number): (below: number) => number {
  const random = seededRandom(seed);
  return (below) => {
    const [high, low] = random(2);
    return (high << 8 | low) % below;
  };
}

/** Changes an answer by chance; most often not at all. */
function mischief(
  { world }: CdnWorld,
  answer: unknown,
  { _: method }: TlObject,
  pick: (below: number) => number,
): unknown {
  const { api } = world.telegram;
  if (pick(30) === 0) api.expireCdnTokens();
  if (pick(30) === 0) api.loseCdnFiles();
  if (method === "upload.getFile") {
    const file = answer as Api.upload.File;
    if (file._ !== "upload.fileCdnRedirect") return file;
    return { ...file, fileHashes: changedHashes(file.fileHashes, pick) };
  }
  if (pick(15) === 0) refuse(400, ERRORS[pick(ERRORS.length)]);
  if (method === "upload.getCdnFile") return changedFile(answer as Api.upload.CdnFile, pick);
  return changedHashes(answer as Api.FileHash[], pick);
}

function changedFile(
  answer: Api.upload.CdnFile,
  pick: (below: number) => number,
): Api.upload.CdnFile {
  const what = pick(40);
  if (what === 0) return { _: "upload.cdnFileReuploadNeeded", requestToken: new Uint8Array(2) };
  if (answer._ !== "upload.cdnFile" || what > 3) return answer;
  const bytes = answer.bytes.slice();
  if (what === 1) bytes[pick(0xffff) % bytes.length] ^= 1 << pick(8);
  return { ...answer, bytes: what === 2 ? bytes.subarray(pick(5)) : bytes };
}

/** Hashes that are missing, cut short, twice there, or of another place. */
function changedHashes(
  hashes: readonly Api.FileHash[],
  pick: (below: number) => number,
): readonly Api.FileHash[] {
  return hashes.flatMap((one) => {
    switch (pick(30)) {
      case 0:
        return [];
      case 1:
        return [one, { ...one, limit: one.limit >> 1 }];
      case 2:
        return [{ ...one, hash: one.hash.subarray(1) }];
      case 3:
        return [{ ...one, offset: one.offset + 1n }, one];
      default:
        return [one];
    }
  });
}

/** Reads until the end or a failure. */
async function readAll(
  stream: ReadableStream<Uint8Array>,
  bytes: Uint8Array,
): Promise<{ readonly length: number; readonly error?: unknown }> {
  let length = 0;
  try {
    for await (const part of stream) {
      const place = `wrong bytes at ${length}`;
      assertSameBytes(part, bytes.subarray(length, length + part.length), place);
      length += part.length;
    }
  } catch (error) {
    if (!(error instanceof SecurityError)) throw error;
    return { length, error };
  }
  return { length };
}

Deno.test("Whatever a CDN answers, what leaves the stream is the file", async () => {
  await using cdn = await cdnWorld(SIZE);
  const { world, message, bytes } = cdn;
  const { api } = world.telegram;
  const handle = api.handle.bind(api);
  let pick = chance(0);
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    if (!/^upload\.get(Cdn)?File|^upload\.re/.test(request._)) return answer;
    return Promise.resolve(answer).then((honest) => mischief(cdn, honest, request, pick));
  };
  const ends = { whole: 0, failed: 0 };
  for (let seed = 1; seed <= DOWNLOADS; seed++) {
    pick = chance(seed);
    world.answer = () => world.clock.sleep(1 + pick(50)).then(() => undefined);
    const offset = pick(3) === 0 ? pick(0xffff) * 16 : 0;
    const wanted = bytes.subarray(offset);
    const reading = readAll(world.client.download(message, { offset }), wanted);
    const { length, error } = await world.run(reading, 100);
    if (error === undefined) {
      assertEquals(length, wanted.length, `seed ${seed}`);
      ends.whole++;
    } else ends.failed++;
    assert(length <= wanted.length);
    await world.clock.advance(600_000); // CDNs have rested
    assertEquals(world.underWay, 0);
  }
  assert(ends.whole > 0 && ends.failed > 0, Deno.inspect(ends));
});
