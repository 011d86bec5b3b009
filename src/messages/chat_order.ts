/**
 * The order of the messages to each chat. A message takes its place when it is sent, by the names
 * of its chat that are known then; when the peer is found, it goes behind the earlier messages to
 * that peer. Nothing is remembered of a chat without messages under way.
 */
import { CallOrder, type OrderedCall } from "../connection/mod.ts";
import type { Api } from "../tl/mod.ts";
import { channelPeerId } from "../session/mod.ts";
import type { PeerContext, PeerLike } from "./input_peer.ts";

/** The turn of a message to look for its place. */
export interface Turn {
  /** Resolves when the earlier messages to a chat of these names have taken their places. */
  readonly comes: Promise<unknown>;
  /** Lets the next message take its place. */
  end(): void;
}

/** The messages of an account that are under way. */
export class ChatOrder {
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #calls = new CallOrder();

  /** The number of names and chats that are remembered. */
  get size(): number {
    return this.#turns.size + this.#calls.size;
  }

  /** Takes a turn behind all that have one of these names. */
  enter(names: readonly string[]): Turn {
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

  /** Puts a call behind the calls for the same peer. */
  begin(context: PeerContext, peer: Api.InputPeer): OrderedCall {
    return this.#calls.begin(peerName(context, peer));
  }
}

/** Returns the names of a chat: the given one, and its id if the peer was seen. */
export function chatNames(context: PeerContext, to: PeerLike): string[] {
  if (typeof to === "object" && to !== null) return [peerName(context, to)];
  if (to === "me" || to === "self") return [peerName(context, { _: "inputPeerSelf" })];
  const text = String(to).toLowerCase();
  const isPhone = text.startsWith("+");
  const name = isPhone ? `+${text.replace(/\D/g, "")}` : text.replace(/^@/, "");
  const seen = typeof to === "string"
    ? isPhone ? context.peers.recent.byPhone(name.slice(1)) : context.peers.recent.byUsername(name)
    : undefined;
  return seen === undefined ? [name] : [name, String(seen.id)];
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
