/**
 * Peers: the users, groups and channels that were seen, with the access hash without which Telegram does not let them be
 * named. https://core.telegram.org/api/peers. They are a cache: what is lost is asked of Telegram again.
 */

/** What a peer is: a person, a bot, a basic group, or a channel (supergroups are channels, too). */
export type PeerKind = "user" | "bot" | "chat" | "channel";

/** What is known of a user, a group or a channel. */
export interface Peer {
  /**
   * The id, marked by what it is, as other libraries and the Bot API have it: a user's as it is, a basic group's
   * negative, a channel's below -1,000,000,000,000. See {@linkcode channelPeerId}.
   */
  readonly id: bigint;
  /** What it is. */
  readonly kind: PeerKind;
  /** Proves to Telegram that this account has seen the peer; worthless to any other. Basic groups have none. */
  readonly accessHash?: bigint;
  /** The usernames without `@`, the first the one that is shown. */
  readonly usernames: readonly string[];
  /** The phone number without `+`, if it may be seen. */
  readonly phone?: string;
}

/** Where a session keeps peers. Names and numbers are looked up as {@linkcode Peer} has them; the case of names does not matter. */
export interface PeerStore {
  /** Keeps peers; those that are known are replaced. */
  put(peers: readonly Peer[]): void | Promise<void>;
  /** The peer of a marked id. */
  byId(id: bigint): Peer | undefined | Promise<Peer | undefined>;
  /** The peer that has a username. */
  byUsername(username: string): Peer | undefined | Promise<Peer | undefined>;
  /** The peer that has a phone number. */
  byPhone(phone: string): Peer | undefined | Promise<Peer | undefined>;
  /** Forgets all of them: after signing out, their access hashes are worthless. */
  clear(): void | Promise<void>;
  /** All of them, for moving them to another store. */
  all(): Iterable<Peer> | AsyncIterable<Peer>;
}

const CHANNELS_BELOW = -1_000_000_000_000n;

/** The marked id of a channel or supergroup, from the bare id that TL has. The other way is the same. */
export function channelPeerId(id: bigint): bigint {
  return CHANNELS_BELOW - id;
}

/** What a peer is by its marked id, which does not tell bots from people. */
export function kindOfPeerId(id: bigint): "user" | "channel" | "chat" {
  return id > 0n ? "user" : id < CHANNELS_BELOW ? "channel" : "chat";
}

/** The names by which a peer is found: usernames in lower case, as Telegram does not tell case apart. */
export function usernameKey(username: string): string {
  return username.toLowerCase();
}

/** Peers in memory: of a session that keeps nothing else, or nothing at all. */
export class MemoryPeers implements PeerStore {
  readonly #peers = new Map<bigint, Peer>();
  readonly #usernames = new Map<string, bigint>();
  readonly #phones = new Map<string, bigint>();
  readonly #limit: number;

  /** Holds `limit` peers at most, and forgets the one that was put longest ago. */
  constructor(limit = Infinity) {
    this.#limit = limit;
  }

  /** How many there are. */
  get size(): number {
    return this.#peers.size;
  }

  put(peers: readonly Peer[]): void {
    for (const peer of peers) {
      this.#remove(peer.id);
      this.#peers.set(peer.id, peer);
      for (const name of peer.usernames) this.#usernames.set(usernameKey(name), peer.id);
      if (peer.phone !== undefined) this.#phones.set(peer.phone, peer.id);
      if (this.#peers.size <= this.#limit) continue;
      for (const oldest of this.#peers.keys()) {
        this.#remove(oldest);
        break;
      }
    }
  }

  byId(id: bigint): Peer | undefined {
    return this.#peers.get(id);
  }

  byUsername(username: string): Peer | undefined {
    const id = this.#usernames.get(usernameKey(username));
    return id === undefined ? undefined : this.#peers.get(id);
  }

  byPhone(phone: string): Peer | undefined {
    const id = this.#phones.get(phone);
    return id === undefined ? undefined : this.#peers.get(id);
  }

  clear(): void {
    for (const map of [this.#peers, this.#usernames, this.#phones]) map.clear();
  }

  all(): Iterable<Peer> {
    return this.#peers.values();
  }

  /** A name or number that went over to another peer stays with that one. */
  #remove(id: bigint): void {
    const old = this.#peers.get(id);
    if (old === undefined) return;
    this.#peers.delete(id);
    for (const name of old.usernames.map(usernameKey)) {
      if (this.#usernames.get(name) === id) this.#usernames.delete(name);
    }
    if (old.phone !== undefined && this.#phones.get(old.phone) === id) {
      this.#phones.delete(old.phone);
    }
  }
}
