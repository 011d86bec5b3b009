/**
 * A file in the form in which Telegram sends it:
 * https://core.telegram.org/api/files#uploading-files
 */
import type { Api } from "../../tl/mod.ts";
import type { FileKind } from "./info/mod.ts";
import { UploadedFile } from "./upload.ts";

/** How a file is shown: as what it is by default. */
export type FileForm = "photo" | "video" | "audio" | "voice" | "animation" | "document";

/** The values of {@linkcode FileForm}. */
export const FILE_FORMS: readonly FileForm[] = [
  "photo",
  "video",
  "audio",
  "voice",
  "animation",
  "document",
];

/** The largest photo: 10 MiB. */
const MAX_PHOTO = 10_485_760;

/** How one file is sent. */
export interface MediaOptions {
  /** How it is shown; by default, its first bytes tell. */
  readonly as?: FileForm;
  /** Whether it is covered until it is touched. */
  readonly spoiler?: boolean;
  /** A small image that is shown before the file is loaded. */
  readonly thumb?: UploadedFile;
}

/** Returns how an uploaded file is shown. A photo that Telegram would refuse is a document. */
export function formOf(file: UploadedFile, as: FileForm | undefined): FileForm {
  const form = as ?? UploadedFile.kindOf(file).as;
  const isTooLarge = form === "photo" && as === undefined && file.size > MAX_PHOTO;
  return isTooLarge ? "document" : form;
}

/** Returns the media of an uploaded file. */
export function uploadedMedia(
  file: UploadedFile,
  form: FileForm,
  { spoiler, thumb }: MediaOptions,
): Api.InputMedia {
  const kind = UploadedFile.kindOf(file);
  const covered = spoiler === true && { spoiler };
  if (form === "photo") return { _: "inputMediaUploadedPhoto", file: file.input, ...covered };
  return {
    _: "inputMediaUploadedDocument",
    file: file.input,
    mimeType: kind.mime,
    attributes: attributesOf(kind, form),
    ...covered,
    ...(form === "document" && { forceFile: true }),
    // Otherwise Telegram takes a video without sound for an animation.
    ...(form === "video" && { nosoundVideo: true }),
    ...(thumb && { thumb: thumb.input }),
  };
}

function attributesOf(kind: FileKind, form: FileForm): Api.DocumentAttribute[] {
  const { name, width: w = 0, height: h = 0, duration = 0 } = kind;
  const attributes: Api.DocumentAttribute[] = [{
    _: "documentAttributeFilename",
    fileName: name,
  }];
  switch (form) {
    case "animation":
      attributes.push({ _: "documentAttributeAnimated" });
      if (kind.mime.startsWith("video/")) {
        attributes.push({ _: "documentAttributeVideo", duration, w, h, supportsStreaming: true });
      }
      break;
    case "video":
      attributes.push({ _: "documentAttributeVideo", duration, w, h, supportsStreaming: true });
      break;
    case "audio":
    case "voice":
      attributes.push({
        _: "documentAttributeAudio",
        ...(form === "voice" && { voice: true }),
        duration: Math.round(duration),
      });
      break;
    default:
      if (kind.mime.startsWith("image/") && w > 0) {
        attributes.push({ _: "documentAttributeImageSize", w, h });
      }
  }
  return attributes;
}

/** Returns media that Telegram has already, as a message sends it again. */
export function knownMedia(media: Api.photo | Api.document, spoiler?: boolean): Api.InputMedia {
  const { id, accessHash, fileReference } = media;
  const covered = spoiler === true && { spoiler };
  return media._ === "photo"
    ? {
      _: "inputMediaPhoto",
      id: { _: "inputPhoto", id, accessHash, fileReference },
      ...covered,
    }
    : {
      _: "inputMediaDocument",
      id: { _: "inputDocument", id, accessHash, fileReference },
      ...covered,
    };
}
