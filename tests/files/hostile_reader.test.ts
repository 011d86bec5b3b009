/** Readers that take chunks away, and that want a small file beside large ones. */
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

const MIB = 1024 * 1024;

Deno.test("A reader that takes an image away leaves that of the message as it was", async () => {
  await using world = await FilesWorld.open();
  const photo: Api.photo = {
    _: "photo",
    id: 1n,
    accessHash: 2n,
    fileReference: new Uint8Array(1),
    date: 0,
    dcId: 4,
    sizes: [{ _: "photoCachedSize", type: "s", w: 10, h: 10, bytes: Uint8Array.of(9, 8) }],
  };
  const { value } = await world.client.download(photo).getReader().read();
  assert(value !== undefined);
  const { buffer } = value;
  assert(buffer instanceof ArrayBuffer);
  structuredClone(buffer, { transfer: [buffer] });
  assertEquals(await bytesOf(world.client.download(photo)), Uint8Array.of(9, 8));
});

Deno.test("A profile photo does not wait for large files", async () => {
  await using world = await FilesWorld.open();
  const large = world.telegram.api.addFile({ bytes: someBytes(21 * MIB) });
  const photo: Api.InputFileLocation = {
    _: "inputPeerPhotoFileLocation",
    peer: { _: "inputPeerSelf" },
    photoId: 5n,
  };
  let photos = 0;
  world.answer = ({ request }, nth) => {
    if (request._ !== "upload.getFile") return undefined;
    if ((request.location as Api.InputFileLocation)._ === photo._) photos++;
    return world.clock.sleep(500 + 97 * nth % 500).then(() => undefined);
  };
  const reads: Promise<unknown>[] = [];
  for (const media of [large, large, { location: photo }]) {
    reads.push(bytesOf(world.client.download(media)).catch(() => {}));
    await world.run(world.clock.sleep(1500));
  }
  assertEquals(photos, 1);
  await world.client.disconnect();
  await Promise.all(reads);
});

Deno.test("An option of a download that has another type is refused before a call", async () => {
  await using world = await FilesWorld.open();
  const message = await world.run(world.client.sendFile("me", someBytes(9)));
  const { length } = world.calls;
  for (const options of [{ onProgress: "x" }, { thumb: 5 }, { thumb: null }] as object[]) {
    const read = world.client.download(message, options).getReader().read();
    await assertRejects(() => world.run(read), TypeError, "is of type");
  }
  assertEquals(world.calls.length, length);
});
