/**
 * The peer that a program names: itself, or a peer by id, username or phone number. Telegram is
 * asked only about peers that were not seen before. https://core.telegram.org/api/peers
 */
import type { MethodCall, SignInContext, StepOptions } from "../auth/mod.ts";
import type { CallOptions } from "../connection/mod.ts";
import { abortable } from "../runtime/mod.ts";
import { channelPeerId, type Peer } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { ChatOrder } from "./chat_order.ts";
import type { PeerCache } from "./peer_cache.ts";
import { extractPeers, toInputPeer } from "./extract_peers.ts";

/**
 * `"me"`; a username with or without `@`; a phone number with `+`; the id of a user, group or
 * channel that was seen before (bare as TL has it, or marked as the Bot API has it); or an input
 * peer as TL has it.
 */
export type PeerLike = string | bigint | number | Api.InputPeer;

/** A client that remembers peers, and keeps the order of the messages to each chat. */
export interface PeerContext extends SignInContext {
  readonly peers: PeerCache;
  readonly chatOrder: ChatOrder;
  /** Calls a method as {@linkcode SignInContext} does; an ordered call when its turn comes. */
  invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options?: CallOptions,
  ): Promise<Api.Methods[M]["result"]>;
}

const USERNAME = /^@?([A-Za-z]\w{2,31})$/;
const PHONE = /^\+([\d\s().-]{5,25})$/;

/**
 * Returns the input peer of a peer. Asks Telegram about a username or phone number that was not
 * seen yet.
 */
export async function inputPeerOf(
  context: PeerContext,
  peer: PeerLike,
  options: StepOptions = {},
): Promise<Api.InputPeer> {
  if (typeof peer === "object" && peer !== null) return peer;
  if (peer === "me" || peer === "self") return { _: "inputPeerSelf" };
  // Who was seen is known to a session that is loaded.
  await abortable(context.ready(), options.signal);
  if (typeof peer === "bigint" || typeof peer === "number") return await byId(context, peer);
  if (typeof peer !== "string") {
    throw new TypeError(
      `Cannot find the peer: it is ${peer}. Pass "me", a username, a phone number, or an id.`,
    );
  }
  const username = USERNAME.exec(peer)?.[1];
  const phone = PHONE.exec(peer)?.[1].replace(/\D/g, "");
  if (username === undefined && phone === undefined) {
    throw new TypeError(
      `Cannot find the peer "${peer}". Pass "me", a username, a phone number with "+", or an id.`,
    );
  }
  const known = await context.peers.find((peers) =>
    username !== undefined ? peers.byUsername(username) : peers.byPhone(phone ?? "")
  );
  if (known !== undefined) return toInputPeer(known);
  const request = username !== undefined
    ? { _: "contacts.resolveUsername", username } as const
    : { _: "contacts.resolvePhone", phone: phone ?? "" } as const;
  const found = resolvedPeer(await context.invoke(request, options));
  if (found !== undefined) return toInputPeer(found);
  throw new TypeError(`Cannot find the peer "${peer}": Telegram gives no access to it`);
}

/** Finds a peer by id. A bare id can be that of a user, a channel or a group: in this order. */
async function byId(
  { peers, session }: PeerContext,
  given: bigint | number,
): Promise<Api.InputPeer> {
  if (typeof given === "number" && !Number.isSafeInteger(given)) {
    throw new TypeError(`Cannot find the peer "${given}". Pass a whole number, or a bigint.`);
  }
  const id = BigInt(given);
  for (const marked of markedIds(id)) {
    const known = await peers.find((store) => store.byId(marked));
    if (known !== undefined) return toInputPeer(known);
  }
  if (id < 0n && id > channelPeerId(0n)) return { _: "inputPeerChat", chatId: -id };
  // Bots may name people who have written to them by their id alone.
  if (id > 0n && session.state.user?.isBot) {
    return { _: "inputPeerUser", userId: id, accessHash: 0n };
  }
  throw new TypeError(
    `Cannot find the peer "${id}": this session has not seen it. Pass its username or phone ` +
      "number.",
  );
}

/** Returns the marked ids that an id can mean: a bare one, a user, a channel or a group. */
export function markedIds(id: bigint): readonly bigint[] {
  return id < 0n ? [id] : [id, channelPeerId(id), -id];
}

function resolvedPeer(resolved: Api.contacts.resolvedPeer): Peer | undefined {
  const { peer } = resolved;
  const id = peer._ === "peerUser"
    ? peer.userId
    : peer._ === "peerChannel"
    ? channelPeerId(peer.channelId)
    : -peer.chatId;
  return extractPeers(resolved).find((seen) => seen.id === id);
}
