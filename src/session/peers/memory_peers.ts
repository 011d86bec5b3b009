/**
 * Peers in memory: those of a session that stores nothing, and those that a store has not yet moved
 * to their final place.
 */
import { type Peer, type PeerStore, usernameKey } from "./peer.ts";

/** A {@linkcode PeerStore} in memory, gone when the process ends. */
export class MemoryPeers implements PeerStore {
  readonly #peers = new Map<bigint, Peer>();
  readonly #usernames = new Map<string, bigint>();
  readonly #phones = new Map<string, bigint>();
  readonly #limit: number;

  /** Holds at most `limit` peers, and drops the one that was put longest ago. */
  constructor(limit = Infinity) {
    this.#limit = limit;
  }

  /** The number of peers. */
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

  /** Keeps a name or number that another peer has taken over since. */
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
