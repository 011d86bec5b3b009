/**
 * Uploading and downloading files: https://core.telegram.org/api/files
 *
 * upload.saveFilePart, saveBigFilePart, getFile, getFileHashes.
 */
import type { Api } from "../../../tl/mod.ts";
import { badRequest } from "../failure.ts";
import { sizeType } from "../objects/media.ts";
import type { CdnFile } from "../state/cdn.ts";
import { type FileBytes, hashesOf } from "../state/file_bytes.ts";
import { fileMigrate, type StoredFile } from "../state/files.ts";
import { minAccessHash } from "../objects/user.ts";
import { checkHome } from "./caller_checks.ts";
import { checkRange } from "./file_range.ts";
import { targetOf } from "./input_peers.ts";
import type { Methods, SignedInCall } from "./method.ts";

/** Uploading and downloading files. */
export const filesMethods: Methods = {
  "upload.saveFilePart": {
    callers: "users and bots",
    answer({ fileId: id, filePart: part, bytes }, call) {
      checkHome(call);
      count(call, bytes.length);
      call.state.files.save({ ...uploader(call), id, part, bytes, isBig: false });
      return true;
    },
  },

  "upload.saveBigFilePart": {
    callers: "users and bots",
    answer({ fileId: id, filePart: part, fileTotalParts, bytes }, call) {
      checkHome(call);
      count(call, bytes.length);
      call.state.files.save({ ...uploader(call), id, part, bytes, isBig: true }, fileTotalParts);
      return true;
    },
  },

  "upload.getFile": {
    callers: "users and bots",
    answer({ precise = false, cdnSupported = false, location, offset, limit }, call) {
      const { content, ...file } = fileAt(location, call);
      const at = Number(offset);
      checkRange(at, limit, precise);
      if (file.dcId !== call.caller.dcId) throw fileMigrate(file.dcId);
      if (cdnSupported && content === file.bytes) {
        const cdnFile = call.state.cdn.of(call.state.files.known(file.id, "give out"));
        if (cdnFile !== undefined) return cdnRedirect(cdnFile, call);
      }
      count(call, limit);
      return {
        _: "upload.file",
        type: { _: storageType(file) },
        mtime: file.date,
        bytes: content.read(at, limit),
      };
    },
  },

  "upload.getFileHashes": {
    callers: "users and bots",
    answer({ location, offset }, call) {
      const { content, dcId } = fileAt(location, call);
      if (dcId !== call.caller.dcId) throw fileMigrate(dcId);
      if (offset < 0) throw badRequest("OFFSET_INVALID");
      return hashesOf(content, Number(offset));
    },
  },
};

function count({ state: { files }, account }: SignedInCall, bytes: number): void {
  const { id, premium = false } = account;
  files.count(id, premium, bytes);
}

function cdnRedirect(
  { token, key, iv, file }: CdnFile,
  { state: { cdn } }: SignedInCall,
): Api.upload.fileCdnRedirect {
  return {
    _: "upload.fileCdnRedirect",
    dcId: cdn.dcId ?? 0,
    fileToken: token,
    encryptionKey: key,
    encryptionIv: iv,
    fileHashes: hashesOf(file.bytes, 0),
  };
}

function uploader({ account }: SignedInCall): { owner: bigint; isPremium: boolean } {
  return { owner: account.id, isPremium: account.premium === true };
}

/** Returns the file of a location. */
function fileAt(
  location: Api.InputFileLocation,
  call: SignedInCall,
): StoredFile & { readonly content: FileBytes } {
  const { files } = call.state;
  switch (location._) {
    case "inputPhotoFileLocation":
    case "inputDocumentFileLocation": {
      const file = files.find(location.id, location.accessHash);
      const kind = location._ === "inputPhotoFileLocation" ? "photo" : "document";
      if (file?.kind !== kind) throw badRequest("FILE_ID_INVALID");
      files.checkReference(file, location.fileReference);
      const { thumbSize } = location;
      const content = kind === "document" && thumbSize !== ""
        ? thumbSize === "m" ? file.thumb : undefined
        : kind === "photo" && thumbSize !== sizeType(file)
        ? undefined
        : file.bytes;
      if (content === undefined) throw badRequest("LOCATION_INVALID");
      return { ...file, content };
    }
    case "inputPeerPhotoFileLocation": {
      const file = profilePhotosOf(location.peer, call).find(({ id }) => id === location.photoId);
      if (file === undefined) throw badRequest("LOCATION_INVALID");
      return { ...file, content: file.bytes };
    }
    default:
      throw badRequest("LOCATION_INVALID");
  }
}

/** Returns the photos of a user or chat. The access hash of a `min` user is enough. */
function profilePhotosOf(peer: Api.InputPeer, call: SignedInCall): readonly StoredFile[] {
  if (peer._ === "inputPeerUser") {
    const account = call.state.directory.byId(peer.userId);
    if (account !== undefined && peer.accessHash === minAccessHash(account)) return account.photos;
  }
  const target = targetOf(peer, call);
  if (target.kind === "user") return target.account.photos;
  return target.photo === undefined ? [] : [target.photo];
}

function storageType({ kind, mime }: StoredFile): Api.storage.FileType["_"] {
  if (kind === "photo" || mime === "image/jpeg") return "storage.fileJpeg";
  return mime === "image/png"
    ? "storage.filePng"
    : mime === "video/mp4"
    ? "storage.fileMp4"
    : "storage.fileUnknown";
}
