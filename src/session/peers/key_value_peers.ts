/**
 * Peers in a store of texts. Each of 256 texts holds the peers, and each of 256 others the usernames and phone numbers, whose
 * hash begins alike: so opening costs nothing, finding one peer reads one or two texts however many there are, and a
 * folder of files does not fill with a file for each peer.
 *
 * New peers do not go there one by one, as that would rewrite a text for each: they wait in two texts of their own, a short one
 * for the newest and a longer one, which are read once. When the longer one is full, all its peers move at once.
 */
import { encodeUtf8, sha256 } from "../../crypto/mod.ts";
import { type KeyValueStore, setCache } from "../stores/key_value.ts";
import { MemoryPeers, type Peer, type PeerKind, type PeerStore, usernameKey } from "./peers.ts";

const BUCKETS = 256;
/** How many peers wait at most, in each of the texts: the levels that a peer goes through. */
const WAITING = [512, 16_384];

/** A peer as JSON has it: kind, access hash, usernames, phone. */
type PackedPeer = [kind: PeerKind, accessHash: string, usernames: string[], phone?: string];

type BucketKind = "peers" | "names";
type PeerBucket = Record<string, PackedPeer>;
/** Usernames, and phone numbers with a `+`, and the id that each is of. */
type NameBucket = Record<string, string>;

/** Peers in a store of texts, under keys that begin with `prefix`. Works for one program at a time. */
export class KeyValuePeers implements PeerStore {
  readonly #store: KeyValueStore;
  readonly #prefix: string;
  #reading: Promise<MemoryPeers[]> | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(store: KeyValueStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  put(peers: readonly Peer[]): Promise<void> {
    return this.#alone(() => this.#put(peers));
  }

  async byId(id: bigint): Promise<Peer | undefined> {
    for (const waiting of await this.#waiting()) {
      const peer = waiting.byId(id);
      if (peer !== undefined) return peer;
    }
    const bucket = await this.#read<PeerBucket>("peers", bucketOf(String(id)));
    const packed = bucket[String(id)];
    return packed && unpack(id, packed);
  }

  byUsername(username: string): Promise<Peer | undefined> {
    const name = usernameKey(username);
    return this.#byName(name, (waiting) => waiting.byUsername(name));
  }

  byPhone(phone: string): Promise<Peer | undefined> {
    return this.#byName(`+${phone}`, (waiting) => waiting.byPhone(phone));
  }

  clear(): Promise<void> {
    return this.#alone(async () => {
      for (const waiting of await this.#waiting()) waiting.clear();
      const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
      const kept = (["peers", "names"] as const).flatMap((kind) =>
        buckets.map((bucket) => this.#bucketKey(kind, bucket))
      );
      const keys = [...WAITING.keys()].map((level) => this.#waitingKey(level));
      await Promise.all([...kept, ...keys].map((key) => this.#store.delete(key)));
    });
  }

  async *all(): AsyncIterable<Peer> {
    const given = new Set<bigint>();
    for (const waiting of await this.#waiting()) {
      for (const peer of waiting.all()) {
        if (!given.has(peer.id)) yield peer;
        given.add(peer.id);
      }
    }
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const peers = await this.#read<PeerBucket>("peers", bucket);
      for (const [id, packed] of Object.entries(peers)) {
        if (!given.has(BigInt(id))) yield unpack(BigInt(id), packed);
      }
    }
  }

  /** One call at a time: two that change the same text must not undo each other. */
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => {});
    return done;
  }

  async #byName(
    name: string,
    find: (waiting: MemoryPeers) => Peer | undefined,
  ): Promise<Peer | undefined> {
    let id: bigint | undefined;
    for (const waiting of await this.#waiting()) id ??= find(waiting)?.id;
    if (id === undefined) {
      const bucket = await this.#read<NameBucket>("names", bucketOf(name));
      if (!Object.hasOwn(bucket, name)) return undefined;
      id = BigInt(bucket[name]);
    }
    const peer = await this.byId(id);
    // A name that the peer gave up is still listed: the peer itself says what is so.
    return peer !== undefined && namesOf(peer).includes(name) ? peer : undefined;
  }

  /** What waits, the newest first. */
  #waiting(): Promise<MemoryPeers[]> {
    return this.#reading ??= Promise.all(WAITING.map((_, level) => this.#readWaiting(level)))
      .catch((error) => {
        this.#reading = undefined;
        throw error;
      });
  }

  async #readWaiting(level: number): Promise<MemoryPeers> {
    const waiting = new MemoryPeers();
    const text = await this.#store.get(this.#waitingKey(level));
    try {
      const rows: [id: string, ...PackedPeer][] = JSON.parse(text ?? "[]");
      waiting.put(rows.map(([id, ...packed]) => unpack(BigInt(id), packed)));
    } catch {
      // As good as not there: peers are a cache.
    }
    return waiting;
  }

  /** Peers are written where they go before they are deleted where they were: a program that ends in between leaves both. */
  async #put(peers: readonly Peer[]): Promise<void> {
    const all = await this.#waiting();
    let moving = peers;
    for (const [level, limit] of WAITING.entries()) {
      all[level].put(moving);
      moving = [...all[level].all()];
      if (moving.length <= limit) {
        const rows = moving.map((peer) => [String(peer.id), ...pack(peer)]);
        await setCache(this.#store, this.#waitingKey(level), JSON.stringify(rows));
        return await this.#forget(level);
      }
    }
    const byId = new Map(moving.map((peer) => [String(peer.id), pack(peer)]));
    await this.#merge<PeerBucket>("peers", byId);
    const byName = moving.flatMap((peer) =>
      namesOf(peer).map((name): [string, string] => [name, String(peer.id)])
    );
    await this.#merge<NameBucket>("names", new Map(byName));
    await this.#forget(WAITING.length);
  }

  /** Empties the levels before this one. */
  async #forget(level: number): Promise<void> {
    for (const [before, waiting] of (await this.#waiting()).slice(0, level).entries()) {
      if (waiting.size === 0) continue;
      waiting.clear();
      await this.#store.delete(this.#waitingKey(before));
    }
  }

  async #merge<Bucket extends Record<string, unknown>>(
    kind: BucketKind,
    entries: ReadonlyMap<string, Bucket[string]>,
  ): Promise<void> {
    const buckets = Map.groupBy(entries, ([key]) => bucketOf(key));
    await Promise.all(Array.from(buckets, async ([number, changes]) => {
      const bucket: Record<string, unknown> = await this.#read<Bucket>(kind, number);
      for (const [key, value] of changes) bucket[key] = value;
      await setCache(this.#store, this.#bucketKey(kind, number), JSON.stringify(bucket));
    }));
  }

  /** What cannot be read is as good as not there: peers are a cache. */
  async #read<Bucket extends object>(kind: BucketKind, bucket: number): Promise<Bucket> {
    const text = await this.#store.get(this.#bucketKey(kind, bucket));
    const none = Object.create(null);
    try {
      return Object.assign(none, JSON.parse(text ?? "{}"));
    } catch {
      return none;
    }
  }

  #bucketKey(kind: BucketKind, bucket: number): string {
    return `${this.#prefix}${kind}:${bucket.toString(16).padStart(2, "0")}`;
  }

  #waitingKey(level: number): string {
    return `${this.#prefix}peers:new${level}`;
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
