/** Downloads, as Telegram and the network treat them. https://core.telegram.org/api/files */
import { type Message, RpcError } from "../../mod.ts";
import { bytesToHex } from "../../src/crypto/mod.ts";
import { type ObservedMessage, RpcFailure } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const GET = "upload.getFile";
/** The same on the wire. */
const GET_FILE = "be3553be";
/** `invokeWithoutUpdates` on the wire. */
const WITHOUT_UPDATES = "b75994bf";

function refuse(code: number, message: string): never {
  throw new RpcFailure(code, message);
}

/** A world in which the person has a file in Saved Messages. */
async function withFile(
  bytes: Uint8Array,
  dcs: readonly number[] = [2],
): Promise<{ world: FilesWorld; message: Message }> {
  const world = await FilesWorld.open({ dcs });
  const file = world.telegram.api.addFile({ bytes });
  const message = await world.run(world.client.sendFile("me", file));
  return { world, message };
}

/** The id of the document of a message. */
function documentId(message: Message): bigint {
  const { media } = message;
  assert(media?._ === "messageMediaDocument" && media.document?._ === "document");
  return media.document.id;
}

Deno.test("A part of a file comes alone, whatever its offset and length", async () => {
  const bytes = someBytes(3 * MIB + 17);
  const { world, message } = await withFile(bytes);
  await using _ = world;
  const ranges = [[0, 1], [1, 1], [1023, 2], [MIB - 1, 2], [5, 2 * MIB], [3 * MIB, 17]];
  for (const [offset, length] of ranges) {
    const part = await world.run(bytesOf(world.client.download(message, { offset, length })));
    assertSameBytes(part, bytes.subarray(offset, offset + length));
  }
  const rest = await world.run(bytesOf(world.client.download(message, { offset: MIB + 3 })));
  assertSameBytes(rest, bytes.subarray(MIB + 3));
  const none = await world.run(bytesOf(world.client.download(message, { offset: 4 * MIB })));
  assertEquals(none.length, 0);
});

Deno.test("An offset or length that is no number of bytes is refused", async () => {
  const { world, message } = await withFile(someBytes(10));
  await using _ = world;
  for (const options of [{ offset: -1 }, { offset: 0.5 }, { length: -1 }, { length: NaN }]) {
    await assertRejects(() => bytesOf(world.client.download(message, options)), RangeError);
  }
});

Deno.test("Parts that come in another order leave the stream in theirs", async () => {
  const bytes = someBytes(3 * MIB);
  const { world, message } = await withFile(bytes);
  await using _ = world;
  const pauses = [900, 100, 500, 300, 700, 200];
  world.answer = (_call, nth) => world.clock.sleep(pauses[nth - 1] ?? 1).then(() => undefined);
  assertSameBytes(await world.run(bytesOf(world.client.download(message))), bytes);
});

Deno.test("A reader that stops reading stops the download, one that cancels ends it", async () => {
  const bytes = someBytes(20 * MIB);
  const { world, message } = await withFile(bytes);
  await using _ = world;
  world.answer = () => world.clock.sleep(10).then(() => undefined);
  const reader = world.client.download(message).getReader();
  assertSameBytes(
    (await world.run(reader.read())).value ?? new Uint8Array(0),
    bytes.subarray(0, 512 * KIB),
  );
  await world.clock.advance(5000);
  const asked = world.requests(GET).length;
  assert(asked <= 7, `${asked} parts were asked for`);
  await world.run(reader.read());
  await world.run(reader.cancel());
  await world.clock.advance(5000);
  assert(world.requests(GET).length <= 8);
  assertEquals(world.underWay, 0);
});

Deno.test("A download that nobody reads makes no call", async () => {
  const { world, message } = await withFile(someBytes(MIB));
  await using _ = world;
  world.client.download(message);
  await world.clock.advance(5000);
  assertEquals(world.requests(GET), []);
});

Deno.test("A file at another data center is read there, after one transfer", async () => {
  const bytes = someBytes(2 * MIB);
  const { world, message } = await withFile(bytes, [2, 4]);
  await using _ = world;
  world.telegram.api.moveFile(documentId(message), 4);
  assertSameBytes(await world.run(bytesOf(world.client.download(message))), bytes);
  assertEquals(world.imports, 1);
  const fresh = await world.client.messages("me", { limit: 1 }).next();
  assert(fresh.value !== undefined);
  const before = world.calls.length;
  assertSameBytes(await world.run(bytesOf(world.client.download(fresh.value))), bytes);
  assert(world.calls.slice(before).every(({ caller }) => caller.dcId === 4));
});

Deno.test("A file that moves while it is read is read on from its new place", async () => {
  const bytes = someBytes(5 * MIB);
  const { world, message } = await withFile(bytes, [2, 4]);
  await using _ = world;
  world.answer = ({ request }, nth) => {
    if (request._ === GET && nth === 8) world.telegram.api.moveFile(documentId(message), 4);
    return world.clock.sleep(10).then(() => undefined);
  };
  assertSameBytes(await world.run(bytesOf(world.client.download(message))), bytes);
});

