/**
 * The order of the messages to each chat. A message takes its place when it is sent, by the names
 * of its chat that are known then; when the peer is found, it goes behind the earlier messages to
 * that peer. Nothing is remembered of a chat without messages under way.
 */
import { CallOrder, type OrderedCall } from "../connection/mod.ts";
import { abortable } from "../runtime/mod.ts";
import { channelPeerId, type MemoryPeers, type Peer } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import { markedIds, type PeerContext, type PeerLike } from "./input_peer.ts";

/** A message's peer, and its place among the messages to that peer. */
export interface Placed {
  readonly peer: Api.InputPeer;
  /** Its `end()` must be called. */
  readonly order: OrderedCall;
}

/** The messages of an account that are under way. */
export class ChatOrder {
  /** By the names of chats: resolves when the messages so far have taken their places. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #calls = new CallOrder();

  /** The number of names and chats that are remembered. */
  get size(): number {
    return this.#turns.size + this.#calls.size;
  }

  /**
   * Finds the peer of a message, and places the message behind those that were placed before by the
   * same name or to the same peer.
   */
  async place(
    context: PeerContext,
    to: PeerLike,
    find: () => Promise<Api.InputPeer>,
    signal: AbortSignal | undefined,
  ): Promise<Placed> {
    const names = chatNames(context, to);
    if (names.id !== undefined && !names.all.some((name) => this.#turns.has(name))) {
      const order = this.#calls.begin(names.id);
      try {
        return { order, peer: await find() };
      } catch (error) {
        order.end();
        throw error;
      }
    }
    const turn = this.#enter(names.all);
    try {
      const peer = await find();
      await abortable(turn.comes, signal);
      return { peer, order: this.#calls.begin(peerName(context, peer)) };
    } finally {
      turn.end();
    }
  }

  /** Takes a turn behind all that have one of these names. */
  #enter(names: readonly string[]): { comes: Promise<unknown>; end: () => void } {
    const comes = Promise.all(names.map((name) => this.#turns.get(name)));
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = comes.then(() => promise);
    for (const name of names) this.#turns.set(name, over);
    over.then(() => {
      for (const name of names) {
        if (this.#turns.get(name) === over) this.#turns.delete(name);
      }
    });
    return { comes, end: resolve };
  }
}

/** Returns the id of a chat, if it is known without a question, and all known names. */
function chatNames(context: PeerContext, to: PeerLike): { id?: string; all: string[] } {
  if (typeof to === "object" && to !== null) return named(peerName(context, to));
  if (to === "me" || to === "self") return named(peerName(context, { _: "inputPeerSelf" }));
  const name = String(to).toLowerCase().replace(/^@/, "");
  const seen = seenPeer(context.peers.recent, to, name);
  return seen === undefined ? { all: [name] } : named(String(seen.id), name);
}

function named(id: string, name = id): { id: string; all: string[] } {
  return { id, all: [id, name] };
}

function seenPeer(recent: MemoryPeers, to: unknown, name: string): Peer | undefined {
  if (typeof to === "string") {
    return name.startsWith("+") ? recent.byPhone(name.replace(/\D/g, "")) : recent.byUsername(name);
  }
  if (typeof to === "number" ? !Number.isSafeInteger(to) : typeof to !== "bigint") return undefined;
  for (const id of markedIds(BigInt(name))) {
    const peer = recent.byId(id);
    if (peer !== undefined) return peer;
  }
  return undefined;
}

/** Returns the marked id of a peer as text; `self` while nobody is signed in. */
function peerName({ session }: PeerContext, peer: Api.InputPeer): string {
  switch (peer._) {
    case "inputPeerSelf":
      return String(session.state.user?.id ?? "self");
    case "inputPeerUser":
    case "inputPeerUserFromMessage":
      return String(peer.userId);
    case "inputPeerChat":
      return String(-peer.chatId);
    case "inputPeerChannel":
    case "inputPeerChannelFromMessage":
      return String(channelPeerId(peer.channelId));
    default:
      return String(peer._);
  }
}
