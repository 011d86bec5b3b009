/**
 * What must survive a restart, and the small interface of whatever keeps it. A session is plain data: the client changes
 * `state` in place and calls `save()` after a change that matters. Nothing here knows of sign-in or of the network.
 */
import type { PeerStore } from "./peers/peers.ts";

/** One data center of Telegram: where it is, and the key that was agreed with it. */
export interface DataCenterState {
  /** The number of the data center, 1 to 5 on production. */
  id: number;
  /** Its IPv4 or IPv6 address, or a host name. */
  host: string;
  /** Its port. */
  port: number;
  /** The authorization key, 256 bytes, once a key exchange has made one. A secret: whoever has it has the account. */
  authKey?: Uint8Array;
  /** The salt to begin with, so that the first call after a restart is not answered by `bad_server_salt`. */
  serverSalt?: bigint;
  /** Server time minus local time, in seconds. */
  timeOffset?: number;
}

/** Who is signed in. */
export interface SessionUser {
  /** The user's id. */
  id: bigint;
  /** Whether it is a bot. */
  isBot: boolean;
  /** The username, without `@`, if there is one. */
  username?: string;
  /** The data center where the account lives. */
  dcId?: number;
}

/** Up to where updates were received; see https://core.telegram.org/api/updates. */
export interface UpdateState {
  /** Events in the common message box. */
  pts: number;
  /** Events of secret chats and of bots. */
  qts: number;
  /** The server's time of the state, in Unix seconds. */
  date: number;
  /** Update containers received. */
  seq: number;
}

/** All that a session holds. */
export interface SessionState {
  /** The home data center: the one that calls go to. */
  dcId: number;
  /** The data centers known, at most one entry for each id. */
  dcs: DataCenterState[];
  /** Who is signed in, as far as is known; absent in a session that was read from a Telethon or GramJS string. */
  user?: SessionUser;
  /** Whether this is a session of Telegram's test servers. */
  testMode?: boolean;
  /** Up to where updates were received. */
  updates?: UpdateState;
  /** What Telegram gave at the last log-outs: with one of these the next sign-in of that account needs no code. Secrets. */
  futureAuthTokens?: Uint8Array[];
}

/**
 * Where a session is kept. Any object of this shape will do; there is nothing to extend. `load` is awaited before
 * connecting, `save` after each change that matters, `close` when the client disconnects.
 *
 * @example
 * ```ts
 * import { MemorySession, type Session } from "@tessera/mtproto";
 *
 * const store = new Map<string, Session["state"]>();
 * const session: Session = {
 *   state: new MemorySession().state,
 *   load() {
 *     this.state = store.get("me") ?? this.state;
 *   },
 *   save() {
 *     store.set("me", structuredClone(this.state));
 *   },
 * };
 * await session.load();
 * await session.save();
 * ```
 */
export interface Session {
  /** What the session holds. Changed in place by the client. */
  state: SessionState;
  /** Reads what was kept into `state`. */
  load(): void | Promise<void>;
  /** Keeps `state`. What it returns is up to the session: `StringSession` returns its string. */
  save(): unknown;
  /** Lets go of files and connections, if the session has any. */
  close?(): void | Promise<void>;
  /** Peers that were seen, for as long as the session is kept; a session without it forgets them when the process ends. */
  readonly peers?: PeerStore;
  /** Called by a session that another program has taken over: the client disconnects, as both cannot use it. */
  onLost?: (error: Error) => void;
}

/** The entry of a data center in a state, or `undefined`. Without an id: of the home data center. */
export function findDc(
  state: SessionState,
  dcId: number = state.dcId,
): DataCenterState | undefined {
  return state.dcs.find((dc) => dc.id === dcId);
}
