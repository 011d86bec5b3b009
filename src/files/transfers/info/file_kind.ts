/**
 * The type of a file, by its first bytes, its name, and what the program says:
 * https://core.telegram.org/api/files#uploading-files
 */

/** The number of bytes at the beginning of a file that tell its type. */
export const HEAD_LENGTH = 4096;

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
  /** Of music. */
  readonly title?: string;
  /** Of music: who plays it. */
  readonly performer?: string;
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
  readonly at: ((offset: number, length: number) => Promise<Uint8Array>) | undefined;
}

/** Returns what is known of the content of a file. Never throws for its bytes. */
export function fileKind({ name, mime }: FileBeginning): Promise<FileKind> {
  return Promise.resolve({
    mime: mime ?? "application/octet-stream",
    name: name ?? "file",
    as: "document",
  });
}
