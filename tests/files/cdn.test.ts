/** Downloads from CDNs, honest and hostile. https://core.telegram.org/cdn */
import { assert, assertEquals } from "../helpers/assert.ts";
import { callsAtCdn, cdnWorld } from "./cdn_world.ts";

const GET = "upload.getFile";
const GET_CDN = "upload.getCdnFile";
const REUPLOAD = "upload.reuploadCdnFile";

function same(one: Uint8Array, other: Uint8Array): void {
  assertEquals(one.length, other.length);
  assert(one.every((byte, at) => byte === other[at]));
}

Deno.test("A file that a CDN gives out is read there, decrypted and checked", async () => {
  await using cdn = await cdnWorld();
  const { world, bytes } = cdn;
  same(await cdn.read(), bytes);
  assert(callsAtCdn(cdn).every(({ _ }) => _ === GET_CDN));
  assert(callsAtCdn(cdn).length >= 7);
  assertEquals(world.requests(REUPLOAD).length, 1);
  assert(world.requests(GET).length <= 6); // those that were under way when the first was sent on
  assert(world.requests(GET).every(({ cdnSupported }) => cdnSupported === true));
  const before = world.requests(GET).length;
  same(await cdn.read(), bytes);
  assert(world.requests(GET).length - before <= 6);
});
