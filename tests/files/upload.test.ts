/** Uploads, as Telegram and the network treat them. https://core.telegram.org/api/files */
import { RpcError, type UploadOptions } from "../../mod.ts";
import { RpcFailure } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

const KIB = 1024;
const MIB = KIB * KIB;
const SMALL_PART = "upload.saveFilePart";
const BIG_PART = "upload.saveBigFilePart";

async function* pieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function partsOf(world: FilesWorld, method: string): number[] {
  return world.requests(method).map(({ filePart }) => filePart as number);
}

Deno.test("Files of all sizes around the limits come back as they were sent", async () => {
  await using world = await FilesWorld.open();
  for (const size of [1, 1023, 1024, 32_768, 131_072, 131_073, 524_287, 524_288, 524_289]) {
    const bytes = someBytes(size, size);
    assertSameBytes(await world.there(bytes), bytes);
  }
});

Deno.test("A file of 10 MiB goes as a small one, a larger one as a big one", async () => {
  await using world = await FilesWorld.open();
  const small = await world.run(world.client.upload(someBytes(10 * MIB)));
  assertEquals([small.input._, small.input.parts], ["inputFile", 80]);
  assertEquals(partsOf(world, BIG_PART), []);
  const big = await world.run(world.client.upload(someBytes(10 * MIB + 1)));
  assertEquals([big.input._, big.input.parts], ["inputFileBig", 21]);
  assertEquals(world.requests(BIG_PART).every(({ fileTotalParts }) => fileTotalParts === 21), true);
});

Deno.test("An empty file, and one of the wrong size, are refused", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  await assertRejects(() => client.upload(new Uint8Array(0)), RangeError, "it is empty");
  await assertRejects(() => client.upload(pieces(new Uint8Array(0), 1)), RangeError, "it is empty");
  assertEquals(world.calls, []);
  const wrong = client.upload(pieces(someBytes(9), 4), { size: 10 });
  await assertRejects(() => world.run(wrong), RangeError, "it has 9 bytes, expected 10");
});

Deno.test("A file with too many parts is refused before a call", async () => {
  await using world = await FilesWorld.open();
  const size = 2000 * MIB + 1;
  const huge = (): Promise<unknown> => world.client.upload(pieces(someBytes(9), 4), { size });
  await assertRejects(huge, RangeError, "An account with premium may upload 4000 MiB");
  assertEquals(world.calls, []);
});

Deno.test("A stream tells the number of its parts with the last one", async () => {
  const cases: [size: number, totals: number[]][] = [
    [MIB, [-1, 2]],
    [MIB + 1, [-1, -1, 3]],
    [5, [1]],
  ];
  for (const [size, totals] of cases) {
    await using world = await FilesWorld.open();
    const bytes = someBytes(size);
    const message = await world.run(world.client.sendFile("me", pieces(bytes, 1000)));
    assertEquals(world.requests(BIG_PART).map(({ fileTotalParts }) => fileTotalParts), totals);
    assertSameBytes(await world.run(bytesOf(world.client.download(message))), bytes);
  }
});

Deno.test("The last part of a stream goes after all others have arrived", async () => {
  await using world = await FilesWorld.open();
  const first = Promise.withResolvers<undefined>();
  world.answer = (_call, nth) => nth === 1 ? first.promise : undefined;
  const uploading = world.client.upload(pieces(someBytes(2 * MIB + 5), 100_000));
  await world.clock.advance(1000);
  assertEquals(partsOf(world, BIG_PART), [0, 1, 2, 3]);
  first.resolve(undefined);
  assertEquals((await world.run(uploading)).input.parts, 5);
  assertEquals(partsOf(world, BIG_PART).at(-1), 4);
});

const failures: [name: string, answer: () => unknown, waits: number][] = [
  ["false", () => false, 0],
  ["FLOOD_WAIT_2", () => refuse(420, "FLOOD_WAIT_2"), 2000],
  ["FLOOD_PREMIUM_WAIT_5", () => refuse(420, "FLOOD_PREMIUM_WAIT_5"), 5000],
  ["RPC_CALL_FAIL", () => refuse(500, "RPC_CALL_FAIL"), 1000],
];

function refuse(code: number, message: string): never {
  throw new RpcFailure(code, message);
}

for (const [name, answer, waits] of failures) {
  Deno.test(`A part that Telegram answers with ${name} is sent again, and no other`, async () => {
    await using world = await FilesWorld.open();
    let refused = 0;
    world.answer = ({ request }) =>
      request.filePart === 3 && refused++ === 0 ? answer() : undefined;
    const before = world.clock.monotonic();
    await world.run(world.client.upload(someBytes(MIB)));
    assertEquals(partsOf(world, SMALL_PART).toSorted(), [0, 1, 2, 3, 3, 4, 5, 6, 7]);
    assert(world.clock.monotonic() - before >= waits);
  });
}

