/**
 * The events of a `ClientSession` for its caller; see client_session.ts.
 */

/**
 * The meaning of a received packet. `call` is the number of the call, from `ClientSession.call`.
 */
export type ClientEvent =
  | { readonly type: "result"; readonly call: number; readonly body: Uint8Array }
  | {
    readonly type: "error";
    readonly call: number;
    readonly code: number;
    readonly message: string;
    /** Whether the call was last sent with `initConnection` around it. */
    readonly wrapped: boolean;
    /** Whether a session that the server has forgotten may have carried it out before. */
    readonly isInDoubt?: boolean;
  }
  | { readonly type: "refused"; readonly call: number; readonly errorCode: number }
  | { readonly type: "update"; readonly body: Uint8Array }
  | { readonly type: "new_session" }
  | { readonly type: "salt"; readonly serverSalt: bigint }
  | { readonly type: "time"; readonly timeOffset: number }
  | { readonly type: "pong"; readonly pingId: bigint }
  /** A packet was ignored for its time: an update may have been in it. */
  | { readonly type: "missed" }
  /** Something that is worth a line in the log. It breaks nothing. */
  | { readonly type: "oddity"; readonly text: string };
