/** Sending files: how they are shown, albums, media that exists. */
import { type Message, RpcError, type SendableFile } from "../../mod.ts";
import { pathSvg, strippedJpeg } from "../../src/files/transfers/inline_images.ts";
import { fileIn } from "../../src/files/transfers/media.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

/** A PNG image of this size, as far as its head. */
function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(200);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

function text(value: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(value);
}

function documentOf({ media }: Message): Api.document {
  assert(media?._ === "messageMediaDocument" && media.document?._ === "document");
  return media.document;
}

function nameOf(message: Message): string | undefined {
  const name = documentOf(message).attributes.find(({ _ }) => _ === "documentAttributeFilename");
  return name?._ === "documentAttributeFilename" ? name.fileName : undefined;
}

Deno.test("A file is sent from every form that a platform has", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  const bytes = text("Hello, files!");
  const path = await Deno.makeTempFile({ suffix: ".txt" });
  await Deno.writeFile(path, bytes);
  const headers = { "content-disposition": 'attachment; filename="a b.txt"' };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes.subarray(0, 5));
    yield bytes.subarray(5);
  }
  const base = path.split("/").at(-1);
  const sources: [source: SendableFile, name: string | undefined, mime: string][] = [
    [bytes, "file.txt", "text/plain"],
    [bytes.slice().buffer, "file.txt", "text/plain"],
    [new Blob([bytes], { type: "text/csv" }), "file.csv", "text/csv"],
    [new File([bytes], "notes.md"), "notes.md", "text/markdown"],
    [new Blob([bytes]).stream(), "file.txt", "text/plain"],
    [pieces(), "file.txt", "text/plain"],
    [[bytes.subarray(0, 3), bytes.subarray(3)].values(), "file.txt", "text/plain"],
    [new Response(bytes, { headers }), "a b.txt", "text/plain"],
    [new URL(`data:text/html,${encodeURIComponent("Hello, files!")}`), "file.html", "text/html"],
    [new URL(`file://${path}`), base, "text/plain"],
    [path, base, "text/plain"],
  ];
  for (const [source, name, mime] of sources) {
    const message = await world.run(client.sendFile("me", source));
    assertEquals([
      nameOf(message)?.replace(/^[^.]*Hello.*\./, "file."),
      documentOf(message).mimeType,
    ], [
      name,
      mime,
    ]);
    assertEquals(await world.run(bytesOf(client.download(message))), bytes);
  }
  await Deno.remove(path);
});

Deno.test("What is no file is refused by name, before a call", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  const wrong: [unknown, string][] = [
    [undefined, "Cannot upload a value of type undefined"],
    [5, "Cannot upload a value of type number"],
    [{ path: "x" }, "Cannot upload a value of type object"],
    ["/no/such/file", "there is no such file"],
    ["/", "it is a folder"],
    [new Response(null), "a Response without a body"],
    [new Response("Not Found", { status: 404 }), "a Response of status 404"],
    [Response.error(), "a Response of status 0"],
    ["/dev/zero", "it is a pipe or a device"],
  ];
  for (const [source, said] of wrong) {
    await assertRejects(() => client.sendFile("me", source as Uint8Array), TypeError, said);
  }
  const options: [object, string][] = [
    [{ captoin: "x" }, '"captoin"'],
    [{ as: "picture" }, 'as "picture"'],
    [{ linkPreview: false }, "linkPreview"],
  ];
  for (const [option, said] of options) {
    await assertRejects(() => client.sendFile("me", text("x"), option), TypeError, said);
  }
  assertEquals(world.calls, []);
});

Deno.test("An address gives a name, and no error shows what may be secret in it", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    ({ url }) =>
      url.includes("bot777") ? new Response(null, { status: 404 }) : new Response("Hello"),
  );
  const host = `http://localhost:${server.addr.port}`;
  const named = await client.upload(new URL(`${host}/My%20File%2E.txt`));
  assertEquals(named.name, "My File..txt");
  assertEquals((await client.upload(new URL(`data:text/plain,a/b`))).name, "file.txt");
  for (
    const [address, text] of [
      [`${host}/file/bot777:TOKEN/x?key=KEY`, "the server answered 404"],
      ["http://localhost:9/file/bot777:TOKEN/x?key=KEY", "cannot be fetched"],
      ["file:///no/such/100%", "there is no such file"],
    ]
  ) {
    const error = await assertRejects(() => client.upload(new URL(address)), TypeError, text);
    assertEquals(/TOKEN|KEY/.test(Deno.inspect(error)), false);
  }
});

