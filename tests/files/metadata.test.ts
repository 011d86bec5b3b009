/** What the bytes of healthy files tell of them, and what Telegram is told when they are sent. */
import type { FileForm } from "../../mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { jpeg, mp4, opus, vorbis, webp } from "./file_heads.ts";
import { FilesWorld } from "./files_world.ts";

type Media = Api.inputMediaUploadedPhoto | Api.inputMediaUploadedDocument;

/** Sends a file, and returns what Telegram was told of it first: a refused photo is sent again. */
async function mediaOf(
  world: FilesWorld,
  bytes: Uint8Array,
  options: { readonly as?: FileForm; readonly name?: string } = {},
): Promise<Media> {
  const { length } = world.requests("messages.sendMedia");
  await world.run(world.client.sendFile("me", bytes, options));
  return world.requests("messages.sendMedia")[length].media as Media;
}

function documentOf(media: Media): Api.inputMediaUploadedDocument {
  assert(media._ === "inputMediaUploadedDocument");
  return media;
}

const images: [what: string, bytes: Uint8Array, mime: string, w: number, h: number][] = [
  ["a JPEG", jpeg(640, 480, 0xc0), "image/jpeg", 640, 480],
  ["a progressive JPEG", jpeg(1280, 720, 0xc2), "image/jpeg", 1280, 720],
  [
    "a JPEG that is upside down",
    jpeg(640, 480, 0xc0, { orientation: 3, order: "MM" }),
    "image/jpeg",
    640,
    480,
  ],
  [
    "a JPEG that is turned to the right",
    jpeg(640, 480, 0xc0, { orientation: 6, order: "II" }),
    "image/jpeg",
    480,
    640,
  ],
  [
    "a JPEG that is turned to the left",
    jpeg(640, 480, 0xc0, { orientation: 8, order: "MM" }),
    "image/jpeg",
    480,
    640,
  ],
  ["a WebP with loss", webp("VP8 ", 320, 200), "image/webp", 320, 200],
  ["a WebP without loss", webp("VP8L", 5000, 3), "image/webp", 5000, 3],
  ["an extended WebP", webp("VP8X", 70_000, 300), "image/webp", 70_000, 300],
];

for (const [what, bytes, mime, w, h] of images) {
  Deno.test(`The size of ${what} is told with it`, async () => {
    await using world = await FilesWorld.open();
    const media = documentOf(await mediaOf(world, bytes, { as: "document" }));
    const fileName = `file.${mime === "image/jpeg" ? "jpg" : "webp"}`;
    assertEquals([media.mimeType, media.attributes], [mime, [
      { _: "documentAttributeFilename", fileName },
      { _: "documentAttributeImageSize", w, h },
    ]]);
  });
}

Deno.test("A JPEG and a WebP are sent as photos", async () => {
  await using world = await FilesWorld.open();
  for (const bytes of [jpeg(640, 480, 0xc0), webp("VP8 ", 320, 200)]) {
    assertEquals((await mediaOf(world, bytes))._, "inputMediaUploadedPhoto");
  }
});

const plain = { brand: "isom", version: 0, scale: 1000, length: 12_500, size: [640, 360] } as const;
type Video = [bytes: Uint8Array, mime: string, duration: number, w: number, h: number];
const videos: Record<string, Video> = {
  "whose head is at its end": [mp4(plain), "video/mp4", 12.5, 640, 360],
  "whose head is at its beginning": [
    mp4({ ...plain, isFast: true }),
    "video/mp4",
    12.5,
    640,
    360,
  ],
  "with times of 64 bits": [
    mp4({ ...plain, version: 1, scale: 90_000, length: 270_000 }),
    "video/mp4",
    3,
    640,
    360,
  ],
  "that a telephone took upright": [
    mp4({ ...plain, isTurned: true }),
    "video/mp4",
    12.5,
    360,
    640,
  ],
  "of QuickTime": [mp4({ ...plain, brand: "qt  " }), "video/quicktime", 12.5, 640, 360],
};

for (const [what, [bytes, mime, duration, w, h]] of Object.entries(videos)) {
  Deno.test(`The size and duration of a video ${what} are told with it`, async () => {
    await using world = await FilesWorld.open();
    const media = documentOf(await mediaOf(world, bytes));
    const fileName = `file.${mime === "video/mp4" ? "mp4" : "mov"}`;
    assertEquals([media.mimeType, media.forceFile, media.attributes], [mime, undefined, [
      { _: "documentAttributeFilename", fileName },
      { _: "documentAttributeVideo", duration, w, h, supportsStreaming: true },
    ]]);
  });
}

Deno.test("A video without its head is sent as a document, not as one of 0:00", async () => {
  await using world = await FilesWorld.open();
  const bytes = mp4(plain).subarray(0, 4000);
  const media = documentOf(await mediaOf(world, bytes));
  assertEquals([media.mimeType, media.forceFile, media.attributes.length], ["video/mp4", true, 1]);
});

const sounds: [what: string, bytes: Uint8Array, mime: string, duration: number, name: string][] = [
  // 5.4 seconds of 48,000 samples, whatever rate the file names; those of the pre-skip not counted.
  ["an Opus sound", opus(5.4 * 48_000, 30_000), "audio/ogg", 5, "file.ogg"],
  ["a Vorbis sound", vorbis(7 * 44_100, 44_100), "audio/ogg", 7, "file.ogg"],
  [
    "an MP4 sound",
    mp4({ brand: "M4A ", version: 0, scale: 44_100, length: 44_100 * 9 }),
    "audio/mp4",
    9,
    "file.m4a",
  ],
];

for (const [what, bytes, mime, duration, fileName] of sounds) {
  Deno.test(`The duration of ${what} is told with it`, async () => {
    await using world = await FilesWorld.open();
    const filename = { _: "documentAttributeFilename", fileName } as const;
    const audio = { _: "documentAttributeAudio", duration } as const;
    const media = documentOf(await mediaOf(world, bytes));
    assertEquals([media.mimeType, media.attributes], [mime, [filename, audio]]);
    const voice = documentOf(await mediaOf(world, bytes, { as: "voice" }));
    assertEquals(voice.attributes, [filename, { ...audio, voice: true }]);
  });
}
