/**
 * The door of this folder: opens the store of a session, and is loaded with all of its stores, the
 * lease, the sealing and the text of a state when the first `StoreSession` is loaded. A program
 * with a `StringSession` never loads it.
 */
import { systemClock, withDeadline } from "../../runtime/mod.ts";
import type { KeyValueStore } from "../key_value_store.ts";
import { Lease } from "../lease/lease.ts";
import { unanswered } from "../lease/lease_error.ts";
import type { SwappingStore } from "../lease/take_lease.ts";
import type { PeerStore } from "../peers/peer.ts";
import type { SessionState } from "../state/session_state.ts";
import { readStateText, writeStateText } from "../state/state_text.ts";
import { openDefaultStore } from "./default_store.ts";
import { type FencedStore, fencedStore } from "./fenced_store.ts";
import { KeyValuePeers } from "./key_value_peers.ts";
import { SavedText } from "./saved_text.ts";
import { sealedStore } from "./sealed_store.ts";
import { StoredUpdates } from "./stored_updates.ts";
import type { StoreSessionOptions, StoreSource } from "./store_options.ts";
import { typed, typedStore } from "./typed_store.ts";

/** The store to open, and the session in it. */
export interface StoreOpening {
  /** The name of the session in the store, which may hold several. */
  readonly name: string;
  /** The name of the session in errors. */
  readonly label: string;
  /** The store, or the path of the folder for the default store. */
  readonly source: StoreSource | string;
  readonly options: StoreSessionOptions;
  /** Ends the wait for another program when aborted. */
  readonly signal: AbortSignal;
  /** Returns the id of the user who is signed in. */
  readonly userId: () => bigint | undefined;
  /** Called when this program must not use the session any longer. */
  readonly onLost: (error: Error) => void;
}

/** Milliseconds. */
const LEASE_DURATION = 30_000;

/** The store of a session between `load` and `close`. */
export class OpenStore {
  /** The peers of the session. */
  readonly peers: PeerStore;
  /** How far the updates were received. */
  readonly updates: StoredUpdates;
  /** The state that was saved in the store; `undefined` for a new session. */
  readonly state: SessionState | undefined;
  readonly #store: KeyValueStore;
  readonly #opening: StoreOpening;
  readonly #text: SavedText;
  readonly #lease: Lease | undefined;

  /** Use {@linkcode open}. */
  constructor(opening: StoreOpening, store: KeyValueStore, text: SavedText, lease?: Lease) {
    const fenced = lease && fencedStore(store, lease, keyOf(opening, "lease"));
    this.peers = peersOf(opening, store, lease) ??
      new KeyValuePeers(fenced ?? store, keyOf(opening, ""));
    this.state = text.last === undefined ? undefined : readStateText(text.last);
    this.#store = store;
    this.#opening = opening;
    this.#text = text;
    this.#lease = lease;
    this.updates = updatesOf(opening, fenced ?? store, this.state?.user?.id);
    if (fenced !== undefined) text.saveTo(fenced);
    text.onRewritten = () => this.updates.rewrite().catch(() => {}); // they are a cache
  }

  /**
   * Opens the store, takes the lease and reads the state. On failure, the store keeps what it
   * holds.
   *
   * @throws {SessionError} if another program uses the session, its text is damaged or not a
   * session, or the store fails.
   */
  static async open(opening: StoreOpening): Promise<OpenStore> {
    const { source, label, options: { secret } } = opening;
    const opened = await typed(
      `open the session "${label}"`,
      async () => typedStore(await storeOf(source), label),
    );
    const store = secret === undefined ? opened : sealedStore(opened, secret);
    const text = new SavedText(store, keyOf(opening, "session"));
    let lease: Lease | undefined;
    try {
      lease = await takeLease(store, opening, text);
      await inTime(opening, text.load(), lease?.signal);
      if (lease !== undefined && !await inTime(opening, lease.isInStore(), lease.signal)) {
        throw lease.refused(); // the text may be of another program
      }
      return new OpenStore(opening, store, text, lease);
    } catch (error) {
      await lease?.release();
      if (isOpenedHere(source)) await close(store).catch(() => {}); // the first error tells more
      throw error;
    }
  }

