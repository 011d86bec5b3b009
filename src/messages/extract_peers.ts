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
export function extractPeers(answer: unknown, depth = 0): Peer[] {
  if (Array.isArray(answer)) return answer.flatMap((one) => extractPeers(one, depth));
  if (typeof answer !== "object" || answer === null || depth > MAX_DEPTH) return [];
  const object = answer as { readonly _?: string } & Readonly<Record<string, unknown>>;
  switch (object._) {
    case "user":
      return userPeer(answer as Api.user);
    case "chat":
    case "chatForbidden":
      return [{ id: -(answer as Api.chat).id, kind: "chat", usernames: [] }];
    case "channel":
    case "channelForbidden":
      return channelPeer(answer as Api.channel);
    default:
      return HOLDERS.flatMap((field) => extractPeers(object[field], depth + 1));
  }
}

function userPeer(user: Api.user): Peer[] {
  const { id, accessHash, phone } = user;
  if (user.min || accessHash === undefined) return [];
  const kind = user.bot ? "bot" : "user";
  const usernames = usernamesOf(user);
  return [{ id, kind, accessHash, usernames, ...(phone !== undefined && { phone }) }];
}

function channelPeer(channel: Api.channel): Peer[] {
  const { id, accessHash } = channel;
  if (channel.min || accessHash === undefined) return [];
  const usernames = usernamesOf(channel);
  return [{ id: channelPeerId(id), kind: "channel", accessHash, usernames }];
}

/** Returns the active usernames of a user or channel; Telegram shows the first. */
export function usernamesOf({ username, usernames = [] }: Api.user | Api.channel): string[] {
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