Deno.test("A path of a pipe is refused at once: nobody may write to it", async () => {
  await using world = await FilesWorld.open();
  const folder = await Deno.makeTempDir();
  const path = `${folder}/pipe`;
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assert(success);
  await assertRejects(() => world.client.sendFile("me", path), TypeError, "it is a pipe");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("A Response of an error is sent if a program passes its body", async () => {
  await using world = await FilesWorld.open();
  const { body } = new Response("Not Found", { status: 404 });
  assert(body !== null);
  const message = await world.run(world.client.sendFile("me", body));
  assertEquals(await world.run(bytesOf(world.client.download(message))), text("Not Found"));
});

Deno.test("A name loses the folders before it, and one of nothing else is refused", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  for (const name of ["a/b/photo.txt", "C:\\a\\photo.txt", "../photo.txt", "photo.txt"]) {
    assertEquals((await client.upload(text("x"), { name })).name, "photo.txt");
  }
  assertEquals((await client.upload(text("x"), { name: ".photo" })).name, ".photo");
  const { length } = world.calls;
  for (const name of ["", "/", "a/b/", "..", "a/."]) {
    await assertRejects(() => client.sendFile("me", text("x"), { name }), TypeError, "its name is");
  }
  assertEquals(world.calls.length, length);
});

Deno.test("A text that is no path is refused, and not shown", async () => {
  await using world = await FilesWorld.open();
  const texts = [
    "https://x.example/a?token=KEY",
    "data:,KEY",
    "",
    "KEY\nKEY",
    "KEY\0",
    "KEY".repeat(2e4),
  ];
  for (const text of texts) {
    const error = await assertRejects(
      () => world.client.upload(text),
      TypeError,
      "Cannot upload a",
    );
    assertEquals(Deno.inspect(error).includes("KEY"), false);
  }
});

Deno.test("An image is sent as a photo, one that Telegram cannot show as a document", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  const photo = await world.run(client.sendFile("me", png(640, 480), { caption: "Rome" }));
  assertEquals([photo.media?._, photo.text], ["messageMediaPhoto", "Rome"]);
  assertEquals(await world.run(bytesOf(client.download(photo))), png(640, 480));
  const long = await world.run(client.sendFile("me", png(9000, 10)));
  assertEquals(documentOf(long).mimeType, "image/png");
  assertEquals(world.requests("upload.saveFilePart").length, 2);
  const forced = client.sendFile("me", png(9000, 10), { as: "photo" });
  const error = await assertRejects(() => world.run(forced), RpcError);
  assertEquals(error.errorMessage, "PHOTO_INVALID_DIMENSIONS");
  const plain = await world.run(client.sendFile("me", png(640, 480), { as: "document" }));
  assertEquals(documentOf(plain).attributes.map(({ _ }) => _), [
    "documentAttributeFilename",
    "documentAttributeImageSize",
  ]);
});

Deno.test("Media that exists is sent again without an upload", async () => {
  await using world = await FilesWorld.open();
  const { client, telegram } = world;
  const first = await world.run(client.sendFile("me", text("once")));
  const uploads = world.requests("upload.saveFilePart").length;
  const again = await world.run(client.sendFile("me", first, { caption: "again" }));
  assertEquals(documentOf(again).id, documentOf(first).id);
  telegram.api.expireFileReferences();
  const third = await world.run(client.sendFile("me", first));
  assertEquals(documentOf(third).id, documentOf(first).id);
  assertEquals(world.requests("upload.saveFilePart").length, uploads);
});

Deno.test("An uploaded file is sent to many with one upload", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  const file = await world.run(client.upload(text("to all"), { name: "all.txt" }));
  for (let n = 0; n < 3; n++) {
    const message = await world.run(client.sendFile("me", file));
    assertEquals(nameOf(message), "all.txt");
  }
  assertEquals(world.requests("upload.saveFilePart").length, 1);
});

Deno.test("An album is one call, after each file has passed messages.uploadMedia", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  const photos = Array.from({ length: 10 }, (_, n) => png(100 + n, 100));
  const messages = await world.run(client.sendFile("me", photos, { caption: "Rome" }));
  assertEquals(messages.length, 10);
  assertEquals(new Set(messages.map(({ groupedId }) => groupedId)).size, 1);
  assertEquals(messages.map(({ text }) => text), ["Rome", ...Array(9).fill("")]);
  assertEquals(world.requests("messages.uploadMedia").length, 10);
  assertEquals(world.requests("messages.sendMultiMedia").length, 1);
  const again = await world.run(client.sendFile("me", messages.slice(0, 2)));
  assertEquals(again.length, 2);
  assertEquals(world.requests("messages.uploadMedia").length, 10);
});

