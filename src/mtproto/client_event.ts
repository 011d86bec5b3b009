/**
 * What the client's half of a session tells its caller: see client_session.ts.
 */

/** What a received packet means to the caller. `call` is the number that `ClientSession.call` gave. */
export type ClientEvent =
  | { readonly type: "result"; readonly call: number; readonly body: Uint8Array }
  | {
    readonly type: "error";
    readonly call: number;
    readonly code: number;
    readonly message: string;
  }
  | { readonly type: "refused"; readonly call: number; readonly errorCode: number }
  | { readonly type: "update"; readonly body: Uint8Array }
  | { readonly type: "new_session" }
  | { readonly type: "salt"; readonly serverSalt: bigint }
  | { readonly type: "time"; readonly timeOffset: number }
  | { readonly type: "pong"; readonly pingId: bigint };
