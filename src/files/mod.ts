/**
 * Floor 11: uploads and downloads. Functions that take the client; the code loads when the first
 * file is sent or read. https://core.telegram.org/api/files
 */
import { type Lazy, lazy } from "../runtime/mod.ts";
import type { Download, DownloadOptions } from "./transfers/download.ts";
import type { FileHost } from "./file_host.ts";
import type { Downloadable } from "./transfers/media.ts";

export type { DownloadOptions } from "./transfers/download.ts";
export type { FileCallOptions, FileHost } from "./file_host.ts";
export type { FileForm } from "./transfers/input_media.ts";
export type { Downloadable, FileLocation } from "./transfers/media.ts";
export type {
  AlbumItem,
  FileOptions,
  SendableFile,
  SendFileOptions,
} from "./transfers/send_file.ts";
export type { FileSource } from "./transfers/source.ts";
export type { ProfilePhotoOptions } from "./transfers/profile_photo.ts";
export type { ProgressListener, UploadedFile, UploadOptions } from "./transfers/upload.ts";

const load = (): Promise<typeof import("./transfers/mod.ts")> => import("./transfers/mod.ts");

/** What people do with files. */
export const files: Lazy<typeof import("./transfers/mod.ts")> = lazy(load);

/** Returns the bytes of a file as a stream, which asks for them as they are read. */
export function download(
  host: FileHost,
  source: Downloadable,
  options: DownloadOptions = {},
): ReadableStream<Uint8Array> {
  let opened: Promise<Download> | undefined;
  // The caller may change the options before the stream is read. What is no object is refused then.
  const own = typeof options === "object" && options !== null ? { ...options } : options;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      opened ??= load().then((all) => new all.Download(host, source, own, controller));
      await (await opened).pull();
    },
    cancel: async (reason) => await (await opened)?.cancel(reason),
  }, { highWaterMark: 0 });
}
