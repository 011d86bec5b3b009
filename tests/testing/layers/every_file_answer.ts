/**
 * The answers and updates of the offline API about files.
 */
import type { OfflineApi } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { caller, PHONE } from "../api/fixture.ts";
import { png } from "../api/images.ts";
import type { Answer } from "./every_answer.ts";

const SELF = { _: "inputPeerSelf" };

/** Calls the methods of files. */
export function everyFileAnswer(api: OfflineApi, answers: Answer[]): void {
  const session = caller({ authKeyId: "f9" });
  api.signIn(PHONE, session);
  const ada = (method: string, params: Partial<TlObject> = {}): TlObject => {
    const value = api.handle({ _: method, ...params }, session);
    answers.push({ method, value });
    return value as TlObject;
  };
  let last = 100n;
  const file = (bytes: Uint8Array, name: string): TlObject => {
    const id = last++;
    ada("upload.saveFilePart", { fileId: id, filePart: 0, bytes });
    return { _: "inputFile", id, parts: 1, name, md5Checksum: "" };
  };
  const attributes = [
    { _: "documentAttributeFilename", fileName: "a.mp4" },
    { _: "documentAttributeVideo", duration: 1.5, w: 16, h: 9, supportsStreaming: true },
    { _: "documentAttributeAnimated" },
  ];
  const photo = (): TlObject => ({ _: "inputMediaUploadedPhoto", file: file(png(4, 3), "a.png") });
  const document = (): TlObject => ({
    _: "inputMediaUploadedDocument",
    file: file(Uint8Array.of(1, 2, 3), "a.mp4"),
    thumb: file(png(2, 2), "thumb.png"),
    mimeType: "video/mp4",
    attributes,
  });
  const send = (media: TlObject): void => {
    ada("messages.sendMedia", { peer: SELF, media, message: "A caption", randomId: last++ });
  };
  send(photo());
  send(document());
  const voice = {
    _: "documentAttributeAudio",
    voice: true,
    duration: 3,
    waveform: new Uint8Array(5),
  };
  send({ ...document(), mimeType: "audio/ogg", attributes: [voice] });
  const media = ada("messages.uploadMedia", { peer: SELF, media: photo() });
  const { id, accessHash, fileReference } = media.photo as TlObject;
  const known = { id, accessHash, fileReference };
  const input = { _: "inputMediaPhoto", id: { _: "inputPhoto", ...known } };
  const multiMedia = [1, 2].map((index) => ({
    _: "inputSingleMedia",
    media: input,
    randomId: last++,
    message: `${index}`,
  }));
  ada("messages.sendMultiMedia", { peer: SELF, multiMedia });
  const [{ type: thumbSize }] = (media.photo as { sizes: TlObject[] } & TlObject).sizes;
  const location = { _: "inputPhotoFileLocation", ...known, thumbSize };
  ada("upload.getFile", { location, offset: 0n, limit: 4096 });
  ada("upload.getFileHashes", { location, offset: 0n });
  everyPhotoAnswer(ada, () => file(png(160, 160), "me.png"));
}

/** Calls the methods of the photos of users and chats. */
function everyPhotoAnswer(
  ada: (method: string, params: Partial<TlObject>) => TlObject,
  file: () => TlObject,
): void {
  const { photo } = ada("photos.uploadProfilePhoto", { file: file() });
  ada("photos.uploadProfilePhoto", { file: file() });
  const userId = { _: "inputUserSelf" };
  ada("photos.getUserPhotos", { userId, offset: 0, maxId: 0n, limit: 1 });
  ada("photos.getUserPhotos", { userId, offset: 0, maxId: 0n, limit: 10 });
  ada("users.getFullUser", { id: userId });
  ada("photos.updateProfilePhoto", { id: { ...photo as TlObject, _: "inputPhoto" } });
  ada("photos.deletePhotos", { id: [] });
  ada("photos.updateProfilePhoto", { id: { _: "inputPhotoEmpty" } });
  const made = ada("channels.createChannel", { megagroup: true, title: "Photos", about: "" });
  const [channel] = made.chats as TlObject[];
  const input = { _: "inputChannel", channelId: channel.id, accessHash: channel.accessHash };
  const uploaded = { _: "inputChatUploadedPhoto", file: file() };
  ada("channels.editPhoto", { channel: input, photo: uploaded });
  ada("channels.getFullChannel", { channel: input });
  ada("channels.editPhoto", { channel: input, photo: { _: "inputChatPhotoEmpty" } });
}