Deno.test("A part whose connection is lost is sent again", async () => {
  await using world = await FilesWorld.open();
  const { telegram } = world;
  world.answer = (_call, nth) => {
    if (nth === 4) telegram.dc().disconnectAll();
    return undefined;
  };
  const bytes = someBytes(MIB);
  assertSameBytes(await world.there(bytes), bytes);
});

Deno.test("A part that stays refused ends the upload with its error", async () => {
  await using world = await FilesWorld.open();
  world.answer = ({ request }) =>
    request.filePart === 3 ? refuse(400, "FILE_PART_INVALID") : undefined;
  const error = await assertRejects(() => world.run(world.client.upload(someBytes(MIB))), RpcError);
  assertEquals(error.errorMessage, "FILE_PART_INVALID");
});

Deno.test("A part that Telegram lost is uploaded again, the message sent once", async () => {
  await using world = await FilesWorld.open();
  const { client, telegram } = world;
  const bytes = someBytes(MIB);
  const file = await world.run(client.upload(bytes));
  telegram.api.dropUploadedPart("+9996621111", file.input.id, 3);
  const message = await world.run(client.sendFile("me", file));
  assertEquals(partsOf(world, SMALL_PART).slice(8), [3]);
  const sends = world.requests("messages.sendMedia");
  assertEquals(sends.length, 2);
  assertEquals(sends[0].randomId, sends[1].randomId);
  assertSameBytes(await world.run(bytesOf(client.download(message))), bytes);
});

Deno.test("A file whose first part is lost is uploaded anew, with another file_id", async () => {
  await using world = await FilesWorld.open();
  const { client, telegram } = world;
  const file = await world.run(client.upload(someBytes(MIB)));
  telegram.api.dropUploadedPart("+9996621111", file.input.id, 0);
  await world.run(client.sendFile("me", file));
  const ids = new Set(world.requests(SMALL_PART).map(({ fileId }) => fileId));
  assertEquals([ids.size, world.requests(SMALL_PART).length], [2, 16]);
});

Deno.test("A lost part that the file never had ends the sending with that error", async () => {
  await using world = await FilesWorld.open();
  world.answer = ({ request }) => {
    if (request._ === "messages.sendMedia") throw new RpcFailure(400, "FILE_PART_99_MISSING");
  };
  const sending = world.client.sendFile("me", someBytes(MIB));
  await assertRejects(() => world.run(sending), RpcError, "FILE_PART_99_MISSING");
  assertEquals(partsOf(world, SMALL_PART).length, 8);
  const none = world.client.sendFile("me", someBytes(9), JSON.parse("null"));
  await assertRejects(() => none, TypeError, "the options are of type null");
});

Deno.test("A stream whose part is lost fails, as it can be read once only", async () => {
  await using world = await FilesWorld.open();
  const { client, telegram } = world;
  const file = await world.run(client.upload(pieces(someBytes(MIB), 999), { size: MIB }));
  telegram.api.dropUploadedPart("+9996621111", file.input.id, 3);
  const error = await assertRejects(() => world.run(client.sendFile("me", file)), RpcError);
  assertEquals(error.errorMessage, "FILE_PART_3_MISSING");
});

Deno.test("No more parts are read and under way than the connections take", async () => {
  await using world = await FilesWorld.open();
  const held = Promise.withResolvers<undefined>();
  world.answer = ({ request }) => request._ === BIG_PART ? held.promise : undefined;
  let read = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 20; n++) {
      read++;
      yield await Promise.resolve(someBytes(512 * KIB));
    }
  }
  const uploading = world.client.upload(source());
  await world.clock.advance(5000);
  assertEquals([world.underWay, world.mostUnderWay], [12, 12]);
  assert(read <= 15, `${read} parts were read`);
  held.resolve(undefined);
  assertEquals((await world.run(uploading)).size, 10 * MIB);
});