Deno.test("An expired reference is fetched once, and the download goes on", async () => {
  const bytes = someBytes(5 * MIB);
  const { world, message } = await withFile(bytes);
  await using _ = world;
  let reads = 0;
  const { api } = world.telegram;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    if (request._ === "messages.getMessages") reads++;
    return handle(request, caller);
  };
  world.answer = ({ request }, nth) => {
    if (request._ === GET && nth === 6) api.expireFileReferences();
    return world.clock.sleep(10).then(() => undefined);
  };
  assertSameBytes(await world.run(bytesOf(world.client.download(message))), bytes);
  assertEquals(reads, 1);
  const offsets = world.requests(GET).map(({ offset }) => Number(offset) / (512 * KIB));
  assertEquals(new Set(offsets).size, 10);
  assert(offsets.length <= 10 + 6);
});

Deno.test("An expired reference whose message is gone or unknown ends the download", async () => {
  const { world, message } = await withFile(someBytes(MIB));
  await using _ = world;
  world.telegram.api.expireFileReferences();
  const { media } = message;
  assert(media !== undefined);
  await assertRejects(
    () => world.run(bytesOf(world.client.download(media))),
    Error,
    "Pass the message with it",
  );
  await world.run(message.delete());
  await assertRejects(
    () => world.run(bytesOf(world.client.download(message))),
    Error,
    "the message was deleted",
  );
});

Deno.test("A message that has another file by now ends its download with an error", async () => {
  const bytes = someBytes(5 * MIB);
  const { world, message } = await withFile(bytes);
  await using _ = world;
  const { client, telegram: { api } } = world;
  const file = api.addFile({ bytes: someBytes(5 * MIB, 2) });
  const other = await world.run(client.sendFile("me", file));
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    const isRead = request._ === "messages.getMessages";
    const id = [{ _: "inputMessageID", id: other.id }];
    return handle(isRead ? { ...request, id } : request, caller);
  };
  world.answer = ({ request }, nth) => {
    if (request._ === GET && nth === 6) api.expireFileReferences();
    return world.clock.sleep(10).then(() => undefined);
  };
  const got: Uint8Array[] = [];
  const reading = (async () => {
    for await (const part of client.download(message)) got.push(part);
  })();
  await assertRejects(() => world.run(reading), Error, "the message has another file now");
  const length = got.reduce((sum, part) => sum + part.length, 0);
  assert(length > 0 && length < bytes.length);
  assertSameBytes(
    new Uint8Array(await new Blob(got as BlobPart[]).arrayBuffer()),
    bytes.subarray(0, length),
  );
  const asked = world.requests(GET).map(({ location }) => (location as { id: bigint }).id);
  assertEquals(new Set(asked), new Set([documentId(message)]));
});

Deno.test("Too few, too many and no bytes are errors, never a short file", async () => {
  const { world, message } = await withFile(someBytes(3 * MIB));
  await using _ = world;
  for (const length of [512 * KIB - 1, 512 * KIB + 1, 0]) {
    let third = 0;
    world.answer = ({ request }) =>
      request._ === GET && ++third === 3
        ? {
          _: "upload.file",
          type: { _: "storage.fileUnknown" },
          mtime: 0,
          bytes: new Uint8Array(length),
        }
        : undefined;
    await assertRejects(
      () => world.run(bytesOf(world.client.download(message))),
      Error,
      `Telegram sent ${length} bytes at `,
    );
  }
});

Deno.test("A part that Telegram refuses ends the stream with the error", async () => {
  const { world, message } = await withFile(someBytes(3 * MIB));
  await using _ = world;
  world.answer = ({ request }, nth) =>
    request._ === GET && nth === 3 ? refuse(400, "LOCATION_INVALID") : undefined;
  const error = await assertRejects(
    () => world.run(bytesOf(world.client.download(message))),
    RpcError,
  );
  assertEquals(error.errorMessage, "LOCATION_INVALID");
});

Deno.test("A refused part ends the stream though others get no answer", async () => {
  const { world, message } = await withFile(someBytes(3 * MIB));
  await using _ = world;
  world.answer = (_call, nth) => nth === 1 ? refuse(400, "FILE_ID_INVALID") : new Promise(() => {});
  const reading = world.run(bytesOf(world.client.download(message)));
  await assertRejects(() => reading, RpcError, "FILE_ID_INVALID");
});

Deno.test("A download has the options that it was begun with", async () => {
  const { world, message } = await withFile(someBytes(100));
  await using _ = world;
  const options = { offset: 0 };
  const streams = [0, 10, 20].map((offset) => {
    options.offset = offset;
    return world.client.download(message, options);
  });
  const parts = await Promise.all(streams.map((stream) => world.run(bytesOf(stream))));
  assertEquals(parts.map(({ length }) => length), [100, 90, 80]);
  const none = world.client.download(message, JSON.parse("null"));
  await assertRejects(() => bytesOf(none), TypeError, "the options are of type null");
});

