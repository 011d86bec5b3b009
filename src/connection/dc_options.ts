/** The parts of a connection to a data center. */
import type { Clock, Logger, Random } from "../runtime/mod.ts";
import type { RsaPublicKey } from "../crypto/mod.ts";
import type { Address, Dial, ProxyOptions } from "../net/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import type { Transport } from "../transport/mod.ts";
import type { Search } from "./blocked/mod.ts";
import type { OrderedCall } from "./call_order.ts";
import type { DataCenter } from "./data_centers.ts";
import type { ConnectionStatus } from "./connection_status.ts";
import type { ConnectionKey } from "./connection_key.ts";
import type { DcKeyState } from "./dc_key.ts";
import type { TemporaryKeys } from "./forward_secrecy/temporary_key.ts";
import type { ClientInfo } from "./init_connection.ts";
import type { PacketStream } from "./packet_stream.ts";
import type { Open } from "./race.ts";

/** How connections are made, whatever they lead to. */
export interface ConnectionSettings {
  readonly dial: Dial;
  /** Opens packets in the place of streams that are dialled: over HTTP. */
  readonly openPackets?: Open<PacketStream>;
  /**
   * Makes the transport of a new connection to the data center of this id: 10000 is added for a
   * test one, and it is negative for addresses that are for files only.
   */
  readonly transport: (dcId: number) => Transport;
  /** Looks for other addresses when all have failed. */
  readonly search?: Search;
  readonly keys: readonly RsaPublicKey[];
  readonly info: ClientInfo;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How often in a row a connection is tried again before it is given up. */
  readonly connectionRetries: number;
  /**
   * Milliseconds before trying again, doubled each time up to half a minute and half of
   * `giveUpAfter`. A connection that worked is tried again at once.
   */
  readonly retryDelay: number;
  /** Milliseconds after which a call fails that cannot get through. */
  readonly giveUpAfter: number;
  /** Milliseconds for dialling and the key exchange, and for the answer to a ping. */
  readonly timeout: number;
  /** Whether the auth key may be used right now. By default it may always be used. */
  readonly mayUseKey?: () => boolean;
  /** The proxy of the program. An MTProxy takes the place of all addresses. */
  readonly proxy?: ProxyOptions;
  /** The dial of the program: without an MTProxy, of all connections. */
  readonly innerDial?: Dial;
  /** The temporary keys of the client, if all packets go under such keys. */
  readonly temporaryKeys?: TemporaryKeys;
}

/** A connection that goes through an MTProxy. */
export interface DetourTarget {
  readonly dcId: number;
  /** Whether it is for files: the proxy connects to other servers of the data center then. */
  readonly isForFiles: boolean;
  /** Returns server time minus local time; undefined until the server has told its time. */
  readonly time: () => Pick<DcKeyState, "timeOffset"> | undefined;
}

/** The settings that a connection through an MTProxy has in place of the usual ones. */
export interface Detour
  extends
    Pick<ConnectionSettings, "dial" | "transport" | "info">,
    Required<Pick<DcConnectionOptions, "addresses" | "hidesLengths" | "explain">> {}

/** The addresses of a data center: which to try, and how each fared. Times are in milliseconds. */
export interface DcAddresses {
  /** Returns the addresses in the order in which to try them. */
  candidates(now: number): readonly Address[];
  /** Returns the secret of an address, if it has one. */
  secretOf?(address: Address): Uint8Array | undefined;
  /** Takes note of an address over which an answer came. */
  worked(address: Address): void;
  /** Takes note of an address that could not be reached, or over which no answer came. */
  failed(address: Address, now: number): void;
  /** Whether all of them have failed lately, as if so when it is missing. */
  isExhausted?(now: number): boolean;
  /** Whether all of them are for files only. */
  readonly areForFiles?: boolean;
}

/** The parts of a `DcConnection`. */
export interface DcConnectionOptions extends ConnectionSettings {
  readonly dc: Pick<DataCenter, "id" | "testMode">;
  readonly addresses: DcAddresses;
  /** The key of the data center, which other connections to it may share. */
  readonly key: ConnectionKey;
  /** Whether messages are padded so that their lengths tell less; false by default. */
  readonly hidesLengths?: boolean;
  /** Returns the error to report for one that ended a connection over which no answer came. */
  readonly explain?: (error: Error) => Error;
  /** Whether Telegram may send updates over it, as by default. */
  readonly wantsUpdates?: () => boolean;
  /** Whether the connection is kept open without calls, and never given up. */
  readonly isKept?: () => boolean;
  /** Called with each update. */
  readonly onUpdate?: (updates: TlObject) => void;
  /** Called with each change of the status. */
  readonly onStatus?: (status: ConnectionStatus) => void;
  /** Whether updates may have been missed before its first session: false by default. */
  readonly isLate?: boolean;
  /** Called when Telegram has ended the sign-in: none of its keys can be used any more. */
  readonly onKeyVoid?: () => void;
  /** Called when updates may have been missed: a new session began, or one cannot be read. */
  readonly onMissedUpdates?: () => void;
  /** Called when the server has begun a session in which nothing is called. */
  readonly onIdleSession?: () => void;
}

/** How to make a call. */
export interface CallOptions {
  /** Gives up waiting for the answer, and tells the server so. */
  readonly signal?: AbortSignal;
  /** The place of the call among others, which it keeps over all its attempts. */
  readonly order?: OrderedCall;
}
