/**
 * Whom a message is for: oneself, or somebody with a public username.
 * https://core.telegram.org/api/peers. Remembering peers by their id comes with the stores that keep them.
 */
import { invokeAtHome, type SignInContext, type StepOptions } from "../auth/mod.ts";
import type { Api } from "../tl/mod.ts";

/** `"me"`, a username with or without `@`, or an input peer as TL has it. */
export type PeerLike = string | Api.InputPeer;

/** The input peer that is meant; asks Telegram about a username. */
export async function inputPeerOf(
  context: SignInContext,
  peer: PeerLike,
  options: StepOptions = {},
): Promise<Api.InputPeer> {
  if (typeof peer !== "string") return peer;
  if (peer === "me" || peer === "self") return { _: "inputPeerSelf" };
  const username = /^@?([A-Za-z][\w]{2,31})$/.exec(peer)?.[1];
  if (username === undefined) {
    throw new TypeError(`Cannot find the peer "${peer}": expected "me" or a username`);
  }
  const found = await invokeAtHome(context, { _: "contacts.resolveUsername", username }, options);
  const input = inputPeerIn(found);
  if (input !== undefined) return input;
  throw new TypeError(`Cannot find the peer "${peer}": Telegram gave no access to it`);
}

function inputPeerIn({ peer, users, chats }: Api.contacts.resolvedPeer): Api.InputPeer | undefined {
  switch (peer._) {
    case "peerUser": {
      const user = users.find((user) => user.id === peer.userId);
      if (user?._ !== "user" || user.accessHash === undefined) return undefined;
      return { _: "inputPeerUser", userId: user.id, accessHash: user.accessHash };
    }
    case "peerChannel": {
      const channel = chats.find((chat) => chat.id === peer.channelId);
      if (channel?._ !== "channel" || channel.accessHash === undefined) return undefined;
      return { _: "inputPeerChannel", channelId: channel.id, accessHash: channel.accessHash };
    }
    case "peerChat":
      return { _: "inputPeerChat", chatId: peer.chatId };
  }
}
