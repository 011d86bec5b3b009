/**
 * A session that lasts as long as the process, and the base of those that keep theirs somewhere: override `load` and
 * `save`. Printing a session, or its state, shows no key.
 */
import { AUTH_KEY_LENGTH } from "../crypto/mod.ts";
import { FIRST_DC_ID } from "../connection/mod.ts";
import { censor, censorObject, type Shown } from "../runtime/mod.ts";
import { MemoryPeers, type PeerStore } from "./peers/peers.ts";
import { type DataCenterState, findDc, type Session, type SessionState } from "./session.ts";

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

/** Censors a state and every data center in it, also those that were added since the last time. */
function censorState(state: SessionState): SessionState {
  for (const dc of state.dcs) censorObject(dc, showDc);
  return censorObject(state, showState);
}

/**
 * A session in memory: gone when the process ends. Extend it to keep a session wherever you like; what is done
 * asynchronously goes into `load()`, which is awaited before connecting.
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

  static {
    censor(this.prototype);
  }

  /** A session that holds a copy of `state`, or nothing: the home data center is then 2. */
  constructor(state: Partial<SessionState> = {}) {
    const dcs = (state.dcs ?? []).map((dc) => ({ ...dc }));
    this.#state = { dcId: FIRST_DC_ID, ...state, dcs };
  }

  /** What the session holds. Changed in place by the client. */
  get state(): SessionState {
    return censorState(this.#state);
  }

  /** Replaces what the session holds. */
  set state(state: SessionState) {
    this.#state = state;
  }

  /** The peers that were seen, in memory. */
  get peers(): PeerStore {
    return this.#peers;
  }

  /** Nothing to read: the state is in memory. */
  load(): void | Promise<void> {}

  /** Nothing to write: the state is in memory. */
  save(): unknown {
    return undefined;
  }

  /** Nothing to let go of. */
  close(): void | Promise<void> {}

  /** Makes `id` the home data center, reachable at `host` and `port`. A key that is known for it stays. */
  setDC(id: number, host: string, port: number): void {
    const dc = findDc(this.#state, id);
    if (dc === undefined) this.#state.dcs.push({ id, host, port });
    else Object.assign(dc, { host, port });
    this.#state.dcId = id;
  }

  /**
   * Sets the authorization key (256 bytes) of the home data center, or of data center `dcId`.
   *
   * @throws {TypeError} if the key is not 256 bytes long, or the data center has no address yet: call `setDC` first.
   */
  setAuthKey(key: Uint8Array, dcId: number = this.#state.dcId): void {
    if (key.length !== AUTH_KEY_LENGTH) {
      throw new TypeError(
        `Cannot set the auth key of DC ${dcId}: it is ${key.length} bytes, expected ${AUTH_KEY_LENGTH}`,
      );
    }
    const dc = findDc(this.#state, dcId);
    if (dc === undefined) {
      throw new TypeError(
        `Cannot set the auth key of DC ${dcId}: it has no address, expected setDC(${dcId}, host, port) before`,
      );
    }
    dc.authKey = key.slice();
  }

  /** What may be shown of the session: data centers and user, no key. */
  toJSON(): Record<string, unknown> {
    return showState(this.#state);
  }
}
