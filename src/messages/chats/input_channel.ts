/** The form in which methods for channels take a peer: https://core.telegram.org/api/peers */
import type { Api } from "../../tl/mod.ts";

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
