/** The photo of a person, a bot, a group or a channel. https://core.telegram.org/api/files */
import type { StepOptions } from "../../auth/mod.ts";
import { loadChats, type PeerLike } from "../../messages/mod.ts";
import { checkFields } from "../../runtime/mod.ts";
import type { FileHost } from "../file_host.ts";
import type { FileLocation } from "./media.ts";

/** Which photo. */
export interface ProfilePhotoOptions extends StepOptions {
  /** Whether it is the large one (640 pixels), as by default, or the small one (160 pixels). */
  readonly large?: boolean;
}

/** Returns where the photo of a peer is; undefined if it has none. */
export async function profilePhoto(
  host: FileHost,
  peer: PeerLike,
  options: ProfilePhotoOptions = {},
): Promise<FileLocation | undefined> {
  checkFields("find a profile photo", options, ["large", "signal"]);
  const { large = true, signal } = options;
  const { findPeer } = await loadChats();
  const { raw, input } = await findPeer(host, peer, { signal });
  const photo = raw !== undefined && "photo" in raw ? raw.photo : undefined;
  if (photo === undefined || !("photoId" in photo)) return undefined;
  const { photoId, dcId } = photo;
  const big = large ? { big: true } as const : {};
  return { location: { _: "inputPeerPhotoFileLocation", ...big, peer: input, photoId }, dcId };
}
