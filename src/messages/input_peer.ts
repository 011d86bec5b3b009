/**
 * The peer that a program names, as calls take it. Telegram is asked only about peers that were not
 * seen before. https://core.telegram.org/api/peers
 */
import type { MethodCall, SignInContext, StepOptions } from "../auth/mod.ts";
import { type CallOptions, RpcError } from "../connection/mod.ts";
import { abortable } from "../runtime/mod.ts";
import { channelPeerId, type Peer } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { ChatOrder } from "./chat_order.ts";
import type { MessageHost } from "./chats/message.ts";
import { extractPeers, peerId, toInputPeer } from "./extract_peers.ts";
import { loadChats } from "./load_chats.ts";
import { namedPeer, type PeerLike } from "./named_peer.ts";
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

/**
 * Returns the input peer of a peer. Asks Telegram about a username, a phone number or an invite
 * link that was not seen yet, and loads the dialogs once when an id was not.
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
  switch (named.kind) {
    case "id":
      return await byId(context, named.id, options);
    case "username":
      return await byUsername(context, named.username, options);
    case "phone":
      return await byPhone(context, named.phone, options);
    case "invite":
      return await byInvite(context, named.hash, options);
  }
}

async function byUsername(
  context: PeerContext,
  username: string,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const known = await context.peers.find((peers) => peers.byUsername(username));
  if (known !== undefined) return toInputPeer(known);
  const found = await context.invoke({ _: "contacts.resolveUsername", username }, options);
  return resolvedPeer(`@${username}`, found);
}

async function byPhone(
  context: PeerContext,
  phone: string,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const known = await context.peers.find((peers) => peers.byPhone(phone));
  if (known !== undefined) return toInputPeer(known);
  const found = await context.invoke({ _: "contacts.resolvePhone", phone }, options);
  return resolvedPeer("with this phone number", found);
}

/** Finds the chat of an invite link: https://core.telegram.org/method/messages.checkChatInvite */
async function byInvite(
  context: PeerContext,
  hash: string,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const invite = await context.invoke({ _: "messages.checkChatInvite", hash }, options);
  const [peer] = "chat" in invite ? extractPeers(invite.chat) : [];
  if (peer !== undefined) return toInputPeer(peer);
  throw new TypeError(
    "Cannot find the peer: the invite link is of a chat that this account is not in. Join it " +
      'first: client.invoke({ _: "messages.importChatInvite", hash }).',
  );
}

/** Finds a peer by id. A bare id can be that of a user, a channel or a group: in this order. */
async function byId(
  context: PeerContext,
  id: bigint,
  options: StepOptions,
): Promise<Api.InputPeer> {
  const known = await seenPeer(context, id);
  if (known !== undefined) return toInputPeer(known);
  const { user } = context.session.state;
  if (id === user?.id) return { _: "inputPeerSelf" };
  if (id < 0n && id > channelPeerId(0n)) return { _: "inputPeerChat", chatId: -id };
  if (user?.isBot) {
    // Bots may name those who have written to them by their id alone.
    return id > 0n
      ? { _: "inputPeerUser", userId: id, accessHash: 0n }
      : { _: "inputPeerChannel", channelId: channelPeerId(id), accessHash: 0n };
  }
  if (user !== undefined && await loadDialogs(context, options)) {
    const found = await seenPeer(context, id);
    if (found !== undefined) return toInputPeer(found);
  }
  throw new TypeError(
    `Cannot find the peer "${id}": this account has not met it, nor is it among its dialogs. ` +
      "Pass its username, its phone number, or a link to it.",
  );
}

async function seenPeer({ peers }: PeerContext, id: bigint): Promise<Peer | undefined> {
  for (const marked of markedIds(id)) {
    const known = await peers.find((store) => store.byId(marked));
    if (known !== undefined) return known;
  }
  return undefined;
}

/** Returns the marked ids that an id can mean: a bare one, a user, a channel or a group. */
export function markedIds(id: bigint): readonly bigint[] {
  return id < 0n ? [id] : [id, channelPeerId(id), -id];
}

/** Loads the dialogs, whose peers are then known, once a connected time. Returns whether it did. */
async function loadDialogs(context: PeerContext, options: StepOptions): Promise<boolean> {
  if (context.peers.hasLoadedDialogs) return false;
  const { dialogs } = await loadChats();
  try {
    for await (const _ of dialogs(context, options));
    for await (const _ of dialogs(context, { ...options, archived: true }));
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    context.log.warn(`Cannot load the dialogs to find a peer: ${error.message}`);
    return false;
  }
  context.peers.hasLoadedDialogs = true;
  return true;
}

function resolvedPeer(name: string, resolved: Api.contacts.resolvedPeer): Api.InputPeer {
  const id = peerId(resolved.peer);
  const found = extractPeers(resolved).find((seen) => seen.id === id);
  if (found !== undefined) return toInputPeer(found);
  throw new TypeError(`Cannot find the peer ${name}: Telegram gives no access to it`);
}
