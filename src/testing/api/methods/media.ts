/**
 * Sending photos and documents: https://core.telegram.org/api/files#uploading-files
 *
 * messages.sendMedia, uploadMedia, sendMultiMedia.
 */
import type { Api } from "../../../tl/mod.ts";
import { packetOf } from "../actions/deliver.ts";
import { badRequest } from "../failure.ts";
import { mediaObject, type StoredMedia } from "../objects/media.ts";
import type { StoredFile } from "../state/files.ts";
import type { AlbumKind, PostMedia } from "../state/post.ts";
import { imageSize } from "../state/image_size.ts";
import { randomLong } from "../../../runtime/mod.ts";
import { checkHome } from "./caller_checks.ts";
import { targetOf } from "./input_peers.ts";
import {
  checkedMarkup,
  checkMayWrite,
  type Content,
  newPost,
  post,
  replyTo,
  sentBefore,
  sentEntities,
  sentUpdates,
} from "./messages.ts";
import type { Methods, SignedInCall } from "./method.ts";
import { schedule } from "./scheduled.ts";

const CAPTION_LENGTH = 1024;
const CAPTION_LENGTH_PREMIUM = 4096;
const MAX_PHOTO = 10 * 1024 * 1024;
const PHOTO_NAME = /\.(jpe?g|png|webp)$/i;
const ALBUM = 10;
/** The fewest pixels of the photo of a user or a chat. */
const SMALLEST_PROFILE = 160;

/** Sending photos and documents. */
export const mediaMethods: Methods = {
  "messages.sendMedia": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const target = targetOf(request.peer, call);
      checkMayWrite(target, call);
      const { randomId, silent, scheduleDate } = request;
      if (randomId === 0n) throw badRequest("RANDOM_ID_EMPTY");
      const known = sentBefore(target, randomId, call);
      if (known !== undefined) return packetOf(state, account, known);
      const text = caption(request.message, call);
      const content: Content = {
        text,
        entities: sentEntities(text, request.entities, call),
        markup: checkedMarkup(request.replyMarkup, call),
        replyTo: replyTo(request, target, call),
        silent: silent || undefined,
        media: sent(mediaOf(request.media, call), call),
      };
      if (scheduleDate !== undefined && scheduleDate > state.nowSeconds()) {
        return schedule(call, target, [[newPost(call, target, content, scheduleDate), randomId]]);
      }
      const event = post(call, target, randomId, content);
      return packetOf(state, account, sentUpdates(call, target, event, randomId));
    },
  },

  "messages.uploadMedia": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      targetOf(request.peer, call);
      return mediaObject(mediaOf(request.media, call), call.state.files);
    },
  },

  "messages.sendMultiMedia": {
    callers: "users and bots",
    answer(request, call) {
      checkHome(call);
      const { state, account } = call;
      const target = targetOf(request.peer, call);
      checkMayWrite(target, call);
      const { multiMedia, silent, scheduleDate } = request;
      if (multiMedia.length === 0) throw badRequest("MEDIA_EMPTY");
      if (multiMedia.length > ALBUM) throw badRequest("MULTI_MEDIA_TOO_LONG");
      // Media that was not sent, nor passed through messages.uploadMedia, is refused.
      if (multiMedia.some(({ media }) => isNew(media))) throw badRequest("MEDIA_INVALID");
      const medias = multiMedia.map(({ media }) => mediaOf(media, call));
      if (new Set(medias.map(albumKind)).size > 1) throw badRequest("MEDIA_INVALID");
      const groupedId = multiMedia.length === 1 ? undefined : randomLong(state.random);
      const contents = multiMedia.map(({ message, entities }, index): Content => {
        const text = caption(message, call);
        return {
          text,
          entities: sentEntities(text, entities, call),
          replyTo: replyTo(request, target, call),
          silent: silent || undefined,
          groupedId,
          media: sent(medias[index], call),
        };
      });
      if (scheduleDate !== undefined && scheduleDate > state.nowSeconds()) {
        const posts = contents.map((content, index) =>
          [newPost(call, target, content, scheduleDate), multiMedia[index].randomId] as const
        );
        return schedule(call, target, posts);
      }
      const updates = contents.flatMap((content, index): Api.Update[] => {
        const { randomId } = multiMedia[index];
        const known = sentBefore(target, randomId, call);
        if (known !== undefined) return known;
        return sentUpdates(call, target, post(call, target, randomId, content), randomId);
      });
      return packetOf(state, account, updates);
    },
  },
};

