/**
 * The peers that come with an answer or an update, in the form in which programs read them:
 * https://core.telegram.org/api/peers, https://core.telegram.org/api/min
 */
import { channelPeerId, kindOfPeerId } from "../../session/mod.ts";
import type { Api } from "../../tl/mod.ts";
import { extractPeers, toInputPeer, usernamesOf } from "../extract_peers.ts";

/** A user, a bot, a group or a channel. */
export interface PeerInfo {
  /** The marked id, as the Bot API has it: see {@linkcode channelPeerId}. */
  readonly id: bigint;
  /** What it is. A supergroup is a group that Telegram keeps as a channel. */
  readonly kind: "user" | "bot" | "group" | "supergroup" | "channel";
  /** The title, or first and last name; empty for a deleted user, or one that is not known. */
  readonly title: string;
  /** The username without `@`, if there is one; the first active one of several. */
  readonly username?: string;
  /** The peer as calls take it. */
  readonly input: Api.InputPeer;
  /** The user or chat as Telegram sent it, if it did. */
  readonly raw?: Api.User | Api.Chat;
}

/** Where a peer was seen, by which Telegram finds one that came without an access hash. */
export interface SeenIn {
  readonly peer: Api.InputPeer;
  readonly msgId: number;
}

/** What is known of peers that did not come along. */
export interface OtherPeers {
  /** A peer as the program has named it. */
  readonly input?: Api.InputPeer;
  /** Returns a user or chat that came earlier, by its marked id. */
  readonly get?: (id: bigint) => Api.User | Api.Chat | undefined;
}

/** The users and chats that came with an answer or an update. */
export class PacketPeers {
  readonly #objects = new Map<bigint, Api.User | Api.Chat>();
  readonly #others: OtherPeers;

  /**
   * Of these users and chats. A full one goes before one that is marked `min`.
   *
   * @param others what is known of peers that are not among them
   */
  constructor(
    users: readonly Api.User[],
    chats: readonly Api.Chat[],
    others: OtherPeers = {},
  ) {
    this.#others = others;
    for (const user of users) this.#add(user);
    for (const chat of chats) this.#add(chat);
  }

  /** Returns the user or chat of a marked id. */
  get(id: bigint): Api.User | Api.Chat | undefined {
    return this.#objects.get(id) ?? this.#others.get?.(id);
  }

  /** Returns a peer in the form in which programs read it. */
  info(id: bigint, seenIn?: () => SeenIn): PeerInfo {
    const raw = this.get(id);
    const { input } = this.#others;
    if (raw === undefined && input !== undefined && inputPeerId(input) === id) {
      return { ...unknownPeer(id, seenIn), input };
    }
    return raw === undefined ? unknownPeer(id, seenIn) : peerInfo(raw, seenIn);
  }

  #add(object: Api.User | Api.Chat): void {
    const id = objectId(object);
    if (!isMin(object) || !this.#objects.has(id)) this.#objects.set(id, object);
  }
}

/** Returns the marked id of a user or chat of TL. */
export function objectId(object: Api.User | Api.Chat): bigint {
  switch (object._) {
    case "user":
    case "userEmpty":
      return object.id;
    case "chat":
    case "chatEmpty":
    case "chatForbidden":
      return -object.id;
    default:
      return channelPeerId(object.id);
  }
}

/** Returns the marked id of an input peer; undefined for the account itself. */
export function inputPeerId(peer: Api.InputPeer): bigint | undefined {
  if ("userId" in peer) return peer.userId;
  if ("channelId" in peer) return channelPeerId(peer.channelId);
  return "chatId" in peer ? -peer.chatId : undefined;
}

function isMin(object: Api.User | Api.Chat): boolean {
  return "min" in object && object.min === true;
}

/** Returns a user or chat in the form in which programs read it. */
export function peerInfo(raw: Api.User | Api.Chat, seenIn?: () => SeenIn): PeerInfo {
  const id = objectId(raw);
  const [known] = extractPeers(raw);
  const [username] = raw._ === "user" || raw._ === "channel" ? usernamesOf(raw) : [];
  return {
    id,
    kind: kindOf(raw),
    title: titleOf(raw),
    ...(username !== undefined && { username }),
    input: isSelf(raw)
      ? { _: "inputPeerSelf" }
      : known === undefined
      ? unknownPeer(id, seenIn).input
      : toInputPeer(known),
    raw,
  };
}

function isSelf(raw: Api.User | Api.Chat): boolean {
  return raw._ === "user" && raw.self === true;
}

function kindOf(raw: Api.User | Api.Chat): PeerInfo["kind"] {
  switch (raw._) {
    case "user":
      return raw.bot ? "bot" : "user";
    case "userEmpty":
      return "user";
    case "channel":
    case "channelForbidden":
      return raw.megagroup || ("gigagroup" in raw && raw.gigagroup) ? "supergroup" : "channel";
    default:
      return "group";
  }
}

function titleOf(raw: Api.User | Api.Chat): string {
  if (raw._ === "user") return [raw.firstName, raw.lastName].filter(Boolean).join(" ");
  return "title" in raw ? raw.title : "";
}

/** A peer of which nothing came along but its id. */
function unknownPeer(id: bigint, seenIn: (() => SeenIn) | undefined): PeerInfo {
  const kind = kindOfPeerId(id);
  if (kind === "chat") {
    return { id, kind: "group", title: "", input: { _: "inputPeerChat", chatId: -id } };
  }
  const userId = id;
  const channelId = channelPeerId(id);
  if (kind === "user") {
    const input: Api.InputPeer = seenIn === undefined
      ? { _: "inputPeerUser", userId, accessHash: 0n }
      : { _: "inputPeerUserFromMessage", ...seenIn(), userId };
    return { id, kind, title: "", input };
  }
  const input: Api.InputPeer = seenIn === undefined
    ? { _: "inputPeerChannel", channelId, accessHash: 0n }
    : { _: "inputPeerChannelFromMessage", ...seenIn(), channelId };
  return { id, kind, title: "", input };
}
