/**
 * A file that a test puts onto the server, without an upload: bytes, or bytes that are made when
 * they are read.
 */
import { checkFields } from "../../../runtime/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import { bytesInMemory, bytesMade, type FileBytes } from "./file_bytes.ts";
import type { StoredFile } from "./files.ts";
import { imageSize } from "./image_size.ts";

/** A file for {@linkcode OfflineApi.addFile}: with `bytes`, or with `size` and `at`. */
export interface NewFile {
  /** Its bytes. */
  readonly bytes?: Uint8Array;
  /** The number of bytes that `at` makes. */
  readonly size?: number;
  /** Makes bytes of the file when they are read; zeros by default. */
  readonly at?: (offset: number, length: number) => Uint8Array;
  /** Whether it is a document, as by default, or a photo, which must have `bytes`. */
  readonly as?: "document" | "photo";
  /** The name of a document; no name by default. */
  readonly name?: string;
  /** The media type of a document; `application/octet-stream` by default. */
  readonly mime?: string;
  /** More attributes of a document: of a video, or of music. */
  readonly attributes?: readonly Api.DocumentAttribute[];
  /** The small image of a document. */
  readonly thumb?: Uint8Array;
  /** The data center where it is; that of the first account by default. */
  readonly dcId?: number;
}

const FIELDS = Object.keys(
  {
    bytes: true,
    size: true,
    at: true,
    as: true,
    name: true,
    mime: true,
    attributes: true,
    thumb: true,
    dcId: true,
  } satisfies Record<keyof NewFile, true>,
);

/**
 * Returns what the server keeps of a new file.
 *
 * @throws {TypeError} for a photo that is no image, and for a file without bytes
 */
export function storedFile(file: NewFile, dcId: number): Omit<
  StoredFile,
  "id" | "accessHash" | "date"
> {
  checkFields("add a file", file, FIELDS);
  const { as: kind = "document", name, mime = "application/octet-stream", thumb } = file;
  const bytes = bytesOf(file);
  if (kind === "photo") {
    const size = imageSize(bytes.read(0, bytes.size));
    if (size === undefined) {
      throw new TypeError("Cannot add a photo: its bytes are no image. Pass a JPEG or PNG file.");
    }
    return { kind, mime: "image/jpeg", attributes: [], bytes, ...size, dcId };
  }
  const named: Api.DocumentAttribute[] = name === undefined
    ? []
    : [{ _: "documentAttributeFilename", fileName: name }];
  return {
    kind,
    mime,
    attributes: [...named, ...file.attributes ?? []],
    bytes,
    ...(thumb && { thumb: bytesInMemory(thumb) }),
    width: 0,
    height: 0,
    dcId,
  };
}

function bytesOf({ bytes, size, at }: NewFile): FileBytes {
  if (bytes !== undefined && bytes.length > 0) return bytesInMemory(bytes);
  if (size === undefined || !Number.isSafeInteger(size) || size < 1) {
    throw new TypeError('Cannot add a file: it has no bytes. Pass "bytes", or "size" and "at".');
  }
  return bytesMade(size, at ?? ((_, length) => new Uint8Array(length)));
}
