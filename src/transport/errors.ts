/**
 * The errors of this floor: a transport error from the server (`TransportError`), and bytes that
 * are not packets of the transport (`FramingError`). After either, the connection is unusable.
 * https://core.telegram.org/mtproto/mtproto-transports#transport-errors
 */
import { isInstance } from "../runtime/mod.ts";
import type { Packet } from "./transport.ts";

/** The server does not know the auth key. */
export const AUTH_KEY_NOT_FOUND = -404;
/** There are too many connections, or messages at once. */
export const TRANSPORT_FLOOD = -429;
/** The address is not of this data center. */
export const INVALID_DC = -444;

/** Returns the meaning of a code, and what to do. */
function meaning(code: number): string {
  switch (code) {
    case -403:
      return "the server refuses this connection (forbidden). Try another address.";
    case AUTH_KEY_NOT_FOUND:
      return "the server does not know this auth key, or a field of the packet was wrong. " +
        "Make a new auth key.";
    case TRANSPORT_FLOOD:
      return "too many connections or messages at once (transport flood). " +
        "Wait before you connect again.";
    case INVALID_DC:
      return "this address does not serve the data center id. " +
        "Use the id of the data center at this address.";
    default:
      return "the specification does not have this code. Connect again.";
  }
}

/**
 * Thrown when the server sends a transport error: it cannot serve this connection.
 *
 * `code` is the negative number of the server: -404 (auth key not found), -429 (transport flood),
 * -444 (invalid data center), -403 (forbidden), or another one. See
 * https://core.telegram.org/mtproto/mtproto-transports#transport-errors
 */
export class TransportError extends Error {
  /** Makes `instanceof` true for the errors of another copy of this library, too. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isInstance(value, this, TransportError, ["TransportError"]);
  }
  /** Always `TransportError`. */
  override readonly name = "TransportError";
  /** The negative code of the server. */
  readonly code: number;
  /** The whole packets before the error, in the same chunk. */
  readonly packets: readonly Packet[];

  /**
   * Makes the error for a code.
   *
   * @param code The negative code of the server.
   * @param packets The whole packets before the error, in the same chunk.
   */
  constructor(code: number, packets: readonly Packet[] = []) {
    super(`Cannot use this connection: transport error ${code}, ${meaning(code)}`);
    this.code = code;
    this.packets = packets;
  }
}

/**
 * Thrown when received bytes cannot be packets of this transport: the other side speaks another
 * protocol, or the stream is damaged.
 */
export class FramingError extends Error {
  /** Always `FramingError`. */
  override readonly name = "FramingError";
  /** The whole packets before the damage, in the same chunk. */
  readonly packets: readonly Packet[];

  /**
   * Makes the error.
   *
   * @param message The text.
   * @param options `cause`; `packets`: the whole packets before the damage, in the same chunk.
   */
  constructor(message: string, options: ErrorOptions & { packets?: readonly Packet[] } = {}) {
    super(message, options);
    this.packets = options.packets ?? [];
  }
}
