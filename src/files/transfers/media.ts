/**
 * Where the bytes of a photo or a document are, and of the smaller images that belong to it:
 * https://core.telegram.org/api/files#downloading-files
 */
import type { Message } from "../../messages/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { pathSvg, strippedJpeg } from "./inline_images.ts";

/** A file by its place: for what has no type of its own here. */
export interface FileLocation {
  /** The location, as `upload.getFile` takes it. */
  readonly location: Api.InputFileLocation;
  /** The data center where the file is; the home by default. */
  readonly dcId?: number;
  /** The number of its bytes, if known. */
  readonly size?: number;
}

/** Media that can be downloaded: a message with it, its media, a photo, a document, or a place. */
export type Downloadable =
  | Message
  | Api.message
  | Api.MessageMedia
  | Api.Photo
  | Api.Document
  | FileLocation;

/** The bytes of a file that is small enough to come with its message. */
export interface InlineFile {
  readonly bytes: Uint8Array;
}

/** A file of Telegram. */
export interface RemoteFile extends FileLocation {
  /** The id of the photo or document: a message may have another one after an edit. */
  readonly id?: bigint;
}

/** The photo or document in a message or its media. */
type Media = Api.photo | Api.document;

/**
 * Returns the file in media.
 *
 * @param thumb the type of a smaller image, `"m"` for one, or `"smallest"`; without it, the
 * document, or the largest size of the photo
 * @throws {TypeError} if there is none
 */
export function fileIn(source: Downloadable, thumb?: string): RemoteFile | InlineFile {
  if (isLocation(source)) return source;
  const media = mediaIn(source);
  if (media === undefined) throw new TypeError(`Cannot download: ${whatIs(source)} has no file`);
  if (media._ === "document" && thumb === undefined) {
    return remote(media, "inputDocumentFileLocation", "", Number(media.size));
  }
  const sizes: (Api.PhotoSize | Api.VideoSize)[] = media._ === "photo"
    ? [...media.sizes, ...media.videoSizes ?? []]
    : [...media.thumbs ?? [], ...media.videoThumbs ?? []];
  const size = choose(sizes, thumb);
  if (size === undefined) {
    const types = sizes.flatMap((one) => "type" in one ? [`"${one.type}"`] : []).join(", ");
    const wanted = thumb === undefined ? "image" : `image of the type "${thumb}"`;
    throw new TypeError(`Cannot download: there is no ${wanted}, only ${types || "none"}`);
  }
  const bytes = inlineBytes(size);
  if (bytes !== undefined) return { bytes };
  const kind = media._ === "photo" ? "inputPhotoFileLocation" : "inputDocumentFileLocation";
  return remote(media, kind, "type" in size ? size.type : "", lengthOf(size));
}

function remote(
  { id, accessHash, fileReference, dcId }: Media,
  kind: "inputPhotoFileLocation" | "inputDocumentFileLocation",
  thumbSize: string,
  size: number | undefined,
): RemoteFile {
  const location = { _: kind, id, accessHash, fileReference, thumbSize };
  return { location, dcId, id, ...(size !== undefined && { size }) };
}

function isLocation(source: Downloadable): source is FileLocation {
  return typeof source === "object" && source !== null && "location" in source;
}

/** Returns the photo or document in a message or its media. */
export function mediaIn(source: unknown): Media | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  if ("raw" in source) return mediaIn(source.raw);
  const object = source as Api.message | Api.MessageMedia | Api.Photo | Api.Document;
  switch (object._) {
    case "photo":
    case "document":
      return object;
    case "message":
      return mediaIn(object.media);
    case "messageMediaPhoto":
      return mediaIn(object.photo);
    case "messageMediaDocument":
      return mediaIn(object.document);
    case "messageMediaWebPage":
      return object.webpage._ === "webPage"
        ? mediaIn(object.webpage.document ?? object.webpage.photo)
        : undefined;
    case "messageMediaGame":
      return mediaIn(object.game.document ?? object.game.photo);
    default:
      return undefined;
  }
}

/** Returns the name of a value without a file, for an error. */
export function whatIs(source: unknown): string {
  if (typeof source !== "object" || source === null) return `a value of type ${typeof source}`;
  if ("raw" in source) return "the message";
  return "_" in source ? `"${source._}"` : "an object that is no media";
}

type Size = Api.PhotoSize | Api.VideoSize;

/** Returns the size of a type; the smallest, or the largest image that can be downloaded. */
function choose(sizes: readonly Size[], thumb: string | undefined): Size | undefined {
  if (thumb !== undefined && thumb !== "smallest") {
    return sizes.find((size) => "type" in size && size.type === thumb);
  }
  const images = sizes.filter((size) =>
    size._ === "photoSize" || size._ === "photoSizeProgressive" || size._ === "photoCachedSize"
  ).toSorted((one, other) => areaOf(one) - areaOf(other));
  return thumb === undefined ? images.at(-1) : images[0];
}

function areaOf(size: Size): number {
  return "w" in size ? size.w * size.h : 0;
}

function lengthOf(size: Size): number | undefined {
  if (size._ === "photoSizeProgressive") return Math.max(...size.sizes);
  return "size" in size ? size.size : undefined;
}

function inlineBytes(size: Size): Uint8Array | undefined {
  if (size._ === "photoCachedSize") return size.bytes;
  if (size._ === "photoStrippedSize") return strippedJpeg(size.bytes) ?? size.bytes;
  return size._ === "photoPathSize" ? pathSvg(size.bytes) : undefined;
}
