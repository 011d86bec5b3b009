/**
 * The type of a file, by its first bytes, its name, and what the program says:
 * https://core.telegram.org/api/files#uploading-files
 */
import { imageSize } from "./image_size.ts";
import { mp4Info } from "./mp4.ts";
import { containerMime, magicMime, mimeOfName, usualExtension } from "./mime.ts";
import { oggDuration } from "./ogg.ts";
import type { ReadAt } from "./read_at.ts";

/** The number of bytes at the beginning of a file that tell its type. */
export const HEAD_LENGTH = 65_536;

/** What is known of the content of a file. */
export interface FileKind {
  /** Its media type, such as `image/png`. */
  readonly mime: string;
  /** Its name, with an extension. */
  readonly name: string;
  /** How it is shown if the program does not say. */
  readonly as: "photo" | "video" | "audio" | "voice" | "animation" | "document";
  /** In pixels, of an image or a video. */
  readonly width?: number;
  /** In pixels, of an image or a video. */
  readonly height?: number;
  /** In seconds, of a video or a sound. */
  readonly duration?: number;
}

/** A file, as far as it was read. */
export interface FileBeginning {
  /** The first {@linkcode HEAD_LENGTH} bytes; fewer of a shorter file. */
  readonly head: Uint8Array;
  readonly size: number;
  /** The name that the program or the source gives it. */
  readonly name: string | undefined;
  /** The media type that the program or the source gives it. */
  readonly mime: string | undefined;
  /** Reads bytes anywhere, if the source allows it. */
  readonly at: ReadAt | undefined;
}

/** Types that servers and systems give to what they do not know. */
const VAGUE = ["application/octet-stream", "binary/octet-stream", "application/x-binary"];
/** The images that Telegram takes as photos. */
const PHOTOS = ["image/jpeg", "image/png", "image/webp"];

/** Names of types that systems use in place of the registered ones. */
const ALIASES: Readonly<Record<string, string>> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "image/x-png": "image/png",
};
const MIME = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;
/** The largest number that an attribute of a document holds. */
const MAX_INT = 0x7fffffff;

/** Returns what is known of the content of a file. Never throws for its bytes. */
export async function fileKind(file: FileBeginning): Promise<FileKind> {
  const { head, size, name } = file;
  const told = toldMime(file.mime);
  const mime = told ?? magicMime(head) ?? mimeOfName(name) ?? containerMime(head) ??
    plainOrNot(head);
  const at = file.at ?? ((offset, length) => Promise.resolve(head.slice(offset, offset + length)));
  const found = await detailsOf(mime, head, size, at).catch(() => ({}));
  const details = Object.values(found).every(isCount) ? found : {};
  return { mime, name: nameWith(name, mime), as: formOf(mime, details), ...details };
}

/** Returns the type that a program or a server names, without parameters; undefined if vague. */
function toldMime(mime: string | undefined): string | undefined {
  const name = mime?.split(";")[0].trim().toLowerCase() ?? "";
  return !MIME.test(name) || VAGUE.includes(name) ? undefined : ALIASES[name] ?? name;
}

/** Whether an attribute holds a number. A damaged file names any. */
function isCount(value: number): boolean {
  return value >= 0 && value <= MAX_INT;
}

type Details = Pick<FileKind, "width" | "height" | "duration">;

/** Returns what the bytes tell. A file that is damaged tells nothing. */
async function detailsOf(
  mime: string,
  head: Uint8Array,
  size: number,
  at: ReadAt,
): Promise<Details> {
  if (mime.startsWith("image/")) return imageSize(head) ?? {};
  if (mime === "video/mp4" || mime === "video/quicktime" || mime === "audio/mp4") {
    return await mp4Info(size, at) ?? {};
  }
  if (mime === "audio/ogg") {
    const duration = await oggDuration(size, at);
    return duration === undefined ? {} : { duration };
  }
  return {};
}

function formOf(mime: string, { duration }: Details): FileKind["as"] {
  if (PHOTOS.includes(mime)) return "photo";
  if (mime === "image/gif") return "animation";
  if (mime === "video/mp4" || mime === "video/quicktime") {
    // Without its size and duration it would be shown as a square of 0:00.
    return duration === undefined ? "document" : "video";
  }
  return mime.startsWith("audio/") ? "audio" : "document";
}

/** Text, if the first bytes are; else nobody knows. */
function plainOrNot(head: Uint8Array): string {
  const isControl = (byte: number): boolean => byte < 32 && ![9, 10, 12, 13, 27].includes(byte);
  if (head.length === 0 || head.some(isControl)) return "application/octet-stream";
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return "text/plain";
  } catch {
    return "application/octet-stream";
  }
}

/** Telegram refuses photos whose name has no extension, and systems open files by it. */
function nameWith(name: string | undefined, mime: string): string {
  const extension = usualExtension(mime);
  if (name !== undefined && (/\.[0-9A-Za-z]{1,16}$/.test(name) || extension === undefined)) {
    return name;
  }
  return extension === undefined ? name ?? "file" : `${name ?? "file"}.${extension}`;
}