/** Returns the media of a message: each look at it has a fresh reference. */
export function sent(media: StoredMedia, { state }: SignedInCall): PostMedia {
  const { file: { id }, spoiler } = media;
  return { id, spoiler, kind: albumKind(media), object: () => mediaObject(media, state.files) };
}

/** Returns a caption; refuses one that is too long for the account. */
export function caption(text: string, { account }: SignedInCall): string {
  const most = account.premium === true ? CAPTION_LENGTH_PREMIUM : CAPTION_LENGTH;
  if ([...text].length > most) throw badRequest("MEDIA_CAPTION_TOO_LONG");
  return text;
}

function isNew({ _ }: Api.InputMedia): boolean {
  return _ !== "inputMediaPhoto" && _ !== "inputMediaDocument";
}

function albumKind({ file }: StoredMedia): AlbumKind {
  const has = (name: string): boolean => file.attributes.some(({ _ }) => _ === name);
  if (file.kind === "photo" || has("documentAttributeVideo")) return "visual";
  return has("documentAttributeAudio") ? "audio" : "document";
}

/** Keeps an uploaded photo; refuses one that Telegram cannot show. */
export function newPhoto(
  file: Api.InputFile,
  { state: { files }, account }: SignedInCall,
  { isProfile }: Pick<StoredFile, "isProfile"> = {},
): StoredFile {
  const bytes = files.uploaded(account.id, file);
  const name = "name" in file ? file.name : "";
  if (!PHOTO_NAME.test(name)) throw badRequest("PHOTO_EXT_INVALID");
  if (bytes.size > MAX_PHOTO) throw badRequest("PHOTO_SAVE_FILE_INVALID");
  const size = imageSize(bytes.read(0, bytes.size));
  if (size === undefined) throw badRequest("IMAGE_PROCESS_FAILED");
  const { width, height } = size;
  const isOdd = width < 1 || height < 1 || width + height > 10_000 ||
    Math.max(width, height) > 20 * Math.min(width, height);
  if (isOdd) throw badRequest("PHOTO_INVALID_DIMENSIONS");
  if (isProfile && Math.min(width, height) < SMALLEST_PROFILE) {
    throw badRequest("PHOTO_CROP_SIZE_SMALL");
  }
  const { dcId } = account;
  const kind = { kind: "photo", mime: "image/jpeg", attributes: [], isProfile } as const;
  return files.add({ ...kind, bytes, width, height, dcId });
}

/** Returns the media that a request means: uploaded files become photos and documents. */
export function mediaOf(media: Api.InputMedia, call: SignedInCall): StoredMedia {
  const { state: { files }, account } = call;
  switch (media._) {
    case "inputMediaUploadedPhoto":
      return { file: newPhoto(media.file, call), spoiler: media.spoiler };
    case "inputMediaUploadedDocument": {
      const bytes = files.uploaded(account.id, media.file);
      const { mimeType: mime, attributes, thumb, spoiler } = media;
      const named = attributes.some(({ _ }) => _ === "documentAttributeFilename");
      const name = "name" in media.file ? media.file.name : "";
      const file = files.add({
        kind: "document",
        mime,
        attributes: named || name === ""
          ? attributes
          : [...attributes, { _: "documentAttributeFilename", fileName: name }],
        bytes,
        ...(thumb && { thumb: files.uploaded(account.id, thumb) }),
        width: 0,
        height: 0,
        dcId: account.dcId,
      });
      return { file, spoiler };
    }
    case "inputMediaPhoto":
    case "inputMediaDocument": {
      if (media.id._ !== "inputPhoto" && media.id._ !== "inputDocument") {
        throw badRequest("MEDIA_EMPTY");
      }
      const file = files.find(media.id.id, media.id.accessHash);
      if (file === undefined) throw badRequest("MEDIA_INVALID");
      files.checkReference(file, media.id.fileReference);
      return { file, spoiler: media.spoiler };
    }
    case "inputMediaEmpty":
      throw badRequest("MEDIA_EMPTY");
    default:
      throw badRequest("MEDIA_INVALID");
  }
}
