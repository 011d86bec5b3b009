/**
 * The peers that must be known to make use of a message. https://core.telegram.org/api/min
 * A packet may name a user or chat without describing it; the difference describes all.
 */
import type { Api } from "../tl/mod.ts";

/** Returns the peers that a message names: where it is, whom it is from, whom it mentions. */
export function neededPeers(message: Api.Message): Api.Peer[] {
  const peers: Api.Peer[] = [];
  const add = (peer: Api.Peer | undefined): void => {
    if (peer !== undefined) peers.push(peer);
  };
  const addUser = (userId: bigint | undefined): void => {
    if (userId !== undefined && userId !== 0n) peers.push({ _: "peerUser", userId });
  };
  if (message._ === "messageEmpty") return peers;
  add(message.peerId);
  add(message.fromId);
  if (message.replyTo?._ === "messageReplyHeader") add(message.replyTo.replyToPeerId);
  if (message._ === "messageService") {
    const { users, userId } = message.action as { users?: unknown; userId?: unknown };
    for (const id of Array.isArray(users) ? users : [userId]) {
      if (typeof id === "bigint") addUser(id);
    }
    return peers;
  }
  add(message.fwdFrom?.fromId);
  add(message.fwdFrom?.savedFromPeer);
  addUser(message.viaBotId);
  for (const entity of message.entities ?? []) {
    if (entity._ === "messageEntityMentionName") addUser(entity.userId);
  }
  if (message.media?._ === "messageMediaContact") addUser(message.media.userId);
  return peers;
}

/** Returns the message whose peers must be known before an update is applied. */
export function messageOf(update: Api.Update): Api.Message | undefined {
  switch (update._) {
    case "updateNewMessage":
    case "updateEditMessage":
    case "updateNewChannelMessage":
    case "updateEditChannelMessage":
      return update.message;
  }
  return undefined;
}
