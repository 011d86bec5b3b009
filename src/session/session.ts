/**
 * The interface of a session: where the state of an account is kept between two runs of a program.
 * The state itself is plain data, see state/session_state.ts. Nothing here knows of sign-in or of
 * the network.
 */
import type { PeerStore } from "./peers/peer.ts";
import type { SessionState } from "./state/session_state.ts";
import type { UpdatesPlace } from "./updates/updates_place.ts";

/**
 * Keeps the state of an account. Any object of this shape is a session; there is no class to
 * extend. The client awaits `load` before it connects, calls `save` after each change that matters,
 * and `close` when it disconnects.
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
  /** The state. The client changes it in place. */
  state: SessionState;
  /**
   * Reads the saved state into `state`. A session that was never saved keeps the `state` it has.
   */
  load(): void | Promise<void>;
  /**
   * Saves `state`.
   *
   * @returns a value of the session's choice, which the client ignores: `StringSession` returns its
   * string
   */
  save(): unknown;
  /** Closes the files and connections of the session, if it has any. */
  close?(): void | Promise<void>;
  /**
   * The peers that this account has seen. The client forgets them at the end of the process if the
   * session has no `peers`.
   */
  readonly peers?: PeerStore | undefined;
  /**
   * The place where the session keeps how far the updates of the account were received, apart from
   * `state`. A session of your own may leave it out, and so does `StringSession`, as a string has
   * no room that changes. Without it, each run of a program begins with the updates of its own
   * time, and what came while it was away is not fetched.
   */
  readonly updates?: UpdatesPlace | undefined;
  /**
   * Whether this program may use the keys of the session right now. The client asks before it sends
   * anything, and sends nothing while it is `false`. A session without it may always be used.
   */
  mayUseKey?(): boolean;
  /**
   * Set by the client. The session calls it when another program has taken the session over, or may
   * do so soon; the client then disconnects, as two programs cannot use one auth key.
   */
  onLost?: ((error: Error) => void) | undefined;
}