Deno.test("An album has one to ten files of kinds that mix", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  const [one] = await world.run(client.sendFile("me", [{ file: text("1"), caption: "own" }]));
  assertEquals([one.groupedId, one.text], [undefined, "own"]);
  assertEquals(world.requests("messages.sendMedia").length, 1);
  await assertRejects(() => client.sendFile("me", []), TypeError, "expected 1 to 10");
  await assertRejects(() => client.sendFile("me", Array(11).fill(text("1"))), TypeError, "1 to 10");
  await assertRejects(
    () => client.sendFile("me", [text("1"), text("2")], { buttons: [["Yes"]] }),
    TypeError,
    "an album with buttons",
  );
  const mixed = client.sendFile("me", [png(10, 10), text("1")]);
  const error = await assertRejects(() => world.run(mixed), RpcError);
  assertEquals(error.errorMessage, "MEDIA_INVALID");
});

Deno.test("A file of an album that fails ends the uploads of the others", async () => {
  await using world = await FilesWorld.open();
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(someBytes(600_000)),
    cancel: () => void (cancelled = true),
  });
  world.answer = () => new Promise(() => {});
  const sending = world.client.sendFile("me", [endless, new Uint8Array(0)]);
  await assertRejects(() => world.run(sending), RangeError, "it is empty");
  assertEquals(cancelled, true);
});

Deno.test("A caption has its format, its buttons and what it replies to", async () => {
  await using world = await FilesWorld.open();
  const { client } = world;
  const caption = { text: "bold", entities: [{ _: "messageEntityBold", offset: 0, length: 4 }] };
  const first = await world.run(client.sendFile("me", text("1"), { caption: caption as never }));
  assertEquals(first.entities[0]?._, "messageEntityBold");
  const reply = await world.run(
    client.sendFile("me", text("2"), { replyTo: first.id, silent: true }),
  );
  assertEquals([reply.replyToId, reply.raw.silent], [first.id, true]);
});

Deno.test("Sizes of a photo that come as bytes need no call", () => {
  const photo: Api.photo = {
    _: "photo",
    id: 1n,
    accessHash: 2n,
    fileReference: new Uint8Array(1),
    date: 0,
    dcId: 4,
    sizes: [
      { _: "photoStrippedSize", type: "i", bytes: Uint8Array.of(1, 20, 30, 7, 8) },
      { _: "photoPathSize", type: "j", bytes: Uint8Array.of(12, 128 + 34, 192 + 51) },
      { _: "photoCachedSize", type: "s", w: 10, h: 10, bytes: Uint8Array.of(9) },
      { _: "photoSize", type: "x", w: 800, h: 600, size: 500 },
      { _: "photoSizeProgressive", type: "y", w: 1280, h: 960, sizes: [100, 900, 2000] },
    ],
  };
  const stripped = fileIn(photo, "i");
  assert("bytes" in stripped);
  assertEquals([stripped.bytes[164], stripped.bytes[166], stripped.bytes.length], [20, 30, 627]);
  assertEquals(strippedJpeg(Uint8Array.of(2, 1, 1)), undefined);
  const path = fileIn(photo, "j");
  assert("bytes" in path);
  assertEquals(new TextDecoder().decode(path.bytes).includes('d="M12,34zz"'), true);
  assertEquals(pathSvg(new Uint8Array(0)).length > 0, true);
  assertEquals(fileIn(photo, "s"), { bytes: Uint8Array.of(9) });
  assertEquals(fileIn(photo, "smallest"), { bytes: Uint8Array.of(9) });
  const whole = fileIn(photo);
  assert("location" in whole && whole.location._ === "inputPhotoFileLocation");
  assertEquals([whole.location.thumbSize, whole.size, whole.dcId], ["y", 2000, 4]);
  assertThrows(() => fileIn(photo, "w"), TypeError, 'no image of the type "w", only "i", "j"');
});

const STREAM = runs(5, 20);

Deno.test(`A stream of ${STREAM} MiB is sent, and never in memory as a whole`, async () => {
  await using world = await FilesWorld.open();
  let read = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (read === 2 * STREAM) return controller.close();
      controller.enqueue(someBytes(512 * 1024, read++));
    },
  }, { highWaterMark: 0 });
  const message = await world.run(world.client.sendFile("me", stream, { name: "long.bin" }));
  assertEquals(documentOf(message).size, BigInt(STREAM * 1024 * 1024));
});