Deno.test("Floods of parts are waited out, however long", async () => {
  const bytes = someBytes(3 * MIB);
  const { world, message } = await withFile(bytes);
  await using _ = world;
  world.answer = ({ request }, nth) =>
    request._ === GET && nth % 2 === 1 && nth < 8
      ? refuse(420, "FLOOD_PREMIUM_WAIT_70")
      : undefined;
  assertSameBytes(await world.run(bytesOf(world.client.download(message)), 1000), bytes);
});

Deno.test("A download that is aborted fails with the reason, and makes no call", async () => {
  const { world, message } = await withFile(someBytes(20 * MIB));
  await using _ = world;
  world.answer = () => world.clock.sleep(100).then(() => undefined);
  const abort = new AbortController();
  const reading = bytesOf(world.client.download(message, { signal: abort.signal }));
  reading.catch(() => {});
  await world.clock.advance(250);
  abort.abort(new Error("enough"));
  await assertRejects(() => reading, Error, "enough");
  const { length } = world.calls;
  await world.clock.advance(5000);
  assertEquals(world.calls.length, length);
});

Deno.test("A client that disconnects ends its downloads", async () => {
  const { world, message } = await withFile(someBytes(20 * MIB));
  await using _ = world;
  world.answer = () => world.clock.sleep(100).then(() => undefined);
  const reading = bytesOf(world.client.download(message));
  reading.catch(() => {});
  await world.clock.advance(250);
  await world.client.disconnect();
  await assertRejects(() => reading, Error);
});

Deno.test("The progress of a download only grows, and ends at the size, once", async () => {
  const { world, message } = await withFile(someBytes(MIB + 7));
  await using _ = world;
  const told: [number, number | undefined][] = [];
  const onProgress = (done: number, total?: number): void => void told.push([done, total]);
  await world.run(bytesOf(world.client.download(message, { onProgress })));
  assertEquals(told, [[512 * KIB, MIB + 7], [MIB, MIB + 7], [MIB + 7, MIB + 7]]);
});

Deno.test("Downloads share connections, and two large files are read at a time", async () => {
  const { world, message } = await withFile(someBytes(21 * MIB));
  await using _ = world;
  world.answer = () => world.clock.sleep(100).then(() => undefined);
  const streams = Array.from({ length: 4 }, () => world.client.download(message).getReader());
  const reads = streams.map((stream) => stream.read());
  await world.clock.advance(300);
  const sessions = new Set(
    world.calls.filter(({ request }) => request._ === GET).map(({ caller }) => caller.sessionId),
  );
  assertEquals(sessions.size, 2);
  await world.run(Promise.all(reads));
  await Promise.all(streams.map((stream) => stream.cancel()));
});

Deno.test("Five small files are read at a time, and the sixth after one of them", async () => {
  await using world = await FilesWorld.open();
  const { client, clock, telegram } = world;
  const files = Array.from(
    { length: 6 },
    () => telegram.api.addFile({ bytes: new Uint8Array(300 * KIB) }),
  );
  const ids = (): Set<bigint> =>
    new Set(world.requests(GET).map(({ location }) => (location as { id: bigint }).id));
  world.answer = () => clock.sleep(1000).then(() => undefined);
  const reads = files.map((file) => bytesOf(client.download(file)));
  await clock.advance(900);
  assertEquals(ids().size, 5);
  await world.run(Promise.all(reads));
  assertEquals(ids().size, 6);
});

Deno.test("Parts go to the address for files, each call in invokeWithoutUpdates", async () => {
  let parts = 0;
  let wrapped = 0;
  const onMessage = ({ body }: ObservedMessage): void => {
    const text = bytesToHex(body);
    parts += text.split(GET_FILE).length - 1;
    wrapped += text.split(`${WITHOUT_UPDATES}${GET_FILE}`).length - 1;
  };
  const mediaAddresses = { 2: ["media.offline"] };
  await using world = await FilesWorld.open({ mediaAddresses, onMessage });
  const { client, telegram } = world;
  const bytes = someBytes(MIB + 1);
  const message = await world.run(client.sendFile("me", bytes));
  telegram.unplug("dc2.offline", { refuses: true }); // connections that are open go on
  assertSameBytes(await world.run(bytesOf(client.download(message))), bytes);
  assertEquals([parts, wrapped], [3, 3]);
});

Deno.test("What has no file is refused by name", async () => {
  await using world = await FilesWorld.open();
  const message = await world.run(world.client.sendMessage("me", "Hello"));
  await assertRejects(
    () => bytesOf(world.client.download(message)),
    TypeError,
    "Cannot download: the message has no file",
  );
});
