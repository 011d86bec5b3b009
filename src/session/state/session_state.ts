/**
 * What must survive a restart, as plain data: the data centers with their keys, the user, and how
 * far updates were received. https://core.telegram.org/api/datacenter. Reading and writing it as
 * text is done in state_text.ts.
 */

/** An address of a data center, as Telegram named it. */
export interface DcAddressState {
  /** An IPv4 or IPv6 address, or a host name. */
  host: string;
  /** Its port. */
  port: number;
  /** Whether the address is only for files. */
  mediaOnly?: boolean;
  /** Whether the address is only for obfuscated transports. */
  tcpoOnly?: boolean;
  /** Whether no other port of this host leads to Telegram. */
  thisPortOnly?: boolean;
}

/** One data center of Telegram: its addresses, and the key that was agreed with it. */
export interface DataCenterState {
  /** The number of the data center, 1 to 5 on production. */
  id: number;
  /** The last address that worked: IPv4, IPv6, or a host name. */
  host: string;
  /** The port of that address. */
  port: number;
  /** The addresses that Telegram named, in its order. */
  addresses?: DcAddressState[];
  /** When Telegram named them, in Unix seconds. */
  addressesDate?: number;
  /**
   * The authorization key, 256 bytes, once a key exchange has made one. A secret: it gives full
   * access to the account.
   */
  authKey?: Uint8Array;
  /**
   * The salt to begin with. Without it, the server answers the first call after a restart with
   * `bad_server_salt`, which costs a round trip.
   */
  serverSalt?: bigint;
  /** Server time minus local time, in milliseconds. */
  timeOffset?: number;
}

/** The user who is signed in. */
export interface SessionUser {
  /** The user's id. */
  id: bigint;
  /** Whether the user is a bot. */
  isBot: boolean;
  /** The username without `@`; absent if the user has no username. */
  username?: string;
  /** The number of the data center where the account lives. */
  dcId?: number;
}

/** How far updates were received. See https://core.telegram.org/api/updates. */
export interface UpdateState {
  /** The number of events in the common message box. */
  pts: number;
  /** The number of events of secret chats and bots. */
  qts: number;
  /** The server's time of the state, in Unix seconds. */
  date: number;
  /** The number of update containers received. */
  seq: number;
}

/** Everything that a session holds. */
export interface SessionState {
  /** The number of the home data center, which calls go to. */
  dcId: number;
  /** The known data centers, at most one entry for each id. */
  dcs: DataCenterState[];
  /** The user, if known. A session from a Telethon or GramJS string does not know its user. */
  user?: SessionUser;
  /** Whether this is a session of Telegram's test servers. */
  testMode?: boolean;
  /** How far updates were received. */
  updates?: UpdateState;
  /**
   * The tokens that Telegram sent at the last log-outs. With one of them, the next sign-in of that
   * account needs no code. Secrets.
   */
  futureAuthTokens?: Uint8Array[];
}

/**
 * Finds a data center in a state.
 *
 * @param state the state to look in
 * @param dcId the number of the data center; by default the home data center
 * @returns the entry itself, not a copy, or `undefined` if the state does not know the data center
 */
export function findDc(
  state: SessionState,
  dcId: number = state.dcId,
): DataCenterState | undefined {
  return state.dcs.find((dc) => dc.id === dcId);
}