  /** Whether this program may use the keys of the session right now. */
  mayUseKey(): boolean {
    return this.#lease?.mayUse() ?? true;
  }

  /**
   * Saves the state.
   *
   * @throws {SessionError} if this program does not hold the session any more, or the store fails.
   */
  async save(state: SessionState): Promise<void> {
    await this.updates.forgetOthers(); // first: a program that is killed here leaves nothing behind
    await this.#text.save(writeStateText(state));
  }

  /** Waits for the saves, which may have failed. */
  async settled(saving: Promise<void>): Promise<void> {
    const all = Promise.allSettled([saving, this.updates.settled()]);
    await inTime(this.#opening, all).catch(() => {}); // `save` has told the error
  }

  /** Releases the lease, and closes the store if it was opened here. */
  async close(): Promise<void> {
    const { source } = this.#opening;
    try {
      await this.#lease?.release();
    } finally {
      if (isOpenedHere(source)) await inTime(this.#opening, close(this.#store));
    }
  }
}

async function close(store: KeyValueStore): Promise<void> {
  await store.close?.();
}

/** Waits for the store, but no longer than a lease lasts: a line that is cut may never answer. */
async function inTime<T>(
  { label, options }: StoreOpening,
  answer: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { clock = systemClock, leaseDuration: timeout = LEASE_DURATION } = options;
  const late = (): Error => unanswered(label, timeout);
  return await withDeadline({ clock, timeout, signal, late }, () => answer);
}

function storeOf(source: StoreSource | string): KeyValueStore | Promise<KeyValueStore> {
  if (typeof source === "string") return openDefaultStore(source);
  return typeof source === "function" ? source() : source;
}

function isOpenedHere(source: StoreSource | string): boolean {
  return typeof source !== "object";
}

function keyOf({ name }: StoreOpening, kind: string): string {
  return `${name}:${kind}`;
}

/** The peers that the store keeps in a way of its own, if it does. */
function peersOf(
  opening: StoreOpening,
  store: KeyValueStore,
  lease: Lease | undefined,
): PeerStore | undefined {
  if (lease === undefined || store.guardPeers === undefined) return store.peers;
  const guard = {
    key: keyOf(opening, "lease"),
    get prefix() {
      return lease.prefix;
    },
  };
  return store.guardPeers(guard, () => lease.refused());
}

/** How far the updates were received, which the store need not flush to the disk at once. */
function updatesOf(
  opening: StoreOpening,
  store: KeyValueStore | FencedStore,
  owner: bigint | undefined,
): StoredUpdates {
  const { label, userId } = opening;
  const key = keyOf(opening, "updates");
  const set = (text: string): unknown =>
    "setLater" in store ? store.setLater(key, text) : store.set(key, text);
  return new StoredUpdates({
    label,
    userId,
    get: async () => await store.get(key),
    set: async (text) => void await set(text),
    delete: async () => void await store.delete(key),
  }, owner);
}

async function takeLease(
  store: KeyValueStore,
  opening: StoreOpening,
  text: SavedText,
): Promise<Lease | undefined> {
  const { label, options, signal, onLost } = opening;
  const { exclusive = true, wait = false, leaseDuration: duration = LEASE_DURATION } = options;
  const { holder, clock = systemClock } = options;
  if (!exclusive || !canSwap(store)) return undefined;
  const key = keyOf(opening, "lease");
  const times = { duration, clock, signal };
  return await Lease.take(store, { session: label, key, wait, holder, onLost, text, ...times });
}

function canSwap(store: KeyValueStore): store is SwappingStore {
  return store.swap !== undefined;
}
