/**
 * Peers in a store of texts. They lie in 256 buckets, and their usernames and phone numbers in 256
 * others, by the first byte of a hash. So opening reads nothing, finding a peer reads one or two
 * texts, and a folder does not get a file for each peer.
 *
 * New peers would each rewrite a bucket. They wait in two lists instead, a short one for the newest
 * and a longer one, which are read once. When the longer list is full, all its peers move to the
 * buckets.
 *
 * Peers are a cache: a text that is damaged, or sealed with another secret, counts as empty.
 */
import { encodeUtf8, sha256 } from "../../crypto/mod.ts";
import { type KeyValueStore, setCache } from "../key_value_store.ts";
import { UnsealError } from "../sealing/sealer.ts";
import { MemoryPeers } from "../peers/memory_peers.ts";
import {
  namesOf,
  type Peer,
  type PeerKind,
  type PeerStore,
  usernameKey,
  withoutNames,
} from "../peers/peer.ts";

const BUCKETS = 256;
/** The limits of the lists that new peers wait in: the levels that a peer goes through. */
const WAITING = [512, 16_384];

/** A peer as JSON has it. */
type PackedPeer = [
  kind: PeerKind,
  accessHash: string,
  usernames: string[],
  phone?: string | null,
  /** In Unix seconds. Earlier versions did not write it. */
  seenAt?: number,
];

type BucketKind = "peers" | "names";
type PeerBucket = Record<string, PackedPeer>;
/** The id of the peer with a username, or with a phone number after a `+`. */
type NameBucket = Record<string, string>;

/**
 * Peers under the keys of a store that begin with `prefix`. Only one program may use them at a
 * time.
 */
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
    return unpack(String(id), bucket[String(id)]);
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
      await Promise.all(peerKeys(this.#prefix).map((key) => this.#store.delete(key)));
    });
  }

  async *all(): AsyncIterable<Peer> {
    const given = new Set<bigint>();
    // The newest are first: a name that one of them has is no longer that of an older one.
    const taken = new Set<string>();
    for (const waiting of await this.#waiting()) {
      const own = [...waiting.all()].filter(({ id }) => !given.has(id));
      for (const peer of own) yield withoutNames(peer, (name) => taken.has(name));
      for (const peer of own) {
        given.add(peer.id);
        for (const name of namesOf(peer)) taken.add(name);
      }
    }
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const peers = await this.#read<PeerBucket>("peers", bucket);
      for (const [id, packed] of Object.entries(peers)) {
        const peer = unpack(id, packed);
        if (peer === undefined || given.has(peer.id)) continue;
        yield withoutNames(peer, (name) => taken.has(name));
      }
    }
  }

  /** Runs one change after the other, so that two changes of one text do not undo each other. */
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
      id = idOf(bucket[name]);
      if (id === undefined) return undefined;
    }
    const peer = await this.byId(id);
    // The bucket still lists a name that the peer has given up: check the peer itself.
    return peer !== undefined && namesOf(peer).includes(name) ? peer : undefined;
  }

  /** The lists of waiting peers, that of the newest first. */
  #waiting(): Promise<MemoryPeers[]> {
    return this.#reading ??= Promise.all(WAITING.map((_, level) => this.#readWaiting(level)))
      .catch((error) => {
        this.#reading = undefined;
        throw error;
      });
  }

  async #readWaiting(level: number): Promise<MemoryPeers> {
    const waiting = new MemoryPeers();
    const rows = await this.#parsed(this.#waitingKey(level));
    for (const row of Array.isArray(rows) ? rows : []) {
      const peer = Array.isArray(row) ? unpack(row[0], row.slice(1)) : undefined;
      if (peer !== undefined) waiting.put([peer]);
    }
    return waiting;
  }

  /** Writes peers to their new place before it deletes the old one: a killed program loses none. */
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
    await this.#merge("peers", byId);
    const byName = new Map(
      moving.flatMap((peer) =>
        namesOf(peer).map((name): [string, string] => [name, String(peer.id)])
      ),
    );
    const before = await this.#merge("names", byName);
    const formerIds = new Set(before.values().filter((id) => !byId.has(id)));
    await this.#merge("peers", await this.#withoutNames(formerIds, byName));
    await this.#forget(WAITING.length);
  }

  /** Empties the lists before a level. */
  async #forget(level: number): Promise<void> {
    for (const [before, waiting] of (await this.#waiting()).slice(0, level).entries()) {
      if (waiting.size === 0) continue;
      waiting.clear();
      await this.#store.delete(this.#waitingKey(before));
    }
  }

  /** Returns the peers in the buckets with these ids, without the names that others have now. */
  async #withoutNames(
    ids: ReadonlySet<string>,
    taken: ReadonlyMap<string, string>,
  ): Promise<Map<string, PackedPeer>> {
    const peers = new Map<string, PackedPeer>();
    for (const id of ids) {
      const peer = unpack(id, (await this.#read<PeerBucket>("peers", bucketOf(id)))[id]);
      if (peer !== undefined) peers.set(id, pack(withoutNames(peer, (name) => taken.has(name))));
    }
    return peers;
  }

  /** Adds entries to the buckets; returns those that they replace. */
  async #merge<Value>(
    kind: BucketKind,
    entries: ReadonlyMap<string, Value>,
  ): Promise<Map<string, Value>> {
    const replaced = new Map<string, Value>();
    const buckets = Map.groupBy(entries, ([key]) => bucketOf(key));
    await Promise.all(Array.from(buckets, async ([number, changes]) => {
      const bucket = await this.#read<Record<string, Value>>(kind, number);
      for (const [key, value] of changes) {
        if (key in bucket) replaced.set(key, bucket[key]);
        bucket[key] = value;
      }
      await setCache(this.#store, this.#bucketKey(kind, number), JSON.stringify(bucket));
    }));
    return replaced;
  }

  /** Reads a bucket; an empty one if it cannot be read. */
  async #read<Bucket extends object>(kind: BucketKind, bucket: number): Promise<Bucket> {
    const read = await this.#parsed(this.#bucketKey(kind, bucket));
    return Object.assign(Object.create(null), typeof read === "object" ? read : undefined);
  }

  /** The value of a text; `undefined` if it is absent or cannot be read. */
  async #parsed(key: string): Promise<unknown> {
    try {
      return JSON.parse(await this.#store.get(key) ?? "null");
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof UnsealError) return undefined;
      throw error; // the store itself: it may answer the next time
    }
  }

  #bucketKey(kind: BucketKind, bucket: number): string {
    return bucketKey(this.#prefix, kind, bucket);
  }

  #waitingKey(level: number): string {
    return waitingKey(this.#prefix, level);
  }
}

