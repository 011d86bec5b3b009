/**
 * The peers in Telegram's answers: nearly every answer and update brings its users and chats.
 * https://core.telegram.org/api/peers. Peers marked `min` are left out, as they cannot be used by
 * themselves: https://core.telegram.org/api/min
 */
import { channelPeerId, type Peer } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";

/** Fields in which answers hold users and chats, or other answers that do. */
const HOLDERS = ["users", "chats", "user", "chat", "updates"] as const;
const MAX_DEPTH = 3;

/** Returns the peers in an answer or an update; of any other value, none. */
export function extractPeers(answer: unknown): Peer[] {
  const peers: Peer[] = [];
  collect(answer, 0, peers);
  return peers;
}

function collect(answer: unknown, depth: number, peers: Peer[]): void {
  if (typeof answer !== "object" || answer === null || depth > MAX_DEPTH) return;
  if (Array.isArray(answer)) {
    for (const one of answer) collect(one, depth, peers);
    return;
  }
  const object = answer as { readonly _?: string } & Readonly<Record<string, unknown>>;
  const peer = peerOf(answer as Api.User | Api.Chat);
  if (peer !== undefined) peers.push(peer);
  else for (const field of HOLDERS) collect(object[field], depth + 1, peers);
}

function peerOf(object: Api.User | Api.Chat): Peer | undefined {
  switch (object._) {
    case "user":
      return userPeer(object);
    case "chat":
    case "chatForbidden":
      return { id: -object.id, kind: "chat", usernames: [] };
    case "channel":
    case "channelForbidden":
      return channelPeer(object as Api.channel);
  }
}

function userPeer(user: Api.user): Peer | undefined {
  const { id, accessHash, phone } = user;
  if (user.min || accessHash === undefined) return undefined;
  const kind = user.bot ? "bot" : "user";
  const usernames = usernamesOf(user);
  return { id, kind, accessHash, usernames, ...(phone !== undefined && { phone }) };
}

function channelPeer(channel: Api.channel): Peer | undefined {
  const { id, accessHash } = channel;
  if (channel.min || accessHash === undefined) return undefined;
  const usernames = usernamesOf(channel);
  return { id: channelPeerId(id), kind: "channel", accessHash, usernames };
}

/** Returns the active usernames of a user or channel; Telegram shows the first. */
export function usernamesOf({ username, usernames }: Api.user | Api.channel): string[] {
  if (usernames === undefined) return username === undefined ? [] : [username];
  const active = usernames.filter((name) => name.active).map((name) => name.username);
  return [...new Set(username === undefined ? active : [username, ...active])];
}

/** Returns the input peer of a peer. */
export function toInputPeer({ id, kind, accessHash = 0n }: Peer): Api.InputPeer {
  switch (kind) {
    case "chat":
      return { _: "inputPeerChat", chatId: -id };
    case "channel":
      return { _: "inputPeerChannel", channelId: channelPeerId(id), accessHash };
    default:
      return { _: "inputPeerUser", userId: id, accessHash };
  }
}

/** Returns the marked id of a peer of TL. */
export function peerId(peer: Api.Peer): bigint {
  switch (peer._) {
    case "peerUser":
      return peer.userId;
    case "peerChat":
      return -peer.chatId;
    case "peerChannel":
      return channelPeerId(peer.channelId);
  }
}
