/**
 * Peers in a store of texts. Each of 256 texts holds the peers, and each of 256 others the usernames and phone numbers, whose
 * hash begins alike: so opening costs nothing, finding one peer reads one or two texts however many there are, and a
 * folder of files does not fill with a file for each peer. Writing a peer rewrites its text: give many at once.
 */
import { encodeUtf8, sha256 } from "../crypto/mod.ts";
import type { KeyValueStore } from "./key_value.ts";
import { type Peer, type PeerKind, type PeerStore, usernameKey } from "./peers.ts";

const BUCKETS = 256;

/** A peer as JSON has it: kind, access hash, usernames, phone. */
type PackedPeer = [kind: PeerKind, accessHash: string, usernames: string[], phone?: string];

type PeerBucket = Record<string, PackedPeer>;
/** Usernames, and phone numbers with a `+`, and the id that each is of. */
type NameBucket = Record<string, string>;

/** Peers in a store of texts, under keys that begin with `prefix`. Works for one program at a time. */
export class KeyValuePeers implements PeerStore {
  readonly #store: KeyValueStore;
  readonly #prefix: string;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(store: KeyValueStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** One call at a time: two that change the same text must not undo each other. */
  put(peers: readonly Peer[]): Promise<void> {
    const done = this.#tail.then(() => this.#put(peers));
    this.#tail = done.catch(() => {});
    return done;
  }

  async byId(id: bigint): Promise<Peer | undefined> {
    const bucket = await this.#read<PeerBucket>("peers", bucketOf(String(id)));
    const packed = bucket[String(id)];
    return packed && unpack(id, packed);
  }

  byUsername(username: string): Promise<Peer | undefined> {
    return this.#byName(usernameKey(username));
  }

  byPhone(phone: string): Promise<Peer | undefined> {
    return this.#byName(`+${phone}`);
  }

  async clear(): Promise<void> {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      await this.#store.delete(this.#key("peers", bucket));
      await this.#store.delete(this.#key("names", bucket));
    }
  }

  async *all(): AsyncIterable<Peer> {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const peers = await this.#read<PeerBucket>("peers", bucket);
      for (const [id, packed] of Object.entries(peers)) yield unpack(BigInt(id), packed);
    }
  }

  async #byName(name: string): Promise<Peer | undefined> {
    const bucket = await this.#read<NameBucket>("names", bucketOf(name));
    if (!Object.hasOwn(bucket, name)) return undefined;
    const peer = await this.byId(BigInt(bucket[name]));
    // A name that the peer gave up is still listed: the peer itself says what is so.
    return peer !== undefined && namesOf(peer).includes(name) ? peer : undefined;
  }

  async #put(peers: readonly Peer[]): Promise<void> {
    const byId = new Map(peers.map((peer) => [String(peer.id), pack(peer)]));
    await this.#merge<PeerBucket>("peers", byId);
    const byName = peers.flatMap((peer) =>
      namesOf(peer).map((name): [string, string] => [name, String(peer.id)])
    );
    await this.#merge<NameBucket>("names", new Map(byName));
  }

  async #merge<Bucket extends Record<string, unknown>>(
    kind: "peers" | "names",
    entries: ReadonlyMap<string, Bucket[string]>,
  ): Promise<void> {
    const buckets = Map.groupBy(entries, ([key]) => bucketOf(key));
    for (const [number, changes] of buckets) {
      const bucket: Record<string, unknown> = await this.#read<Bucket>(kind, number);
      for (const [key, value] of changes) bucket[key] = value;
      await this.#store.set(this.#key(kind, number), JSON.stringify(bucket));
    }
  }

  /** What cannot be read is as good as not there: peers are a cache. */
  async #read<Bucket extends object>(kind: "peers" | "names", bucket: number): Promise<Bucket> {
    const text = await this.#store.get(this.#key(kind, bucket));
    const none = Object.create(null);
    try {
      return Object.assign(none, JSON.parse(text ?? "{}"));
    } catch {
      return none;
    }
  }

  #key(kind: "peers" | "names", bucket: number): string {
    return `${this.#prefix}${kind}:${bucket.toString(16).padStart(2, "0")}`;
  }
}

function bucketOf(key: string): number {
  return sha256(encodeUtf8(key))[0];
}

function namesOf({ usernames, phone }: Peer): string[] {
  const names = usernames.map(usernameKey);
  return phone === undefined ? names : [...names, `+${phone}`];
}

function pack({ kind, accessHash, usernames, phone }: Peer): PackedPeer {
  const hash = accessHash?.toString() ?? "";
  return phone === undefined ? [kind, hash, [...usernames]] : [kind, hash, [...usernames], phone];
}

function unpack(id: bigint, [kind, accessHash, usernames, phone]: PackedPeer): Peer {
  return {
    id,
    kind,
    ...(accessHash !== "" && { accessHash: BigInt(accessHash) }),
    usernames,
    ...(phone !== undefined && { phone }),
  };
}
