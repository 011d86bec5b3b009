/** Uploads of the tests of files: each file in one part. */
import type { TlObject } from "../../../src/tl/mod.ts";
import type { Participant } from "./chat_world.ts";

let lastId = 0n;

/** Uploads bytes. Returns the InputFile. */
export function uploaded(by: Participant, bytes: Uint8Array, name = "file.bin"): TlObject {
  const id = ++lastId;
  by("upload.saveFilePart", { fileId: id, filePart: 0, bytes });
  return { _: "inputFile", id, parts: 1, name, md5Checksum: "" };
}

/** Returns the media of an uploaded document. */
export function uploadedDocument(
  by: Participant,
  bytes: Uint8Array = Uint8Array.of(1, 2, 3),
  attributes: readonly TlObject[] = [],
): TlObject {
  const file = uploaded(by, bytes);
  return { _: "inputMediaUploadedDocument", file, mimeType: "text/plain", attributes };
}

/** Returns the location of a photo or document. */
export function locationOf(media: TlObject): TlObject {
  const file = (media.photo ?? media.document ?? media) as TlObject;
  const { id, accessHash, fileReference } = file;
  if (file._ === "document") {
    return { _: "inputDocumentFileLocation", id, accessHash, fileReference, thumbSize: "" };
  }
  const [{ type: thumbSize }] = file.sizes as TlObject[];
  return { _: "inputPhotoFileLocation", id, accessHash, fileReference, thumbSize };
}

/** Reads the first bytes of a file. */
export function read(by: Participant, location: TlObject, limit = 4096): Uint8Array {
  return by("upload.getFile", { location, offset: 0n, limit }).bytes as Uint8Array;
}
