/** The form in which methods for channels take a peer: https://core.telegram.org/api/peers */
import type { StepOptions } from "../../auth/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { inputPeerOf, type PeerContext } from "../input_peer.ts";
import type { PeerLike } from "../named_peer.ts";

/** Returns the bare id of a channel or supergroup that is named; undefined for other peers. */
export async function channelIdOf(
  context: PeerContext,
  name: PeerLike,
  options: StepOptions,
): Promise<bigint | undefined> {
  const peer = await inputPeerOf(context, name, options);
  return "channelId" in peer ? peer.channelId : undefined;
}

/** Returns the input channel of a channel or supergroup; undefined for other peers. */
export function inputChannelOf(peer: Api.InputPeer): Api.InputChannel | undefined {
  switch (peer._) {
    case "inputPeerChannel":
      return { ...peer, _: "inputChannel" };
    case "inputPeerChannelFromMessage":
      return { ...peer, _: "inputChannelFromMessage" };
    default:
      return undefined;
  }
}

/** Returns the input user of a user; undefined for other peers. */
export function inputUserOf(peer: Api.InputPeer): Api.InputUser | undefined {
  switch (peer._) {
    case "inputPeerSelf":
      return { _: "inputUserSelf" };
    case "inputPeerUser":
      return { ...peer, _: "inputUser" };
    case "inputPeerUserFromMessage":
      return { ...peer, _: "inputUserFromMessage" };
    default:
      return undefined;
  }
}
