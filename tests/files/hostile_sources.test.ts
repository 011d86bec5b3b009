/** Files of strangers, servers that name odd types, and addresses of other machines. */
import type { Message, SendableFile } from "../../mod.ts";
import { RpcFailure } from "../../src/testing/mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}

/** A PNG image of this size, as far as its head. */
function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(200);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

/** An Ogg file with this head, whose last page has this number. */
function ogg(head: string, samples: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(600);
  bytes.set(text("OggS"), 0);
  bytes.set(text(head), 28);
  bytes.set(text("OggS"), 300);
  new DataView(bytes.buffer).setBigInt64(306, samples, true);
  return bytes;
}

function documentOf({ media }: Message): { readonly mimeType: string } {
  assert(media?._ === "messageMediaDocument" && media.document?._ === "document");
  return media.document;
}

const damaged: [what: string, bytes: Uint8Array, mime: string][] = [
  ["an image of 4294967295 pixels", png(0xffffffff, 5), "image/png"],
  ["a sound of endless length", ogg("\x01vorbis", 5000n), "audio/ogg"],
  ["a sound of a million years", ogg("OpusHead", 2n ** 62n), "audio/ogg"],
];

for (const [what, bytes, mime] of damaged) {
  Deno.test(`A damaged file that names ${what} is sent all the same`, async () => {
    await using world = await FilesWorld.open();
    const message = await world.run(world.client.sendFile("me", bytes));
    assertEquals(documentOf(message).mimeType, mime);
  });
}

const types: [type: string, media: string][] = [
  ["", "messageMediaPhoto"],
  ["; charset=utf-8", "messageMediaPhoto"],
  ["IMAGE/PNG", "messageMediaPhoto"],
  ["image/jpg", "messageMediaPhoto"],
  ["picture", "messageMediaPhoto"],
  ["Text/Plain; charset=utf-8", "messageMediaDocument"],
];

for (const [type, media] of types) {
  Deno.test(`An image of the type "${type}" is sent as what it is`, async () => {
    await using world = await FilesWorld.open();
    const headers = { "content-type": type };
    const sources: [SendableFile, object][] = [
      [new Response(png(9, 9), { headers }), {}],
      [png(9, 9), { mime: type }],
    ];
    for (const [source, options] of sources) {
      const message = await world.run(world.client.sendFile("me", source, options));
      assertEquals(message.media?._, media);
      if (media === "messageMediaDocument") {
        assertEquals(documentOf(message).mimeType, "text/plain");
      }
    }
  });
}

Deno.test("A file that has changed is not mixed with the parts that were sent before", async () => {
  await using world = await FilesWorld.open();
  const path = await Deno.makeTempFile();
  for (const [length, hours] of [[500_000, 0], [600_000, 1]]) {
    await Deno.writeFile(path, someBytes(600_000));
    const file = await world.run(world.client.upload(path));
    await Deno.writeFile(path, someBytes(length, 2));
    await Deno.utime(path, new Date(), new Date(Date.now() + hours * 3_600_000));
    world.answer = ({ request }) => {
      if (request._ === "messages.sendMedia") throw new RpcFailure(400, "FILE_PART_2_MISSING");
    };
    const sending = world.client.sendFile("me", file);
    await assertRejects(() => world.run(sending), Error, "the file has changed meanwhile");
  }
  await Deno.remove(path);
});

Deno.test("A file: address of another machine is refused, not read from this one", async () => {
  await using world = await FilesWorld.open();
  const path = await Deno.makeTempFile();
  await Deno.writeFile(path, text("mine"));
  for (const url of [new URL(`file://server${path}`), new URL(`file://${path}%2F`)]) {
    await assertRejects(() => world.client.upload(url), TypeError, "Pass the path as text");
  }
  assertEquals((await world.client.upload(new URL(`file://${path}`))).size, 4);
  await Deno.remove(path);
});

Deno.test("An address whose answer breaks off says so, without its path", async () => {
  await using world = await FilesWorld.open();
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const answering = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(1000));
    await connection.write(text("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n0123456789"));
  })();
  const { hostname, port } = listener.addr as Deno.NetAddr;
  const url = new URL(`http://${hostname}:${port}/secret?token=secret`);
  const error = await assertRejects(
    () => world.client.upload(url),
    TypeError,
    `Cannot upload "http://${hostname}:${port}/…": the answer broke off.`,
  );
  assert(!error.message.includes("secret"));
  await answering;
});

function* inPieces(bytes: Uint8Array): Generator<Uint8Array> {
  const piece = new Uint8Array(Math.min(bytes.length, 7777));
  yield new Uint8Array(0);
  yield bytes.subarray(0, 3);
  for (let at = 3; at < bytes.length; at += piece.length) {
    const next = bytes.subarray(at, at + piece.length);
    piece.set(next); // the same bytes again and again
    yield piece.subarray(0, next.length);
  }
}

Deno.test("A photo of unknown size is not sent as a big file, another stream is", async () => {
  await using world = await FilesWorld.open();
  const photo = new Uint8Array(700_000);
  photo.set(png(640, 480));
  const large = new Uint8Array(11_000_000);
  large.set(png(640, 480));
  for (
    const [bytes, file, media] of [
      [photo, "inputFile", "inputMediaUploadedPhoto"],
      [png(9, 9), "inputFile", "inputMediaUploadedPhoto"],
      [large, "inputFileBig", "inputMediaUploadedDocument"],
      [text("Hello"), "inputFileBig", "inputMediaUploadedDocument"],
      [someBytes(700_000), "inputFileBig", "inputMediaUploadedDocument"],
    ] as const
  ) {
    const message = await world.run(world.client.sendFile("me", inPieces(bytes)));
    const sent = world.requests("messages.sendMedia").at(-1)?.media as Api.inputMediaUploadedPhoto;
    assertEquals([sent.file._, sent._], [file, media]);
    assertSameBytes(await world.run(bytesOf(world.client.download(message))), bytes);
  }
});

Deno.test("A photo that stalls in its stream is given up with the signal", async () => {
  await using world = await FilesWorld.open();
  let reason: unknown;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(png(9, 9)),
    cancel: (why) => void (reason = why),
  });
  const abort = new AbortController();
  const uploading = world.client.upload(stream, { signal: abort.signal });
  uploading.catch(() => {});
  await world.clock.advance(100);
  abort.abort(new Error("enough"));
  await assertRejects(() => world.run(uploading), Error, "enough");
  assertEquals([(reason as Error).message, world.calls.length], ["enough", 0]);
});

Deno.test("The length that another site names is not believed: it may be packed", async () => {
  await using world = await FilesWorld.open();
  const response = new Response("Hello, files!", { headers: { "content-length": "5" } });
  Object.defineProperty(response, "type", { value: "cors" });
  assertEquals((await world.run(world.client.upload(response))).size, 13);
});
