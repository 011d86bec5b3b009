/**
 * The people who write to the account of the programs, in three chats: with Bob, in a basic group
 * and in a supergroup. What happens in the boxes of the account is noted as the servers have it.
 */
import { writeUpdatesText } from "../../src/session/updates/updates_text.ts";
import { KeyValuePeers } from "../../src/session/stores/key_value_peers.ts";
import { channelPeerId } from "../../src/session/mod.ts";
import type { OfflineTelegram } from "../../src/testing/mod.ts";
import type { Api, TlObject } from "../../src/tl/mod.ts";
import { formatUpdatesState } from "../../src/updates/mod.ts";
import type { BoxEvent, History } from "./history.ts";
import type { OthersChat, StepKind } from "./workload.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** The parts of the others. */
export interface OthersOptions {
  readonly telegram: OfflineTelegram;
  readonly history: History;
  readonly time: VirtualTime;
  readonly ada: string;
  readonly bob: string;
}

/** The box of private chats and basic groups. */
export const COMMON = "common";

/** People, and what they write. */
export class Others {
  /** Whether the account itself does something just now. */
  isAdaAtWork = false;
  readonly #options: OthersOptions;
  readonly #peers: Readonly<Record<OthersChat, Api.InputPeer>>;
  /** The messages of each chat that are not deleted, by the ids that Bob has for them. */
  readonly #ids: Readonly<Record<OthersChat, number[]>> = { bob: [], group: [], room: [] };
  #sent = 0;

  constructor(options: OthersOptions) {
    this.#options = options;
    const { telegram: { api }, ada } = options;
    const found = this.#act({
      _: "contacts.resolveUsername",
      username: "ada_lovelace",
    }) as Api.contacts.resolvedPeer;
    const [user] = found.users as [Api.user];
    const { id: userId, accessHash = 0n } = user;
    const users = [{ _: "inputUser", userId, accessHash }];
    const group = this.#act({
      _: "messages.createChat",
      title: "The group",
      users,
    }) as Api.messages.invitedUsers;
    const [{ id: chatId }] = (group.updates as Api.updates).chats;
    const made = this.#act({
      _: "channels.createChannel",
      megagroup: true,
      title: "The room",
      about: "",
    }) as Api.updates;
    const room = made.chats[0] as Api.channel;
    const channel = { _: "inputChannel", channelId: room.id, accessHash: room.accessHash };
    this.#act({ _: "channels.updateUsername", channel, username: "the_room" });
    this.#act({ _: "channels.inviteToChannel", channel, users });
    this.#peers = {
      bob: { _: "inputPeerUser", userId, accessHash },
      group: { _: "inputPeerChat", chatId },
      room: { _: "inputPeerChannel", channelId: room.id, accessHash: room.accessHash ?? 0n },
    };
    api.watch(ada, ({ updates }) => updates.forEach((update) => this.#note(update)));
  }

  /** Writes, edits or deletes messages. */
  carryOut({ what, chat, count }: Extract<StepKind, { kind: "others" }>): void {
    const ids = this.#ids[chat];
    if (what === "send") {
      for (let i = 0; i < count; i++) this.send(chat, `${chat} ${++this.#sent}`);
    } else if (what === "edit") {
      for (const id of ids.slice(-count)) this.#edit(chat, id);
    } else {
      const found = ids.splice(-count);
      if (found.length > 0) this.#delete(chat, found);
    }
  }

  /** Writes a message. */
  send(chat: OthersChat, message: string): void {
    const answer = this.#act({
      _: "messages.sendMessage",
      peer: this.#peers[chat],
      message,
      randomId: BigInt(1_000_000 + ++this.#sent),
    }) as Api.Updates;
    const id = answer._ === "updateShortSentMessage"
      ? answer.id
      : (answer as Api.updates).updates.find((one) => one._ === "updateMessageID")?.id;
    if (id !== undefined) this.#ids[chat].push(id);
  }

  /** Writes into the store of the account's programs where it stands, and whom it knows. */
  async writeFirstTexts(name: string, texts: Map<string, string>): Promise<void> {
    const { telegram: { api }, ada } = this.#options;
    const userId = api.userId(ada) ?? 0n;
    const state = api.act(ada, { _: "updates.getState" }) as Api.updates.state;
    const found = api.act(ada, {
      _: "contacts.resolveUsername",
      username: "the_room",
    }) as Api.contacts.resolvedPeer;
    const [room] = found.chats as [Api.channel];
    const { id: channelId, accessHash } = room;
    const channel = { _: "inputChannel", channelId, accessHash };
    const full = api.act(ada, { _: "channels.getFullChannel", channel }) as Api.messages.chatFull;
    const { pts } = full.fullChat as Api.channelFull;
    const channels = new Map([[channelId, { pts, behind: false }]]);
    const text = formatUpdatesState({ ...state, channels }, userId);
    texts.set(`${name}:updates`, writeUpdatesText({ userId, text }));
    const store = {
      get: (key: string) => Promise.resolve(texts.get(key)),
      set: (key: string, value: string) => Promise.resolve(void texts.set(key, value)),
      delete: (key: string) => Promise.resolve(void texts.delete(key)),
    };
    await new KeyValuePeers(store, `${name}:`).put([{
      id: channelPeerId(channelId),
      kind: "channel",
      accessHash,
      usernames: [],
    }]);
  }

  #edit(chat: OthersChat, id: number): void {
    const message = `${chat} ${id} edited ${++this.#sent}`;
    this.#act({ _: "messages.editMessage", peer: this.#peers[chat], id, message });
  }

  #delete(chat: OthersChat, id: number[]): void {
    const { channelId, accessHash } = this.#peers.room as Api.inputPeerChannel;
    const channel = { _: "inputChannel", channelId, accessHash };
    if (chat === "room") this.#act({ _: "channels.deleteMessages", channel, id });
    else this.#act({ _: "messages.deleteMessages", revoke: true, id });
  }

  #act(request: TlObject): unknown {
    const { telegram, bob } = this.#options;
    return telegram.api.act(bob, request);
  }

  #note(update: Api.Update): void {
    const { history, time } = this.#options;
    const event = eventOf(update);
    if (event === undefined) return;
    history.boxEvents.push({ ...event, at: time.now, isOwn: this.isAdaAtWork });
    history.note(time.now, `event ${event.box} ${event.key}`);
  }
}

/** Returns the place of an update of a message in a box, and what tells it from others. */
export function eventOf(update: Api.Update): Omit<BoxEvent, "at" | "isOwn"> | undefined {
  switch (update._) {
    case "updateNewMessage":
    case "updateNewChannelMessage":
    case "updateEditMessage":
    case "updateEditChannelMessage": {
      const { message, pts, ptsCount: count } = update;
      const kind = update._.startsWith("updateNew") ? "new" : "edit";
      const { peerId } = message as Api.message;
      const box = peerId._ === "peerChannel" ? `${peerId.channelId}` : COMMON;
      const key = kind === "new" ? `new ${message.id}` : `edit ${pts}`;
      const text = message._ === "message" ? message.message : "";
      return { box, key, kind, ids: [message.id], pts, count, text };
    }
    case "updateDeleteMessages":
    case "updateDeleteChannelMessages": {
      const { messages: ids, pts, ptsCount: count } = update;
      const box = "channelId" in update ? `${update.channelId}` : COMMON;
      return { box, key: `delete ${pts}`, kind: "delete", ids, pts, count, text: "" };
    }
  }
  return undefined;
}
