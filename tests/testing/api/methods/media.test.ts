/** Sending and editing media: https://core.telegram.org/api/files */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import {
  type ChatWorld,
  chatWorld,
  type Participant,
  peerTo,
  RANGE,
  updatesIn,
} from "../chat_world.ts";
import { assertRefused } from "../fixture.ts";
import { png } from "../images.ts";
import { locationOf, read, uploaded, uploadedDocument } from "../uploads.ts";

const SELF = { _: "inputPeerSelf" };
let randomId = 1n;

function send(by: Participant, peer: TlObject, media: TlObject, message = "A caption"): TlObject {
  const { updates } = by("messages.sendMedia", { peer, media, message, randomId: randomId++ });
  return (updates as TlObject[]).findLast((update) => "message" in update)?.message as TlObject;
}

function photo(by: Participant): TlObject {
  return { _: "inputMediaUploadedPhoto", file: uploaded(by, png(40, 30), "a.png") };
}

/** Ada and Charles, who have a conversation. */
function conversation(): ChatWorld & { readonly peer: TlObject } {
  const world = chatWorld();
  return Object.assign(world, { peer: peerTo(world.ada, "charles_b") });
}

Deno.test("a caption is edited, also to an empty one, and the media stays", () => {
  const { ada, charles, peer } = conversation();
  const { id, media } = send(ada, peer, uploadedDocument(ada));
  charles.pushed();
  ada("messages.editMessage", { peer, id, message: "Better" });
  const [edit] = updatesIn(charles.pushed());
  const message = edit.message as TlObject;
  assertEquals([edit._, message.message], ["updateEditMessage", "Better"]);
  const document = (media as { document: TlObject } & TlObject).document;
  assertEquals((message.media as { document: TlObject } & TlObject).document.id, document.id);
  ada("messages.editMessage", { peer, id, message: "" });
  const again = () => ada("messages.editMessage", { peer, id, message: "" });
  assertRefused(again, 400, "MESSAGE_NOT_MODIFIED");
  const long = () => ada("messages.editMessage", { peer, id, message: "x".repeat(1025) });
  assertRefused(long, 400, "MEDIA_CAPTION_TOO_LONG");
});

Deno.test("the media of a message is replaced, and a text message gets some", () => {
  const { ada, charles, peer } = conversation();
  const { id } = send(ada, peer, uploadedDocument(ada));
  ada("messages.editMessage", { peer, id, media: uploadedDocument(ada, Uint8Array.of(9, 8)) });
  const [edit] = updatesIn(charles.pushed()).slice(-1);
  const { media, message } = edit.message as { media: TlObject } & TlObject;
  assertEquals(message, "A caption");
  assertEquals(read(charles, locationOf(media)), Uint8Array.of(9, 8));
  const text = ada.send(peer, "Hello!");
  ada("messages.editMessage", { peer, id: text.id, media: photo(ada) });
  const [other] = updatesIn(charles.pushed()).slice(-1);
  const edited = other.message as { media: TlObject } & TlObject;
  assertEquals([edited.message, edited.media._], ["Hello!", "messageMediaPhoto"]);
});

Deno.test("an item of an album stays of its kind", () => {
  const { ada } = conversation();
  const items = [1, 2].map(() => {
    const media = ada("messages.uploadMedia", { peer: SELF, media: photo(ada) });
    const id = { ...media.photo as TlObject, _: "inputPhoto" };
    const item = { media: { _: "inputMediaPhoto", id }, randomId: randomId++, message: "" };
    return { _: "inputSingleMedia", ...item };
  });
  const { updates } = ada("messages.sendMultiMedia", { peer: SELF, multiMedia: items });
  const [{ id }] = (updates as TlObject[]).filter(({ _ }) => _ === "updateMessageID");
  const edit = (media: TlObject) => ada("messages.editMessage", { peer: SELF, id, media });
  assertRefused(() => edit(uploadedDocument(ada)), 400, "MEDIA_GROUPED_INVALID");
  edit(photo(ada));
});

Deno.test("a bot uploads media, and sends it to who has written to it", () => {
  const world = chatWorld();
  const { ada, bot } = world;
  ada.send(peerTo(ada, "test_777_bot"), "/start");
  const peer = { _: "inputPeerUser", userId: ada.id, accessHash: 0n };
  const { photo: kept } = bot("messages.uploadMedia", { peer, media: photo(bot) });
  ada.pushed();
  send(bot, peer, { _: "inputMediaPhoto", id: { ...kept as TlObject, _: "inputPhoto" } });
  const [news] = updatesIn(ada.pushed());
  const { media } = news.message as { media: TlObject } & TlObject;
  assertEquals(read(ada, locationOf(media)), png(40, 30));
});

Deno.test("media is found by its form", () => {
  const { ada } = chatWorld();
  const video = (more: Partial<TlObject> = {}) =>
    uploadedDocument(ada, Uint8Array.of(1), [
      { _: "documentAttributeVideo", duration: 1, w: 2, h: 2, ...more },
    ]);
  const audio = (voice: boolean) =>
    uploadedDocument(ada, Uint8Array.of(1), [
      { _: "documentAttributeAudio", duration: 1, voice },
    ]);
  const gif = { ...video(), attributes: [{ _: "documentAttributeAnimated" }] };
  const all = {
    photo: photo(ada),
    video: video(),
    round: video({ roundMessage: true }),
    gif,
    music: audio(false),
    voice: audio(true),
    document: uploadedDocument(ada),
  };
  for (const [name, media] of Object.entries(all)) send(ada, SELF, media, name);
  ada.send(SELF, "text");
  const found = (filter: string): unknown[] => {
    const request = { peer: SELF, q: "", minDate: 0, maxDate: 0, ...RANGE };
    const _ = `inputMessagesFilter${filter}`;
    const { messages } = ada("messages.search", { ...request, filter: { _ } });
    return (messages as TlObject[]).map(({ message }) => message).reverse();
  };
  assertEquals(found("Photos"), ["photo"]);
  assertEquals(found("PhotoVideo"), ["photo", "video"]);
  assertEquals(found("RoundVoice"), ["round", "voice"]);
  assertEquals(found("Gif"), ["gif"]);
  assertEquals(found("Music"), ["music"]);
  assertEquals(found("Document"), ["document"]);
  assertEquals(found("Contacts"), []);
});
