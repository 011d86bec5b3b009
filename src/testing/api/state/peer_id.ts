/**
 * The name of a conversation: a user, a basic group, or a channel.
 * https://core.telegram.org/api/peers
 */

/** A user, a basic group (`chat`), or a channel; supergroups are channels. */
export interface PeerId {
  readonly kind: "user" | "chat" | "channel";
  readonly id: bigint;
}

/** Returns the peer of a user. */
export function userPeer(id: bigint): PeerId {
  return { kind: "user", id };
}

/** Returns the text under which the state keeps a peer. */
export function peerKey({ kind, id }: PeerId): string {
  return `${kind} ${id}`;
}
