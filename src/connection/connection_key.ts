/**
 * The key of a connection: a permanent one, or a temporary one. dc_key.ts has their states.
 */
import type { AuthKey, ClientEvent, ClientSession } from "../mtproto/mod.ts";
import type { DcKey, DcKeyState } from "./dc_key.ts";
import type { CallEvent, Invocations } from "./invocations.ts";
import type { Link } from "./link.ts";
import type { PacketStream } from "./packet_stream.ts";

/** The time, the data center, and the way to begin a session. */
export interface KeySession {
  /** The local time in milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds from that time to the time of day. */
  readonly apart: number;
  /** The id of the data center as the key exchange has it. */
  readonly dcId: number;
  /** Begins a session; `synchronized` if the time is from a key exchange in this process. */
  begin(state: DcKeyState, options: { readonly synchronized: boolean }): ClientSession;
}

/** The fresh connection of {@linkcode ConnectionKey.obtain}, over which keys are made. */
export interface KeyOpening {
  readonly stream: PacketStream;
  /** The result of `stream.packets()`: the one reader of the stream. */
  readonly packets: AsyncGenerator<Uint8Array, void>;
  /** When it aborts, nothing that comes later counts. */
  readonly deadline: AbortSignal;
  /** The time, the data center, and the way to begin a session. */
  readonly over: KeySession;
  /** The key in whose place another one is wanted. */
  readonly replaced: AuthKey | undefined;
}

/** A key for a connection. */
export interface ObtainedKey extends DcKeyState {
  /** The session in which the key was bound, over this very connection. */
  readonly session?: ClientSession;
  /** What happened in it meanwhile. */
  readonly events?: readonly ClientEvent[];
}

/** An open connection whose key is renewed. */
export interface KeyUser {
  readonly link: Link;
  readonly invocations: Invocations;
  readonly session: ClientSession;
  /** The local time in milliseconds since 1970. */
  readonly now: () => number;
  /** Makes the next connection ready, with another key. It takes over when the link is closed. */
  readonly prepareNext: (deadline: AbortSignal) => Promise<void>;
}

/** The key of a connection: a permanent one, or a temporary one. */
export interface ConnectionKey extends Pick<DcKey, "state" | "age" | "update" | "markUsed"> {
  /** Returns the key; makes it over a fresh connection if there is none. */
  obtain(
    exchange: () => Promise<DcKeyState>,
    now: () => number,
    opening: KeyOpening,
  ): Promise<ObtainedKey>;
  /** The server does not know this key: the next connection replaces it. */
  doubt(authKey: AuthKey): void;
  /** For a temporary key: renews it in time, while a connection is open. */
  keepFresh?(user: KeyUser, signal: AbortSignal): Promise<void>;
  /**
   * For a temporary key: whether an error is about the key, and not about the call. Then the key is
   * given up, and the call waits for the next connection.
   */
  takesBlame?(
    error: CallEvent & { readonly type: "error" },
    session: ClientSession | undefined,
    invocations: Invocations,
  ): boolean;
}
