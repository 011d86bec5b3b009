/**
 * What can go wrong under MTProto's messages: the server's own transport errors (`TransportError`), and bytes that are no
 * packets of the transport in use (`FramingError`). After either of them the connection is of no more use.
 *
 * https://core.telegram.org/mtproto/mtproto-transports#transport-errors
 */
import type { Packet } from "./transport.ts";

/** What the known codes mean, and what to do about them. */
function meaning(code: number): string {
  switch (code) {
    case -403:
      return "the server refuses this connection (forbidden), expected a connection that it allows; try another address";
    case -404:
      return "the server does not know this auth key, or a field of the packet was wrong; make a new auth key";
    case -429:
      return "too many connections or too many messages at once (transport flood); wait before connecting again";
    case -444:
      return "the data center id is not valid at this address, expected the id of the data center that was dialled";
    default:
      return "the server gave up with a code that the specification does not name; connect again";
  }
}

/**
 * The server said, in a packet of four bytes, that it cannot serve this connection.
 *
 * `code` is the negative number that it sent: -404 (auth key not found), -429 (transport flood), -444 (invalid data center),
 * -403 (forbidden), or another one. See https://core.telegram.org/mtproto/mtproto-transports#transport-errors
 */
export class TransportError extends Error {
  /** Always `TransportError`. */
  override readonly name = "TransportError";
  /** The code that the server sent, negative. */
  readonly code: number;
  /** The packets that came whole before the error, in the same chunk: not lost, if the caller wants them. */
  readonly packets: readonly Packet[];

  /**
   * The error of that code.
   *
   * @param code The code that the server sent, negative.
   * @param packets The packets that came whole before it, in the same chunk.
   */
  constructor(code: number, packets: readonly Packet[] = []) {
    super(`Cannot go on with this connection "transport error ${code}": ${meaning(code)}`);
    this.code = code;
    this.packets = packets;
  }
}

/** Bytes came that cannot be packets of this transport: the other side speaks something else, or the stream is damaged. */
export class FramingError extends Error {
  /** Always `FramingError`. */
  override readonly name = "FramingError";
  /** The packets that came whole before the damage, in the same chunk: not lost, if the caller wants them. */
  readonly packets: readonly Packet[];

  /**
   * The error of these bytes.
   *
   * @param message What was received, and what was expected.
   * @param options `cause`, and the `packets` that came whole before, in the same chunk.
   */
  constructor(message: string, options: ErrorOptions & { packets?: readonly Packet[] } = {}) {
    super(message, options);
    this.packets = options.packets ?? [];
  }
}
