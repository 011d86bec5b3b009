/**
 * Downloading from a CDN: https://core.telegram.org/cdn
 *
 * | method                  | where                      |
 * |-------------------------|----------------------------|
 * | help.getCdnConfig       | anywhere: the RSA key      |
 * | upload.getCdnFile       | the CDN, and no other one  |
 * | upload.reuploadCdnFile  | the data center of a file  |
 * | upload.getCdnFileHashes | the data center of a file  |
 */
import { formatRsaPublicKey } from "../../../crypto/entry.ts";
import { badRequest } from "../failure.ts";
import { type CdnFile, encryptAt } from "../state/cdn.ts";
import { hashesOf } from "../state/file_bytes.ts";
import { testCdnKey } from "../test_rsa_keys.ts";
import { checkRange } from "./file_range.ts";
import type { Call, Methods } from "./method.ts";

/** Downloading from a CDN. */
export const cdnMethods: Methods = {
  "help.getCdnConfig": {
    callers: "anyone",
    answer(_request, { state: { cdn: { dcId } } }) {
      if (dcId === undefined) return { _: "cdnConfig", publicKeys: [] };
      const publicKey = formatRsaPublicKey(testCdnKey());
      return { _: "cdnConfig", publicKeys: [{ _: "cdnPublicKey", dcId, publicKey }] };
    },
  },

  "upload.getCdnFile": {
    callers: "anyone",
    answer({ fileToken, offset, limit }, call) {
      // The error that Telegram gives elsewhere is not known.
      if (call.caller.dcId !== call.state.cdn.dcId) throw badRequest("METHOD_INVALID");
      const found = fileOf(fileToken, call);
      const at = Number(offset);
      checkRange(at, limit, false);
      if (!found.isThere) {
        return { _: "upload.cdnFileReuploadNeeded", requestToken: found.requestToken };
      }
      return { _: "upload.cdnFile", bytes: encryptAt(found, at, found.file.bytes.read(at, limit)) };
    },
  },

  "upload.reuploadCdnFile": {
    callers: "users and bots",
    answer({ fileToken, requestToken }, call) {
      const found = homeFileOf(fileToken, call);
      const isAsked = requestToken.length === found.requestToken.length &&
        requestToken.every((byte, index) => byte === found.requestToken[index]);
      if (!isAsked) throw badRequest("REQUEST_TOKEN_INVALID");
      found.isThere = true;
      return hashesOf(found.file.bytes, 0);
    },
  },

  "upload.getCdnFileHashes": {
    callers: "users and bots",
    answer({ fileToken, offset }, call) {
      const { file } = homeFileOf(fileToken, call);
      return hashesOf(file.bytes, Number(offset));
    },
  },
};

function fileOf(token: Uint8Array, { state: { cdn } }: Call): CdnFile {
  const found = cdn.find(token);
  if (found === undefined) throw badRequest("FILE_TOKEN_INVALID");
  return found;
}

/** Returns a file by its token; refuses a call to another data center than that of the file. */
function homeFileOf(token: Uint8Array, call: Call): CdnFile {
  const found = fileOf(token, call);
  if (found.file.dcId !== call.caller.dcId) throw badRequest("FILE_TOKEN_INVALID");
  return found;
}
