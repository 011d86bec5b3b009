/**
 * What the tests of groups and channels share: Ada, Charles and a bot, each with one session that
 * records what is pushed to it.
 */
import type { OfflineApi, OfflineOptions } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { ACCOUNTS } from "./conversations.ts";
import { caller, type Fixture, fixture, PHONE, TOKEN } from "./fixture.ts";

/** An account with a session. */
export interface Participant {
  readonly id: bigint;
  /** Calls a method. */
  (method: string, params?: Partial<TlObject>): TlObject;
  /** Returns what was pushed to the session since the last time. */
  pushed(): readonly TlObject[];
  /** Sends a text. */
  send(peer: TlObject, message: string, more?: Partial<TlObject>): TlObject;
}

/** Ada, Charles and a bot. */
export interface ChatWorld extends Fixture {
  readonly ada: Participant;
  readonly charles: Participant;
  readonly bot: Participant;
}

export const RANGE = {
  offsetId: 0,
  offsetDate: 0,
  addOffset: 0,
  limit: 100,
  maxId: 0,
  minId: 0,
  hash: 0n,
};
export const BOT_PEER = (world: ChatWorld): TlObject => peerTo(world.ada, "test_777_bot");

let randomId = 100n;

/** Makes the accounts and their sessions. */
export function chatWorld(options: Partial<OfflineOptions> = {}): ChatWorld {
  const state = fixture({ ...ACCOUNTS, ...options });
  const { api } = state;
  const ada = participant(api, "ada", PHONE);
  const charles = participant(api, "charles", "+9996633333");
  const bot = participant(api, "bot", TOKEN);
  const all = new Map([["ada", ada], ["charles", charles], ["bot", bot]]);
  api.onUpdates = (key, updates, exceptSession) => {
    if (exceptSession === undefined) (all.get(key)?.pushes ?? []).push(updates);
  };
  return Object.assign(state, { ada, charles, bot });
}

function participant(
  api: OfflineApi,
  authKeyId: string,
  who: string,
): Participant & { readonly pushes: TlObject[] } {
  const session = caller({ authKeyId });
  api.signIn(who, session);
  const pushes: TlObject[] = [];
  const call = (method: string, params: Partial<TlObject> = {}): TlObject =>
    api.handle({ _: method, ...params }, session) as TlObject;
  const send = (peer: TlObject, message: string, more: Partial<TlObject> = {}): TlObject =>
    call("messages.sendMessage", { peer, message, randomId: randomId++, ...more });
  const [{ id }] = call("users.getUsers", {
    id: [{ _: "inputUserSelf" }],
  }) as unknown as [TlObject & { id: bigint }];
  return Object.assign(call, { id, pushes, send, pushed: () => pushes.splice(0) });
}

/** Returns the InputPeer of a username. */
export function peerTo(from: Participant, username: string): TlObject {
  const { peer, users, chats } = from("contacts.resolveUsername", { username }) as TlObject & {
    readonly peer: TlObject;
    readonly users: TlObject[];
    readonly chats: TlObject[];
  };
  if (peer._ === "peerChannel") {
    const [{ id: channelId, accessHash }] = chats;
    return { _: "inputPeerChannel", channelId, accessHash };
  }
  const [{ id: userId, accessHash }] = users;
  return { _: "inputPeerUser", userId, accessHash };
}

/** Returns an InputPeer of a user or a channel as InputUser or InputChannel. */
export function asInput(peer: TlObject): TlObject {
  return { ...peer, _: peer._ === "inputPeerUser" ? "inputUser" : "inputChannel" };
}

/** Makes a basic group of Ada, Charles and the bot, and forgets what was pushed. */
export function basicGroup(world: ChatWorld): TlObject & { readonly chatId: bigint } {
  const { ada, charles, bot } = world;
  const users = ["charles_b", "test_777_bot"].map((name) => asInput(peerTo(ada, name)));
  const { updates } = ada("messages.createChat", { users, title: "Engines" });
  const [{ id }] = (updates as { chats: TlObject[] } & TlObject).chats;
  for (const one of [ada, charles, bot]) one.pushed();
  return { _: "inputPeerChat", chatId: id as bigint };
}

/** Makes a supergroup of Ada, Charles and the bot, and forgets what was pushed. */
export function supergroup(
  world: ChatWorld,
  { members = ["charles_b", "test_777_bot"] }: { readonly members?: readonly string[] } = {},
): TlObject & { readonly channelId: bigint } {
  const { ada, charles, bot } = world;
  const made = ada("channels.createChannel", { megagroup: true, title: "Super", about: "" });
  const [{ id: channelId, accessHash }] = made.chats as TlObject[];
  const channel = { _: "inputChannel", channelId, accessHash };
  const users = members.map((name) => asInput(peerTo(ada, name)));
  ada("channels.inviteToChannel", { channel, users });
  for (const one of [ada, charles, bot]) one.pushed();
  return { _: "inputPeerChannel", channelId: channelId as bigint, accessHash };
}

/** Returns the updates in pushed packets. */
export function updatesIn(packets: readonly TlObject[]): readonly TlObject[] {
  return packets.flatMap((packet) => (packet.updates ?? [packet.update]) as TlObject[]);
}

/** Asks for the difference of a channel. */
export function channelDifference(
  from: Participant,
  peer: TlObject,
  pts: number,
  limit = 100,
): TlObject {
  const filter = { _: "channelMessagesFilterEmpty" };
  return from("updates.getChannelDifference", { channel: asInput(peer), filter, pts, limit });
}
