/**
 * The peer that a program names, as calls take it. Telegram is asked about peers that were not seen
 * before, and about names that are not known for sure any more: chats/look_up.ts does, which is
 * loaded then. https://core.telegram.org/api/peers
 */
import type { MethodCall, SignInContext, StepOptions } from "../auth/mod.ts";
import type { CallOptions } from "../connection/mod.ts";
import { abortable } from "../runtime/mod.ts";
import { channelPeerId, type Peer } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { ChatOrder } from "./chat_order.ts";
import type { MessageHost } from "./chats/message.ts";
import { toInputPeer } from "./extract_peers.ts";
import { loadChats } from "./load_chats.ts";
import { type NamedPeer, namedPeer, type PeerLike } from "./named_peer.ts";
import type { PeerCache } from "./peer_cache.ts";

/** A client that remembers peers, and keeps the order of the messages to each chat. */
export interface PeerContext extends SignInContext, MessageHost {
  readonly peers: PeerCache;
  readonly chatOrder: ChatOrder;
  /** Calls a method as {@linkcode SignInContext} does; an ordered call when its turn comes. */
  invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options?: CallOptions,
  ): Promise<Api.Methods[M]["result"]>;
}

/** A peer that has to be looked for. */
export type SoughtPeer = Exclude<NamedPeer, { readonly kind: "input" | "self" }>;

/**
 * Returns the input peer of a peer. Asks Telegram about a username, a phone number or an invite
 * link that was not seen yet or not for hours, and loads the dialogs once when an id was not.
 */
export async function inputPeerOf(
  context: PeerContext,
  name: PeerLike,
  options: StepOptions = {},
): Promise<Api.InputPeer> {
  const named = namedPeer(name);
  if (named.kind === "input") return named.input;
  if (named.kind === "self") return { _: "inputPeerSelf" };
  // Who was seen is known to a session that is loaded.
  await abortable(context.ready(), options.signal);
  const known = await knownPeer(context, named);
  if (known !== undefined && (named.kind === "id" || context.peers.isFresh(known))) {
    return toInputPeer(known);
  }
  const { lookUp } = await loadChats();
  return await lookUp(context, named, known, options);
}

/** Returns the peer that was seen by this name, which it may have lost since. */
export async function knownPeer(
  { peers }: PeerContext,
  named: SoughtPeer,
): Promise<Peer | undefined> {
  switch (named.kind) {
    case "username":
      return await peers.find((store) => store.byUsername(named.username));
    case "phone":
      return await peers.find((store) => store.byPhone(named.phone));
    case "invite":
      return undefined;
  }
  for (const marked of markedIds(named.id)) {
    const known = await peers.find((store) => store.byId(marked));
    if (known !== undefined) return known;
  }
  return undefined;
}

/** Returns the marked ids that an id can mean: a bare one, a user, a channel or a group. */
export function markedIds(id: bigint): readonly bigint[] {
  return id < 0n ? [id] : [id, channelPeerId(id), -id];
}
