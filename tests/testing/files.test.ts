/** Files of the offline Telegram, with our client: lines, addresses, rules and made files. */
import { Client, MemorySession, type Message } from "../../mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { bytesOf, someBytes } from "../files/bytes.ts";
import { FilesWorld, PHONE } from "../files/files_world.ts";
import { png } from "./api/images.ts";

const MIB = 1 << 20;

/** Sends what a person has put onto the server, and returns the message as the client sees it. */
async function lastMessage(world: FilesWorld): Promise<Message> {
  const { value } = await world.run(world.client.messages("me", { limit: 1 }).next());
  assert(value !== undefined);
  return value;
}

Deno.test("a file of 2 GiB is read, though nobody has it", async () => {
  await using world = await FilesWorld.open();
  const size = 2 ** 31;
  const at = (offset: number, length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => (offset + index) / 4096);
  const ada = world.telegram.person(PHONE);
  await ada.sendFile("me", { size, at }, { name: "film.mp4", mime: "video/mp4" });
  const message = await lastMessage(world);
  const offset = size - 5000;
  const part = await world.run(bytesOf(world.client.download(message, { offset })));
  assertEquals(part, at(offset, 5000));
});

Deno.test("uploads that are not kept are read as zeros", async () => {
  await using world = await FilesWorld.open({ files: { keepsUploads: false } });
  const back = await world.there(someBytes(MIB + 5));
  assertEquals([back.length, back.every((byte) => byte === 0)], [MIB + 5, true]);
});

Deno.test("files go to the address for files, and other calls are refused there", async () => {
  await using world = await FilesWorld.open({ mediaAddresses: { 2: ["media.offline"] } });
  const { telegram, client } = world;
  const { dcs, keys, dial } = telegram.clientOptions;
  assertEquals(dcs.map(({ host, mediaOnly = false }) => [host, mediaOnly]), [
    ["dc2.offline", false],
    ["media.offline", true],
  ]);
  const config = await world.run(client.invoke({ _: "help.getConfig" }));
  assertEquals(config.dcOptions.map(({ mediaOnly = false }) => mediaOnly), [false, true]);
  telegram.unplug("media.offline", { refuses: true });
  const bytes = someBytes(MIB);
  const sending = client.sendFile("me", bytes);
  sending.catch(() => {});
  await world.clock.advance(3000);
  assertEquals(world.calls, []);
  telegram.plug("media.offline");
  const message = await world.run(sending, 1000);
  assertEquals(await world.run(bytesOf(client.download(message))), bytes);
  const lost = new Client(new MemorySession(), telegram.apiId, telegram.apiHash, {
    keys,
    clock: world.clock,
    dcs: [{ id: 2, host: "media.offline", port: 443 }],
    dial,
  });
  await world.run(lost.start({ phoneNumber: PHONE, phoneCode: "22222" }));
  const state = lost.invoke({ _: "updates.getState" });
  await assertRejects(() => world.run(state), Error, "MTPROTO_CLUSTER_INVALID");
  await lost.disconnect();
});

Deno.test("an account waits after the free bytes, one with premium does not", async () => {
  const files = { freeBytes: MIB, floodWait: 60 };
  for (const premium of [false, true]) {
    const accounts = [{ phone: PHONE, code: "22222", premium }];
    await using world = await FilesWorld.open({ files, accounts });
    const bytes = someBytes(3 * MIB);
    const before = world.clock.monotonic();
    await world.run(world.client.upload(bytes), 1000);
    assertEquals(world.clock.monotonic() - before > 100_000, !premium);
  }
});

Deno.test("an account with premium sends more parts, and a longer caption", async () => {
  const accounts = [{ phone: PHONE, code: "22222", premium: true }];
  await using world = await FilesWorld.open({ accounts });
  const caption = "x".repeat(4096);
  const sent = await world.run(world.client.sendFile("me", someBytes(10), { caption }));
  assertEquals(sent.text, caption);
  const { api } = world.telegram;
  const part = { _: "upload.saveBigFilePart", fileId: 1n, fileTotalParts: 8000 };
  assertEquals(api.act(PHONE, { ...part, filePart: 7999, bytes: new Uint8Array(1024) }), true);
});

Deno.test("a line of 1 MB/s needs seconds for a file, and four need less", async () => {
  const line = { bytesPerSecond: 1_000_000, latency: 25 };
  await using world = await FilesWorld.open({ line });
  const before = world.clock.monotonic();
  await world.run(world.client.upload(someBytes(4 * MIB)), 20);
  const seconds = (world.clock.monotonic() - before) / 1000;
  // Four connections, the second of which opens 50 ms after the first.
  assert(seconds > 1 && seconds < 2, `it took ${seconds} s`);
});

Deno.test("the profile photo of a peer is downloaded by our client", async () => {
  await using world = await FilesWorld.open();
  const { api } = world.telegram;
  const bytes = png(200, 200, 70_000);
  const fileId = 5n;
  api.act(PHONE, { _: "upload.saveFilePart", fileId, filePart: 0, bytes });
  const file = { _: "inputFile", id: fileId, parts: 1, name: "me.png", md5Checksum: "" };
  assertEquals(await world.run(world.client.profilePhoto("@test_777_bot")), undefined);
  await api.act(PHONE, { _: "photos.uploadProfilePhoto", file });
  const photo = await world.run(world.client.profilePhoto("me"));
  assert(photo !== undefined);
  assertEquals(await world.run(bytesOf(world.client.download(photo))), bytes);
});
