/** The photos of users and chats: https://core.telegram.org/api/files */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import {
  asInput,
  basicGroup,
  chatWorld,
  type Participant,
  peerTo,
  supergroup,
  updatesIn,
} from "../chat_world.ts";
import { assertRefused } from "../fixture.ts";
import { png } from "../images.ts";
import { locationOf, read, uploaded, uploadedDocument } from "../uploads.ts";

const SELF = { _: "inputUserSelf" };
const ALL = { userId: SELF, offset: 0, maxId: 0n, limit: 0 };

/** Uploads a profile photo of a number of extra bytes. Returns the photo. */
function newPhoto(by: Participant, more: number): TlObject {
  const file = uploaded(by, png(200, 160, more), "me.png");
  return by("photos.uploadProfilePhoto", { file }).photo as TlObject;
}

function inputOf({ id, accessHash, fileReference }: TlObject): TlObject {
  return { _: "inputPhoto", id, accessHash, fileReference };
}

function idsOf(found: TlObject): unknown[] {
  return (found.photos as TlObject[]).map(({ id }) => id);
}

Deno.test("a profile photo is in the user, and its bytes are found by the peer", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  charles.send(peerTo(charles, "ada_l"), "Hello!");
  for (const one of [ada, charles]) one.pushed();
  const photo = newPhoto(ada, 7);
  assertEquals(updatesIn(charles.pushed()), [{ _: "updateUser", userId: ada.id }]);
  const peer = peerTo(charles, "ada_l");
  const [user] = charles("users.getUsers", { id: [asInput(peer)] }) as unknown as TlObject[];
  assertEquals(user.photo, { _: "userProfilePhoto", photoId: photo.id, dcId: 2 });
  const small = { _: "inputPeerPhotoFileLocation", peer, photoId: photo.id };
  for (const location of [small, { ...small, big: true }, locationOf(photo)]) {
    assertEquals(read(charles, location), png(200, 160, 7));
  }
  const min = { ...peer, accessHash: ~(peer.accessHash as bigint) };
  assertEquals(read(charles, { ...small, peer: min }).length, 40);
  assertRefused(() => read(charles, { ...small, photoId: 1n }), 400, "LOCATION_INVALID");
});

Deno.test("profile photos are listed, chosen and deleted", () => {
  const { ada } = chatWorld();
  const [first, second, third] = [1, 2, 3].map((more) => newPhoto(ada, more));
  const all = ada("photos.getUserPhotos", ALL);
  assertEquals([all._, ...idsOf(all)], ["photos.photos", third.id, second.id, first.id]);
  const page = ada("photos.getUserPhotos", { ...ALL, offset: 1, limit: 1 });
  assertEquals([page._, page.count, ...idsOf(page)], ["photos.photosSlice", 3, second.id]);
  ada("photos.updateProfilePhoto", { id: inputOf(first) });
  assertEquals(idsOf(ada("photos.getUserPhotos", ALL)), [first.id, third.id, second.id]);
  const { fullUser } = ada("users.getFullUser", { id: SELF }) as { fullUser: TlObject } & TlObject;
  assertEquals((fullUser.profilePhoto as TlObject).id, first.id);
  const gone = ada("photos.deletePhotos", { id: [inputOf(third), inputOf(first)] });
  assertEquals(gone as unknown, [third.id, first.id]);
  assertEquals(idsOf(ada("photos.getUserPhotos", ALL)), [second.id]);
  const { photo } = ada("photos.updateProfilePhoto", { id: { _: "inputPhotoEmpty" } });
  assertEquals((photo as TlObject)._, "photoEmpty");
});

Deno.test("a profile photo that is too small, no image or missing is refused", () => {
  const { ada } = chatWorld();
  const upload = (bytes: Uint8Array, name = "me.png") =>
    ada("photos.uploadProfilePhoto", { file: uploaded(ada, bytes, name) });
  assertRefused(() => upload(png(159, 300)), 400, "PHOTO_CROP_SIZE_SMALL");
  assertRefused(() => upload(Uint8Array.of(1)), 400, "IMAGE_PROCESS_FAILED");
  assertRefused(() => upload(png(200, 200), "me.txt"), 400, "PHOTO_EXT_INVALID");
  assertRefused(() => ada("photos.uploadProfilePhoto"), 400, "PHOTO_CROP_FILE_MISSING");
  const unknown = { _: "inputPhoto", id: 1n, accessHash: 1n, fileReference: new Uint8Array(0) };
  const choose = () => ada("photos.updateProfilePhoto", { id: unknown });
  assertRefused(choose, 400, "PHOTO_ID_INVALID");
});

Deno.test("an administrator changes the photo of a supergroup, and members are told", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const peer = supergroup(world);
  const channel = asInput(peer);
  const photo = { _: "inputChatUploadedPhoto", file: uploaded(ada, png(160, 160, 9), "a.png") };
  const edit = (by: Participant, photo: TlObject) => by("channels.editPhoto", { channel, photo });
  assertRefused(() => edit(charles, photo), 400, "CHAT_ADMIN_REQUIRED");
  const { chats } = edit(ada, photo) as { chats: TlObject[] } & TlObject;
  const { photoId } = chats[0].photo as TlObject;
  const [news] = updatesIn(charles.pushed());
  const { action } = news.message as { action: TlObject } & TlObject;
  assertEquals(action._, "messageActionChatEditPhoto");
  assertEquals((action.photo as TlObject).id, photoId);
  const location = { _: "inputPeerPhotoFileLocation", peer, photoId };
  assertEquals(read(charles, location), png(160, 160, 9));
  const { fullChat } = charles("channels.getFullChannel", { channel }) as {
    fullChat: TlObject;
  } & TlObject;
  assertEquals(read(charles, locationOf(fullChat.chatPhoto as TlObject)).length, 42);
  const none = edit(ada, { _: "inputChatPhotoEmpty" }).chats as TlObject[];
  assertEquals(none[0].photo, { _: "chatPhotoEmpty" });
  const again = () => edit(ada, { _: "inputChatPhotoEmpty" });
  assertRefused(again, 400, "CHAT_NOT_MODIFIED");
});

Deno.test("the photo of a basic group is one that the server has", () => {
  const world = chatWorld();
  const { ada, charles } = world;
  const { chatId } = basicGroup(world);
  const id = inputOf(newPhoto(ada, 3));
  const edit = (photo: TlObject) => ada("messages.editChatPhoto", { chatId, photo });
  edit({ _: "inputChatPhoto", id, crop: { _: "inputPhotoCropAuto" } });
  const { fullChat } = charles("messages.getFullChat", { chatId }) as {
    fullChat: TlObject;
  } & TlObject;
  assertEquals(read(charles, locationOf(fullChat.chatPhoto as TlObject)).length, 36);
  const document = ada("messages.uploadMedia", {
    peer: { _: "inputPeerSelf" },
    media: uploadedDocument(ada),
  }).document as TlObject;
  const wrong = { _: "inputChatPhoto", id: inputOf(document) };
  assertRefused(() => edit(wrong), 400, "PHOTO_INVALID");
});
