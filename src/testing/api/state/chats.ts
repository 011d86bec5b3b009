/**
 * Basic groups, supergroups and channels: https://core.telegram.org/api/channel
 *
 * Who is a member, and with which role. The messages of a channel are in its box, those of a basic
 * group in the boxes of its members.
 */
import { type Random, randomLong } from "../../../runtime/mod.ts";
import { bytesToHex } from "../../../crypto/mod.ts";
import type { Account } from "./account.ts";
import type { StoredFile } from "./files.ts";
import { MessageBox } from "./message_box.ts";
import type { PeerId } from "./peer_id.ts";

/** A member of a chat. */
export interface Member {
  readonly account: Account;
  readonly inviterId: bigint;
  /** In Unix seconds. */
  readonly date: number;
  role: "creator" | "admin" | "member";
}

/** What groups and channels have in common. */
interface ChatBase {
  readonly id: bigint;
  title: string;
  about: string;
  /** In Unix seconds. */
  readonly date: number;
  /** By user id. */
  readonly members: Map<bigint, Member>;
  /** The hash of its invite link. */
  readonly inviteHash: string;
  photo?: StoredFile;
}

/** A basic group. */
export interface Group extends ChatBase {
  readonly kind: "chat";
  /** Increases with each change of the members. */
  version: number;
}

/** A channel, or a supergroup. */
export interface Channel extends ChatBase {
  readonly kind: "channel";
  readonly accessHash: bigint;
  /** Whether it is a supergroup: all members write. */
  readonly isMegagroup: boolean;
  username?: string;
  readonly box: MessageBox;
  /** The user ids that may not return. */
  readonly banned: Set<bigint>;
}

/** A basic group or a channel. */
export type Chat = Group | Channel;

/** The user, group or channel that a message goes to. */
export type Target = Chat | {
  readonly kind: "user";
  readonly id: bigint;
  readonly account: Account;
};

/** The properties of a new chat. */
export interface NewChat {
  readonly title: string;
  readonly about?: string;
  readonly creator: Account;
  /** In Unix seconds. */
  readonly date: number;
}

const FIRST_CHAT_ID = 4_000_001n;
const FIRST_CHANNEL_ID = 1_500_000_001n;

/** Returns the name of a chat as a peer. */
export function chatPeer({ kind, id }: Chat): PeerId {
  return { kind, id };
}

/** Returns whether an account may manage a chat. */
export function isAdmin({ members }: Chat, { id }: Account): boolean {
  return ["creator", "admin"].includes(members.get(id)?.role ?? "");
}

/** All groups and channels. */
export class Chats {
  readonly #random: Random;
  readonly #groups = new Map<bigint, Group>();
  readonly #channels = new Map<bigint, Channel>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Makes a basic group with one member. */
  addGroup(options: NewChat): Group {
    const id = FIRST_CHAT_ID + BigInt(this.#groups.size);
    const group: Group = { kind: "chat", id, ...this.#base(options), version: 1 };
    this.#groups.set(id, group);
    return group;
  }

  /** Makes a channel or a supergroup with one member. */
  addChannel(options: NewChat & { readonly isMegagroup: boolean }): Channel {
    const id = FIRST_CHANNEL_ID + BigInt(this.#channels.size);
    const channel: Channel = {
      kind: "channel",
      id,
      ...this.#base(options),
      accessHash: randomLong(this.#random),
      isMegagroup: options.isMegagroup,
      box: new MessageBox(),
      banned: new Set(),
    };
    this.#channels.set(id, channel);
    return channel;
  }

  group(id: bigint): Group | undefined {
    return this.#groups.get(id);
  }

  channel(id: bigint): Channel | undefined {
    return this.#channels.get(id);
  }

  /** Returns the group or channel of a peer. */
  get({ kind, id }: PeerId): Chat | undefined {
    if (kind === "user") return undefined;
    return kind === "chat" ? this.#groups.get(id) : this.#channels.get(id);
  }

  /** Returns the channels of which an account is a member. */
  channelsOf({ id }: Account): readonly Channel[] {
    return [...this.#channels.values()].filter(({ members }) => members.has(id));
  }

  byUsername(username: string): Channel | undefined {
    const name = username.toLowerCase();
    return [...this.#channels.values()].find((one) => one.username?.toLowerCase() === name);
  }

  byInvite(hash: string): Chat | undefined {
    const all: Chat[] = [...this.#groups.values(), ...this.#channels.values()];
    return all.find(({ inviteHash }) => inviteHash === hash);
  }

  #base({ title, about = "", creator, date }: NewChat): Omit<ChatBase, "id"> {
    const member: Member = { account: creator, inviterId: creator.id, date, role: "creator" };
    const inviteHash = bytesToHex(this.#random(8));
    return { title, about, date, members: new Map([[creator.id, member]]), inviteHash };
  }
}
