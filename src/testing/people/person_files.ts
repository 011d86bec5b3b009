/**
 * The files that a played person sends: they are put onto the server without an upload.
 */
import type { Api } from "../../tl/mod.ts";
import type { OfflineApi } from "../api/mod.ts";
import type { PersonFileOptions, PersonFileSource } from "./person_values.ts";

/** Returns a file as messages.sendMedia takes it. */
export function mediaOf(
  api: OfflineApi,
  source: PersonFileSource,
  { caption: _caption, replyTo: _replyTo, ...options }: PersonFileOptions,
): Api.InputMedia {
  const { _, id, accessHash, fileReference } = "_" in source ? source : api.addFile({
    ...options,
    ...(source instanceof Uint8Array ? { bytes: source } : source),
  });
  const known = { id, accessHash, fileReference };
  return _ === "photo"
    ? { _: "inputMediaPhoto", id: { _: "inputPhoto", ...known } }
    : { _: "inputMediaDocument", id: { _: "inputDocument", ...known } };
}
