/** A client for the functions of messages/, with a script of Telegram's answers. */
import { messageActions } from "../../src/messages/actions.ts";
import { ChatOrder } from "../../src/messages/chat_order.ts";
import type { PeerContext } from "../../src/messages/input_peer.ts";
import { PeerCache } from "../../src/messages/peer_cache.ts";
import { channelPeerId, type Peer } from "../../src/session/mod.ts";
import type { Api } from "../../src/tl/mod.ts";
import { type Line, ScriptedTelegram } from "../helpers/scripted_telegram.ts";

export const SELF_ID = 1n;
/** Peers that the client has seen. */
export const GROUP: Peer = { id: -5n, kind: "chat", usernames: [] };
export const CHANNEL: Peer = {
  id: channelPeerId(6n),
  kind: "channel",
  accessHash: 66n,
  usernames: ["news"],
};
export const ADA: Peer = {
  id: 42n,
  kind: "user",
  accessHash: 420n,
  usernames: ["ada"],
  phone: "99966",
};

export const INPUT_ADA: Api.InputPeer = { _: "inputPeerUser", userId: 42n, accessHash: 420n };
export const INPUT_NEWS: Api.InputPeer = {
  _: "inputPeerChannel",
  channelId: 6n,
  accessHash: 66n,
};
export const INPUT_GROUP: Api.InputPeer = { _: "inputPeerChat", chatId: 5n };
export const NEWS: Api.channel = {
  _: "channel",
  id: 6n,
  accessHash: 66n,
  title: "News",
  username: "news",
  photo: { _: "chatPhotoEmpty" },
  date: 0,
};
export const ADA_USER: Api.user = {
  _: "user",
  id: 42n,
  accessHash: 420n,
  firstName: "Ada",
  lastName: "Lovelace",
  username: "ada",
};

/** A client of a scripted Telegram. */
export type Context = ScriptedTelegram & PeerContext;

/** Returns a client that is signed in, has seen these peers, and gets these answers. */
export async function contextOf(
  script: Line[],
  options: { readonly peers?: readonly Peer[]; readonly isBot?: boolean } = {},
): Promise<Context> {
  const { peers = [GROUP, CHANNEL, ADA], isBot = false } = options;
  const telegram = new ScriptedTelegram(script);
  telegram.session.state.user = { id: SELF_ID, isBot };
  const seenAt = Math.floor(telegram.clock.now() / 1000);
  await telegram.session.peers.put(peers.map((peer) => ({ ...peer, seenAt })));
  const host = { ...telegram, lifetime: new AbortController().signal };
  const context = { peers: new PeerCache(host), chatOrder: new ChatOrder() };
  const client = Object.assign(telegram, context) as Context;
  return Object.assign(client, { actions: messageActions(client) });
}

/** Makes a message of TL. */
export function rawMessage(id: number, more: Partial<Api.message> = {}): Api.message {
  return {
    _: "message",
    id,
    date: 1000 + id,
    message: `text ${id}`,
    peerId: { _: "peerUser", userId: 42n },
    ...more,
  };
}

/** Makes an answer with updates. */
export function updates(
  list: Api.Update[],
  { users = [ADA_USER], chats = [] }: { users?: Api.User[]; chats?: Api.Chat[] } = {},
): Api.updates {
  return { _: "updates", updates: list, users, chats, date: 1700, seq: 0 };
}

/** Makes an answer with messages. */
export function found(
  messages: Api.Message[],
  { users = [ADA_USER], chats = [NEWS] }: { users?: Api.User[]; chats?: Api.Chat[] } = {},
): Api.messages.messagesSlice {
  return { _: "messages.messagesSlice", count: 1000, messages, topics: [], users, chats };
}

/** Collects what an iterator yields. */
export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of list) values.push(value);
  return values;
}