Deno.test("An upload that is aborted ends with the reason, and makes no call", async () => {
  await using world = await FilesWorld.open();
  const held = new Promise<undefined>(() => {});
  world.answer = (_call, nth) => nth >= 3 ? held : undefined;
  const before = new AbortController();
  before.abort(new Error("no more"));
  const options: UploadOptions = { signal: before.signal };
  await assertRejects(() => world.client.upload(someBytes(MIB), options), Error, "no more");
  assertEquals(world.calls, []);
  let cancelled: unknown;
  const during = new AbortController();
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(someBytes(100_000)),
    cancel: (reason) => cancelled = reason,
  });
  const uploading = world.client.upload(stream, { signal: during.signal });
  uploading.catch(() => {});
  await world.clock.advance(100);
  during.abort(new Error("enough"));
  await assertRejects(() => world.run(uploading), Error, "enough");
  const { length } = world.calls;
  await world.clock.advance(5000);
  assertEquals(world.calls.length, length);
  assertEquals((cancelled as Error).message, "enough");
});

Deno.test("A source that fails or stalls ends the upload, and nothing is left open", async () => {
  await using world = await FilesWorld.open();
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(someBytes(600_000));
    throw new Error("the disk is gone");
  }
  await assertRejects(
    () => world.run(world.client.upload(failing())),
    Error,
    "the disk is gone",
  );
  const stalled = new ReadableStream<Uint8Array>({ pull: () => new Promise<void>(() => {}) });
  const abort = new AbortController();
  const uploading = world.client.upload(stalled, { signal: abort.signal });
  uploading.catch(() => {});
  await world.clock.advance(1000);
  abort.abort(new Error("enough"));
  await assertRejects(() => world.run(uploading), Error, "enough");
});

Deno.test("An upload ends though its source never does", async () => {
  await using world = await FilesWorld.open();
  const never = (): Promise<never> => new Promise(() => {});
  async function* stalled(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(someBytes(9));
    await never();
  }
  for (const source of [stalled(), new ReadableStream({ pull: never, cancel: never })]) {
    const abort = new AbortController();
    const uploading = world.client.upload(source, { signal: abort.signal });
    uploading.catch(() => {});
    await world.clock.advance(1000);
    abort.abort(new Error("enough"));
    await assertRejects(() => world.run(uploading), Error, "enough");
  }
  const failing: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.reject(new Error("the disk is gone")),
      return: () => {
        throw new Error("the disk was gone before");
      },
    }),
  };
  await assertRejects(() => world.run(world.client.upload(failing)), Error, "the disk is gone");
});

Deno.test("A stream with more bytes than its size is refused at the first of them", async () => {
  await using world = await FilesWorld.open();
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield await Promise.resolve(someBytes(500_000));
  }
  for (const size of [100, 2 * MIB]) {
    const uploading = world.client.upload(endless(), { size });
    await assertRejects(() => world.run(uploading), RangeError, `expected ${size}. Leave out`);
    assert(world.calls.length <= 16);
  }
});

Deno.test("A name, type or listener of another type is refused before a call", async () => {
  await using world = await FilesWorld.open();
  const wrong: object[] = [{ name: 5 }, { name: null }, { mime: 5 }, { onProgress: "log" }];
  for (const options of wrong) {
    const [name] = Object.keys(options);
    const uploading = (): Promise<unknown> => world.client.upload(someBytes(9), options);
    await assertRejects(uploading, TypeError, `Cannot upload a file: ${name} is of type`);
  }
  assertEquals(world.calls, []);
});

Deno.test("The progress of an upload only grows, and ends at the size, once", async () => {
  await using world = await FilesWorld.open();
  const told: [number, number | undefined][] = [];
  const onProgress = (done: number, total?: number): void => void told.push([done, total]);
  await world.run(world.client.upload(someBytes(MIB + 7), { onProgress }));
  assertEquals(told.length, 9);
  assert(told.every(([done], index) => index === 0 || done > told[index - 1][0]));
  assertEquals(told.at(-1), [MIB + 7, MIB + 7]);
  assertEquals(told.filter(([done]) => done === MIB + 7).length, 1);
});

Deno.test("Parts go over connections of their own, without updates, to the home", async () => {
  await using world = await FilesWorld.open();
  world.answer = () => world.clock.sleep(200).then(() => undefined);
  await world.run(world.client.upload(someBytes(3 * MIB)));
  const sessions = new Set(world.calls.map(({ caller }) => caller.sessionId));
  assertEquals(sessions.size, 4);
  const home = world.client.session.state;
  assert(world.calls.every(({ caller }) => caller.dcId === home.dcId));
  const keys = new Set(world.calls.map(({ caller }) => caller.authKeyId));
  assertEquals(keys.size, 1);
});

Deno.test("A file of one part goes over the connection that is there", async () => {
  await using world = await FilesWorld.open();
  await world.run(world.client.sendFile("me", someBytes(100_000)));
  const sessions = new Set(world.calls.map(({ caller }) => caller.sessionId));
  assertEquals([world.calls.length, sessions.size], [2, 1]);
});
