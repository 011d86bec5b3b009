/**
 * What a connection to a data center is made of, and what of it is kept for the next one.
 */
import type { RsaPublicKey } from "../crypto/mod.ts";
import type { AuthKey } from "../mtproto/mod.ts";
import type { Dial } from "../net/mod.ts";
import type { Clock, Logger, Random } from "../runtime/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import type { Transport } from "../transport/mod.ts";
import type { DataCenter } from "./data_centers.ts";
import type { ClientInfo } from "./init_connection.ts";

/** What is kept of a data center from one connection to the next. */
export interface DcKeyState {
  readonly authKey: AuthKey;
  /** Signed 64 bits; 0n when unknown. */
  readonly serverSalt: bigint;
  /** Milliseconds from the local clock to the server's. */
  readonly timeOffset: number;
}

/** The data center to connect to. */
export interface DcTarget extends DataCenter {
  /** What is known from earlier; without it a key is created. */
  readonly keyState?: DcKeyState;
}

/** What a `DcConnection` is made of. */
export interface DcConnectionOptions {
  readonly dc: DcTarget;
  readonly dial: Dial;
  /** Makes the transport of each new connection, to the data center of this id: 10000 more for a test one. */
  readonly transport: (dcId: number) => Transport;
  readonly keys: readonly RsaPublicKey[];
  readonly info: ClientInfo;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How often in a row a connection is tried again before its calls fail. */
  readonly connectionRetries: number;
  /** Milliseconds before trying again, doubled each time up to a minute. A connection that worked is tried again at once. */
  readonly retryDelay: number;
  /** Milliseconds for dialling and the key exchange, and for the answer to a ping. */
  readonly timeout: number;
  /** Called with each update. */
  readonly onUpdate?: (updates: TlObject) => void;
  /** Called when the key, the salt or the time has changed. */
  readonly onKeyState?: (state: DcKeyState) => void;
  /** Called when the server began a new session: updates may have been missed. */
  readonly onNewSession?: () => void;
}

/** How to make a call. */
export interface CallOptions {
  /** Gives up waiting for the answer, and tells the server so. */
  readonly signal?: AbortSignal;
}
