/**
 * The state of the connection to Telegram, as people see it.
 */

/**
 * The state of the connection to Telegram:
 *
 * - `connecting`: it is being opened.
 * - `connected`: it is open.
 * - `waiting`: it could not be opened, or was lost. `reason` says why, and `retryAt` when it is
 *   opened again.
 * - `closed`: it is not open, and is opened by the next call or by `connect()`. `reason` is there
 *   if it was given up, or if another program may use the session: then it is a `SessionError`, and
 *   only `connect()` opens the connection again.
 */
export type ConnectionStatus =
  | { readonly state: "connecting" }
  | { readonly state: "connected" }
  | { readonly state: "waiting"; readonly reason: Error; readonly retryAt: Date }
  | { readonly state: "closed"; readonly reason?: Error };
