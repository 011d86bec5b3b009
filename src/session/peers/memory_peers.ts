/**
 * Peers in memory: those of a session that stores nothing, and those that a store has not yet moved
 * to their final place.
 */
import { namesOf, type Peer, type PeerStore, usernameKey, withoutNames } from "./peer.ts";

/** A {@linkcode PeerStore} in memory, gone when the process ends. */
export class MemoryPeers implements PeerStore {
  readonly #peers = new Map<bigint, Peer>();
  /** The ids of peers by their usernames, and by their phone numbers after a `+`. */
  readonly #names = new Map<string, bigint>();
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
      for (const name of namesOf(peer)) {
        const before = this.#find(name);
        if (before !== undefined) {
          this.#peers.set(before.id, withoutNames(before, (one) => one === name));
        }
        this.#names.set(name, peer.id);
      }
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
    return this.#find(usernameKey(username));
  }

  byPhone(phone: string): Peer | undefined {
    return this.#find(`+${phone}`);
  }

  clear(): void {
    this.#peers.clear();
    this.#names.clear();
  }

  all(): Iterable<Peer> {
    return this.#peers.values();
  }

  #find(name: string): Peer | undefined {
    const id = this.#names.get(name);
    return id === undefined ? undefined : this.#peers.get(id);
  }

  #remove(id: bigint): void {
    const old = this.#peers.get(id);
    if (old === undefined) return;
    this.#peers.delete(id);
    for (const name of namesOf(old)) this.#names.delete(name);
  }
}
