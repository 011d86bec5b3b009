/**
 * Photos and documents in the form of TL: https://core.telegram.org/api/files
 */
import type { Api } from "../../../tl/mod.ts";
import type { Files, StoredFile } from "../state/files.ts";

/** The media of a message. */
export interface StoredMedia {
  readonly file: StoredFile;
  readonly spoiler?: boolean;
}

/** Returns the media of a message, with a fresh file reference. */
export function mediaObject({ file, spoiler }: StoredMedia, files: Files): Api.MessageMedia {
  if (file.kind === "photo") {
    return { _: "messageMediaPhoto", spoiler, photo: photoObject(file, files) };
  }
  const video = file.attributes.find((one) => one._ === "documentAttributeVideo");
  const audio = file.attributes.find((one) => one._ === "documentAttributeAudio");
  return {
    _: "messageMediaDocument",
    spoiler,
    video: video !== undefined || undefined,
    round: video?.roundMessage || undefined,
    voice: audio?.voice || undefined,
    document: documentObject(file, files),
  };
}

/** How media is shown. */
export type MediaForm =
  | "photo"
  | "video"
  | "round"
  | "animation"
  | "music"
  | "voice"
  | "sticker"
  | "document"
  | "other";

/** Returns how media is shown: its attributes tell. */
export function mediaForm(media: Api.MessageMedia): MediaForm {
  if (media._ === "messageMediaPhoto") return "photo";
  if (media._ !== "messageMediaDocument" || media.document?._ !== "document") return "other";
  const { attributes } = media.document;
  const has = (name: string): boolean => attributes.some(({ _ }) => _ === name);
  if (has("documentAttributeSticker")) return "sticker";
  if (has("documentAttributeAnimated")) return "animation";
  if (has("documentAttributeVideo")) return media.round ? "round" : "video";
  if (has("documentAttributeAudio")) return media.voice ? "voice" : "music";
  return "document";
}

/** Returns a photo. It has one size, as this server cannot draw smaller ones. */
export function photoObject(file: StoredFile, files: Files): Api.photo {
  const { id, accessHash, date, dcId, width: w, height: h, bytes: { size } } = file;
  return {
    _: "photo",
    id,
    accessHash,
    fileReference: files.reference(file),
    date,
    sizes: [{ _: "photoSize", type: sizeType(file), w, h, size }],
    dcId,
  };
}

/** Returns a document. */
export function documentObject(file: StoredFile, files: Files): Api.document {
  const { id, accessHash, date, dcId, mime: mimeType, attributes, bytes, thumb } = file;
  return {
    _: "document",
    id,
    accessHash,
    fileReference: files.reference(file),
    date,
    mimeType,
    size: BigInt(bytes.size),
    thumbs: thumb && [{ _: "photoSize", type: "m", w: 320, h: 320, size: thumb.size }],
    dcId,
    attributes: [...attributes],
  };
}

/** Returns the photo of a user as its others see it in `user`. */
export function userPhotoObject(file: StoredFile | undefined): Api.UserProfilePhoto | undefined {
  return file && { _: "userProfilePhoto", photoId: file.id, dcId: file.dcId };
}

/** Returns the photo of a group or channel as its members see it in `chat` and `channel`. */
export function chatPhotoObject(file: StoredFile | undefined): Api.ChatPhoto {
  if (file === undefined) return { _: "chatPhotoEmpty" };
  return { _: "chatPhoto", photoId: file.id, dcId: file.dcId };
}

/** Returns the photo of a user or chat in full; an empty one, if there is none. */
export function profilePhotoObject(file: StoredFile | undefined, files: Files): Api.Photo {
  return file === undefined ? { _: "photoEmpty", id: 0n } : photoObject(file, files);
}

/** Returns the type of a size: the box that the image fits in. Photos of users are squares. */
export function sizeType({ width, height, isProfile }: StoredFile): string {
  if (isProfile) return "c";
  const longest = Math.max(width, height);
  const boxes = [[100, "s"], [320, "m"], [800, "x"], [1280, "y"]] as const;
  return boxes.find(([box]) => longest <= box)?.[1] ?? "w";
}
