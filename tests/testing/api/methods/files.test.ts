/** Parts, hashes and locations of files: https://core.telegram.org/api/files */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { sha256 } from "../../../../src/crypto/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { chatWorld, type Participant } from "../chat_world.ts";
import { assertRefused } from "../fixture.ts";
import { locationOf, read, uploadedDocument } from "../uploads.ts";

const KIB = 1024;
const SELF = { _: "inputPeerSelf" };

function document(by: Participant, bytes: Uint8Array): TlObject {
  return by("messages.uploadMedia", { peer: SELF, media: uploadedDocument(by, bytes) });
}

Deno.test("the hashes of a file are those of its pieces of 128 KiB", () => {
  const { ada } = chatWorld();
  const bytes = Uint8Array.from({ length: 300 * KIB }, (_, index) => index / 999);
  const location = locationOf(document(ada, bytes));
  const hashes = (offset: number): unknown =>
    ada("upload.getFileHashes", { location, offset: BigInt(offset) });
  const all = [0, 1, 2].map((index) => {
    const piece = bytes.subarray(index * 128 * KIB, (index + 1) * 128 * KIB);
    const offset = BigInt(index * 128 * KIB);
    return { _: "fileHash", offset, limit: 128 * KIB, hash: sha256(piece) };
  });
  assertEquals(hashes(0), all);
  assertEquals(hashes(128 * KIB + 5), all.slice(1));
  assertEquals(hashes(400 * KIB), []);
});

Deno.test("offsets and limits that Telegram does not serve are refused", () => {
  const { ada } = chatWorld();
  const location = locationOf(document(ada, new Uint8Array(10)));
  const get = (offset: bigint, limit: number, precise = false) => () =>
    ada("upload.getFile", { location, offset, limit, precise });
  assertRefused(get(1024n, 4096), 400, "OFFSET_INVALID");
  assertRefused(get(0n, 1024), 400, "LIMIT_INVALID");
  assertRefused(get(0n, 3 * 4096), 400, "LIMIT_INVALID");
  assertRefused(get(0n, 2 * KIB * KIB, true), 400, "LIMIT_INVALID");
  assertRefused(get(1023n * 1024n, 2048, true), 400, "LIMIT_INVALID");
  assertEquals(get(0n, 1024, true)().bytes, new Uint8Array(10));
});

Deno.test("a file that a test adds is there with its bytes, at its data center", () => {
  const { api, ada } = chatWorld();
  const at = (offset: number, length: number) => new Uint8Array(length).fill(offset / 4096);
  const film = api.addFile({ size: 10_000, at, name: "a.mp4", mime: "video/mp4" });
  const named = { _: "documentAttributeFilename", fileName: "a.mp4" };
  assertEquals([film.mimeType, film.size, film.attributes], ["video/mp4", 10_000n, [named]]);
  const location = locationOf(film);
  assertEquals(read(ada, location, 8192), at(0, 8192));
  assertEquals(api.fileBytes(film.id).length, 10_000);
  const elsewhere = api.addFile({ bytes: Uint8Array.of(1), dcId: 4 });
  assertRefused(() => read(ada, locationOf(elsewhere)), 303, "FILE_MIGRATE_4");
});

Deno.test("references expire by their time", () => {
  const world = chatWorld({ files: { referenceLifetime: 60 } });
  const { ada } = world;
  const location = locationOf(document(ada, new Uint8Array(10)));
  world.now += 59;
  read(ada, location);
  world.now += 1;
  assertRefused(() => read(ada, location), 400, "FILE_REFERENCE_EXPIRED");
});
