/**
 * The options of a `ClientSession` and of its calls; see client_session.ts.
 */
import type { Random } from "../runtime/mod.ts";
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
}
