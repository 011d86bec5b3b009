/**
 * The store of a session between `load` and `close`: the lease, the peers and the text of the state in it. Loaded with all that
 * it needs when a first session is, as a session in memory or in a string does without.
 */
import { systemClock } from "../runtime/mod.ts";
import { openDefaultStore } from "./stores/default_store.ts";
import type { KeyValueStore } from "./stores/key_value.ts";
import { KeyValuePeers } from "./peers/key_value_peers.ts";
import { Lease, type SwappingStore } from "./lease/lease.ts";
import type { PeerStore } from "./peers/peers.ts";
import { sealedStore } from "./sealing/sealer.ts";
import type { SessionState } from "./session.ts";
import { readStateText, writeStateText } from "./state/state_text.ts";
import type { StoreSessionOptions, StoreSource } from "./store_session.ts";

/** Which store, and what of it. */
export interface StoreOpening {
  /** Sets the session apart from others in the store. */
  readonly name: string;
  /** What the session is called in errors. */
  readonly label: string;
  /** The store; without, the default one, of that path. */
  readonly source: StoreSource | string;
  readonly options: StoreSessionOptions;
  /** Gives up waiting for another program when aborted. */
  readonly signal: AbortSignal;
  /** Called when another program has taken the session over. */
  readonly onLost: (error: Error) => void;
}

const LEASE_DURATION = 30_000;

/** A store that is open. */
export class OpenedStore {
  /** The peers of the session. */
  readonly peers: PeerStore;
  /** What was kept there, if anything was. */
  readonly state: SessionState | undefined;
  readonly #store: KeyValueStore;
  readonly #opening: StoreOpening;
  readonly #lease: Lease | undefined;

  /** Use {@linkcode open}. */
  constructor(opening: StoreOpening, store: KeyValueStore, lease?: Lease, state?: SessionState) {
    this.peers = store.peers ?? new KeyValuePeers(store, keyOf(opening, ""));
    this.state = state;
    this.#store = store;
    this.#opening = opening;
    this.#lease = lease;
  }

  /**
   * Opens it, and reads what is kept there.
   *
   * @throws {SessionError} if another program uses it, or what is kept is damaged or not a session; it stays as it is.
   */
  static async open(opening: StoreOpening): Promise<OpenedStore> {
    const { source, options: { secret } } = opening;
    const opened = await storeOf(source);
    const store = secret === undefined ? opened : sealedStore(opened, secret);
    let lease: Lease | undefined;
    try {
      lease = await takeLease(store, opening);
      const text = await store.get(keyOf(opening, "session"));
      const state = typeof text === "string" ? readStateText(text) : undefined;
      return new OpenedStore(opening, store, lease, state);
    } catch (error) {
      await lease?.release();
      if (isOpenedHere(source)) await store.close?.();
      throw error;
    }
  }

  /** Keeps the state. Throws a `SessionError` if another program has taken the session over. */
  async save(state: SessionState): Promise<void> {
    await this.#lease?.confirm();
    await this.#store.set(keyOf(this.#opening, "session"), writeStateText(state));
  }

  /** Lets go of it; closes it only if it was opened here. */
  async close(): Promise<void> {
    try {
      await this.#lease?.release();
    } finally {
      if (isOpenedHere(this.#opening.source)) await this.#store.close?.();
    }
  }
}

function storeOf(source: StoreSource | string): KeyValueStore | Promise<KeyValueStore> {
  if (typeof source === "string") return openDefaultStore(source);
  return typeof source === "function" ? source() : source;
}

function isOpenedHere(source: StoreSource | string): boolean {
  return typeof source !== "object";
}

function keyOf({ name }: StoreOpening, what: string): string {
  return `${name}:${what}`;
}

async function takeLease(store: KeyValueStore, opening: StoreOpening): Promise<Lease | undefined> {
  const { label, options, signal, onLost } = opening;
  const { exclusive = true, wait = false, leaseDuration: duration = LEASE_DURATION } = options;
  const { holder, clock = systemClock } = options;
  if (!exclusive || !canSwap(store)) return undefined;
  const key = keyOf(opening, "lease");
  return await Lease.take(store, {
    session: label,
    key,
    duration,
    wait,
    holder,
    clock,
    signal,
    onLost,
  });
}

function canSwap(store: KeyValueStore): store is SwappingStore {
  return store.swap !== undefined;
}
