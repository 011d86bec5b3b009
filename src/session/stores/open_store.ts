/**
 * The door of this folder: opens the store of a session, and is loaded with all of its stores, the
 * lease, the sealing and the text of a state when the first `StoreSession` is loaded. A program
 * with a `StringSession` never loads it.
 */
import { systemClock } from "../../runtime/mod.ts";
import type { KeyValueStore } from "../key_value_store.ts";
import { Lease, type SwappingStore } from "../lease/lease.ts";
import type { PeerStore } from "../peers/peer.ts";
import type { SessionState } from "../state/session_state.ts";
import { readStateText, writeStateText } from "../state/state_text.ts";
import { openDefaultStore } from "./default_store.ts";
import { KeyValuePeers } from "./key_value_peers.ts";
import { sealedStore } from "./sealed_store.ts";
import type { StoreSessionOptions, StoreSource } from "./store_options.ts";

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
  /** Called when another program has taken the session over. */
  readonly onLost: (error: Error) => void;
}

const LEASE_DURATION = 30_000;

/** The store of a session between `load` and `close`. */
export class OpenStore {
  /** The peers of the session. */
  readonly peers: PeerStore;
  /** The state that was saved in the store; `undefined` for a new session. */
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
   * Opens the store, takes the lease and reads the state. On failure, the store keeps what it
   * holds.
   *
   * @throws {SessionError} if another program uses the session, or its text is damaged or not a
   * session.
   */
  static async open(opening: StoreOpening): Promise<OpenStore> {
    const { source, options: { secret } } = opening;
    const opened = await storeOf(source);
    const store = secret === undefined ? opened : sealedStore(opened, secret);
    let lease: Lease | undefined;
    try {
      lease = await takeLease(store, opening);
      const text = await store.get(keyOf(opening, "session"));
      const state = typeof text === "string" ? readStateText(text) : undefined;
      return new OpenStore(opening, store, lease, state);
    } catch (error) {
      await lease?.release();
      if (isOpenedHere(source)) await store.close?.();
      throw error;
    }
  }

  /**
   * Saves the state.
   *
   * @throws {SessionError} if another program has taken the session over.
   */
  async save(state: SessionState): Promise<void> {
    await this.#lease?.confirm();
    await this.#store.set(keyOf(this.#opening, "session"), writeStateText(state));
  }

  /** Releases the lease, and closes the store if it was opened here. */
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

function keyOf({ name }: StoreOpening, kind: string): string {
  return `${name}:${kind}`;
}

async function takeLease(store: KeyValueStore, opening: StoreOpening): Promise<Lease | undefined> {
  const { label, options, signal, onLost } = opening;
  const { exclusive = true, wait = false, leaseDuration: duration = LEASE_DURATION } = options;
  const { holder, clock = systemClock } = options;
  if (!exclusive || !canSwap(store)) return undefined;
  const key = keyOf(opening, "lease");
  const times = { duration, clock, signal };
  return await Lease.take(store, { session: label, key, wait, holder, onLost, ...times });
}

function canSwap(store: KeyValueStore): store is SwappingStore {
  return store.swap !== undefined;
}
