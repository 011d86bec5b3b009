/**
 * The options of a `ClientSession` and of its calls; see client_session.ts.
 */
import type { Random } from "../runtime/mod.ts";
import type { TlObject } from "../tl/mod.ts";
import type { AuthKey } from "./auth_key.ts";

/** The options of a `ClientSession`. */
export interface ClientSessionOptions {
  readonly authKey: AuthKey;
  readonly random: Random;
  /** Signed 64 bits. With 0n, the default, the first answer takes one more round trip. */
  readonly serverSalt?: bigint;
  /** Milliseconds to add to the local clock to get the server's. */
  readonly timeOffset?: number;
  /** Whether `timeOffset` is from a key exchange in this process, not from an old file. */
  readonly synchronized?: boolean;
  /**
   * Wraps `initConnection` around a serialised query. Until an answer shows that the server has
   * that data, every call carries it: the first of each session and connection.
   */
  readonly wrapFirst?: (query: Uint8Array) => Uint8Array;
  /** Whether the server may send updates to this session, as by default. */
  readonly wantsUpdates?: () => boolean;
  /** Whether messages are padded so that their lengths tell less; false by default. */
  readonly hidesLengths?: boolean;
}

/**
 * The http_wait messages of a session over HTTP, where the server speaks only when it is asked:
 * https://core.telegram.org/mtproto/service_messages#http-waitlong-poll. One goes with each packet.
 */
export interface HttpWaits {
  /** Whether the server must be asked, even if there is nothing to tell it. */
  readonly isDue: boolean;
  /** Returns the `http_wait` of the next packet. */
  next(hasCalls: boolean): TlObject;
  /** Takes note that the server has refused a packet, so that it has not read its `http_wait`. */
  refused(): void;
}

/**
 * A serialised method call; or a function that makes it for the msg_id with which it is sent. It is
 * made anew for each sending, has the same length each time, and gets no wrappers.
 */
export type CallBody = Uint8Array | ((msgId: bigint) => Uint8Array);

/** The options of `ClientSession.call`. */
export interface SessionCallOptions {
  /** The number of the call that the server must carry out before. */
  readonly after?: number;
  /** What comes after the body, in parts that must not change while the call is under way. */
  readonly tail?: readonly Uint8Array[];
}
