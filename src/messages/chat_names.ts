/**
 * The names of a chat that are known without asking Telegram: by them, messages to one chat find
 * their order. https://core.telegram.org/api/peers
 */
import { channelPeerId, type MemoryPeers, type Peer } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { ChatNames } from "./chat_order.ts";
import { markedIds, type PeerContext, type PeerLike } from "./input_peer.ts";

const SELF = "self";

/** Returns the names of a chat. */
export function chatNames(context: PeerContext, to: PeerLike): ChatNames {
  if (typeof to === "object" && to !== null) return named(peerName(context, to));
  if (to === "me" || to === "self") return named(SELF);
  const text = String(to).toLowerCase();
  const name = text.startsWith("+") ? `+${text.replace(/\D/g, "")}` : text.replace(/^@/, "");
  const seen = seenPeer(context.peers.recent, to, name);
  return seen === undefined ? { all: [name] } : named(idName(context, seen.id), name);
}

function named(id: string, name = id): ChatNames {
  return { id, all: [id, name] };
}

function seenPeer(recent: MemoryPeers, to: unknown, name: string): Peer | undefined {
  if (typeof to === "string") {
    return name.startsWith("+") ? recent.byPhone(name.slice(1)) : recent.byUsername(name);
  }
  if (typeof to === "number" ? !Number.isSafeInteger(to) : typeof to !== "bigint") return undefined;
  for (const id of markedIds(BigInt(name))) {
    const peer = recent.byId(id);
    if (peer !== undefined) return peer;
  }
  return undefined;
}

/** Returns the name of a peer that is found: one for each peer. */
export function peerName(context: PeerContext, peer: Api.InputPeer): string {
  switch (peer._) {
    case "inputPeerSelf":
      return SELF;
    case "inputPeerUser":
    case "inputPeerUserFromMessage":
      return idName(context, peer.userId);
    case "inputPeerChat":
      return String(-peer.chatId);
    case "inputPeerChannel":
    case "inputPeerChannelFromMessage":
      return String(channelPeerId(peer.channelId));
    default:
      return String(peer._);
  }
}

/** The user is named in one way, also while the session is not loaded and the id is not known. */
function idName({ session }: PeerContext, id: bigint): string {
  return id === session.state.user?.id ? SELF : String(id);
}