/** All keys under which peers can be. */
export function peerKeys(prefix: string): string[] {
  const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
  const kept = (["peers", "names"] as const).flatMap((kind) =>
    buckets.map((bucket) => bucketKey(prefix, kind, bucket))
  );
  return [...kept, ...WAITING.keys().map((level) => waitingKey(prefix, level))];
}

function bucketKey(prefix: string, kind: BucketKind, bucket: number): string {
  return `${prefix}${kind}:${bucket.toString(16).padStart(2, "0")}`;
}

function waitingKey(prefix: string, level: number): string {
  return `${prefix}peers:new${level}`;
}

function bucketOf(key: string): number {
  return sha256(encodeUtf8(key))[0];
}

function pack({ kind, accessHash, usernames, phone, seenAt }: Peer): PackedPeer {
  const hash = accessHash?.toString() ?? "";
  if (seenAt !== undefined) return [kind, hash, [...usernames], phone ?? null, seenAt];
  return phone === undefined ? [kind, hash, [...usernames]] : [kind, hash, [...usernames], phone];
}

const ID = /^-?\d{1,20}$/;
const KINDS: readonly unknown[] = ["user", "bot", "chat", "channel"] satisfies PeerKind[];

function idOf(text: unknown): bigint | undefined {
  return typeof text === "string" && ID.test(text) ? BigInt(text) : undefined;
}

/** Reads a peer; returns `undefined` for a value of another form. */
function unpack(key: unknown, packed: unknown): Peer | undefined {
  const id = idOf(key);
  if (id === undefined || !Array.isArray(packed)) return undefined;
  const [kind, hash, usernames, phone, seenAt] = packed;
  const accessHash = hash === "" ? undefined : idOf(hash);
  if (!KINDS.includes(kind) || hash !== "" && accessHash === undefined) return undefined;
  if (!Array.isArray(usernames) || !usernames.every((name) => typeof name === "string")) {
    return undefined;
  }
  return {
    id,
    kind,
    ...(accessHash !== undefined && { accessHash }),
    usernames,
    ...(typeof phone === "string" && { phone }),
    ...(Number.isSafeInteger(seenAt) && { seenAt }),
  };
}
