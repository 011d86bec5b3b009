/**
 * The names of a chat that are known without asking Telegram: by them, messages to one chat find
 * their order. https://core.telegram.org/api/peers
 */
import { channelPeerId, type Peer } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { ChatNames } from "./chat_order.ts";
import { markedIds, type PeerContext } from "./input_peer.ts";
import { type NamedPeer, namedPeer, type PeerLike } from "./named_peer.ts";

const SELF = "self";

/** Returns the names of a chat. A name of no known form has an order of its own, and fails. */
export function chatNames(context: PeerContext, to: PeerLike): ChatNames {
  const peer = understood(to);
  const { recent } = context.peers;
  switch (peer?.kind) {
    case "self":
      return named(SELF);
    case "input":
      return named(peerName(context, peer.input));
    case "id":
      return seenOr(context, firstOf(markedIds(peer.id), (id) => recent.byId(id)), `${peer.id}`);
    case "username":
      return seenOr(
        context,
        sure(context, recent.byUsername(peer.username)),
        peer.username.toLowerCase(),
      );
    case "phone":
      return seenOr(context, sure(context, recent.byPhone(peer.phone)), `+${peer.phone}`);
    case "invite":
      return { all: [`invite ${peer.hash}`] };
    default:
      return { all: ["unknown"] };
  }
}

function understood(to: PeerLike): NamedPeer | undefined {
  try {
    return namedPeer(to);
  } catch {
    return undefined; // the one that looks for the peer says so
  }
}

function seenOr(context: PeerContext, seen: Peer | undefined, name: string): ChatNames {
  return seen === undefined ? { all: [name] } : named(idName(context, seen.id), name);
}

/** A peer that may have lost its name is not yet the one that the name stands for. */
function sure({ peers }: PeerContext, named: Peer | undefined): Peer | undefined {
  return named && peers.isFresh(named) ? named : undefined;
}

function named(id: string, name = id): ChatNames {
  return { id, all: [id, name] };
}

function firstOf<T, R>(values: readonly T[], of: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = of(value);
    if (found !== undefined) return found;
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
