/**
 * A session in memory, and the base class of the sessions that save their state: they override
 * `load` and `save`. Printing a session, or its state, shows no key.
 */
import { FIRST_DC_ID } from "../connection/mod.ts";
import { AUTH_KEY_LENGTH } from "../crypto/mod.ts";
import { censor, censorObject, type Shown } from "../runtime/mod.ts";
import { MemoryPeers } from "./peers/memory_peers.ts";
import type { PeerStore } from "./peers/peer.ts";
import type { Session } from "./session.ts";
import { type DataCenterState, findDc, type SessionState } from "./state/session_state.ts";
import { MemoryUpdates } from "./updates/memory_updates.ts";
import type { UpdatesPlace } from "./updates/updates_place.ts";

function showDc(dc: DataCenterState): Shown {
  const { id, host, port, authKey } = dc;
  return { id, host, port, authKey: authKey === undefined ? "none" : "[censored]" };
}

function showState(state: SessionState): Shown {
  const { dcId, dcs, user, testMode } = state;
  return {
    dcId,
    dcs: dcs.map(showDc),
    ...(user && { user: { ...user, id: String(user.id) } }),
    ...(testMode && { testMode }),
  };
}

/** Censors a state and every data center in it, including those added since the last call. */
function censorState(state: SessionState): SessionState {
  for (const dc of state.dcs) censorObject(dc, showDc);
  return censorObject(state, showState);
}

/**
 * A session in memory, gone when the process ends. Extend it to keep a session in a place of your
 * own: override `load`, which the client awaits before it connects, and `save`.
 *
 * @example
 * ```ts
 * import { MemorySession } from "@tessera/mtproto";
 *
 * class FileSession extends MemorySession {
 *   override async load(): Promise<void> {
 *     const key = await Promise.resolve(new Uint8Array(256).fill(7)); // read from somewhere
 *     this.setDC(2, "149.154.167.50", 443);
 *     this.setAuthKey(key);
 *   }
 * }
 * const session = new FileSession();
 * await session.load();
 * console.log(session.state.dcs.length); // 1
 * ```
 */
export class MemorySession implements Session {
  #state: SessionState;
  readonly #peers = new MemoryPeers();
  readonly #updates = new MemoryUpdates(() => this.#state.user?.id);

  static {
    censor(this.prototype);
  }

  /**
   * A session with a copy of a state.
   *
   * @param state the state to copy. Default: an empty state, whose home data center is 2
   */
  constructor(state: Partial<SessionState> = {}) {
    const dcs = (state.dcs ?? []).map((dc) => ({ ...dc }));
    this.#state = { dcId: FIRST_DC_ID, ...state, dcs };
  }

  /** The state. The client changes it in place. */
  get state(): SessionState {
    return censorState(this.#state);
  }

  /** Replaces the state. */
  set state(state: SessionState) {
    this.#state = state;
  }

  /** The peers that this account has seen, in memory. */
  get peers(): PeerStore {
    return this.#peers;
  }

  /** How far the updates were received, in memory. A subclass may have no place for it. */
  get updates(): UpdatesPlace | undefined {
    return this.#updates;
  }

  /** Does nothing, as the state is in memory. */
  load(): void | Promise<void> {}

  /**
   * Forgets the state of the updates if its user is not signed in any longer, and nothing else: the
   * state is in memory.
   *
   * @returns `undefined`; a subclass may return a value of its own
   */
  save(): unknown {
    this.#updates.forgetOthers();
    return undefined;
  }

  /** Does nothing, as nothing is open. */
  close(): void | Promise<void> {}

  /**
   * Sets the home data center and its address. A known key of the data center stays.
   *
   * @param id the number of the data center
   * @param host its IPv4 or IPv6 address, or a host name
   * @param port its port
   * @throws {TypeError} if they cannot be those of a data center
   */
  setDC(id: number, host: string, port: number): void {
    if (!Number.isInteger(id) || !Number.isInteger(port) || typeof host !== "string") {
      throw new TypeError(
        "Cannot set the data center: expected its number, its host, and its port as a number",
      );
    }
    const dc = findDc(this.#state, id);
    if (dc === undefined) this.#state.dcs.push({ id, host, port });
    else Object.assign(dc, { host, port });
    this.#state.dcId = id;
  }

  /**
   * Sets the authorization key of a data center. Call `setDC` first.
   *
   * @param key the key, 256 bytes; it is copied
   * @param dcId the number of the data center. Default: the home data center
   * @throws {TypeError} if the key is not 256 bytes long, or the data center has no address.
   */
  setAuthKey(key: Uint8Array, dcId: number = this.#state.dcId): void {
    if (key.length !== AUTH_KEY_LENGTH) {
      throw new TypeError(
        `Cannot set the auth key of DC ${dcId}: it is ${key.length} bytes, ` +
          `expected ${AUTH_KEY_LENGTH}`,
      );
    }
    const dc = findDc(this.#state, dcId);
    if (dc === undefined) {
      throw new TypeError(
        `Cannot set the auth key of DC ${dcId}: it has no address. ` +
          `Call setDC(${dcId}, host, port) first.`,
      );
    }
    dc.authKey = key.slice();
  }

  /** The parts of the state that are no secret: data centers and user, without keys. */
  toJSON(): Record<string, unknown> {
    return showState(this.#state);
  }
}
