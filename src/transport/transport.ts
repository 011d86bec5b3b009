/**
 * The interfaces of this floor. A transport cuts a stream of bytes into MTProto packets, and frames
 * packets. It is synchronous, has no socket, and takes bytes in any chunks.
 * https://core.telegram.org/mtproto/mtproto-transports
 */

/** One received MTProto packet: a plain or encrypted message. */
export interface Packet {
  /**
   * The packet. Padded intermediate cannot separate a message from its padding, so 0 to 15 random
   * bytes may follow it. Of an encrypted message, take the first 24 bytes and then all whole blocks
   * of 16; of a plain message, take as many bytes as its `message_data_length`.
   */
  readonly payload: Uint8Array;
  /** Whether the sender asked for a quick acknowledgement. Only clients ask. */
  readonly quickAck: boolean;
}

/** The transports of the specification. */
export type TransportName = "abridged" | "intermediate" | "padded" | "full";

/** The options of {@linkcode Transport.pack}. */
export interface PackOptions {
  readonly quickAck?: boolean;
  readonly hasRoom?: boolean;
}

/** The bytes that a frame may need on each side of its payload. */
export const FRAME_ROOM = 16;

/** One side of one connection. It has the state of that connection, so it serves no other. */
export interface Transport {
  /**
   * `abridged`, `intermediate`, `padded` or `full`; with `obfuscated ` in front if it obfuscates.
   */
  readonly name: string;
  /**
   * Returns the first bytes to send: the tag or the obfuscated header of a client. A server sends
   * none.
   */
  start(): Uint8Array;
  /**
   * Frames one packet.
   *
   * @param payload A plain or encrypted message: a multiple of 4 bytes, at most 16 MiB.
   * @param options `quickAck`: ask for a quick acknowledgement. For clients; full cannot ask.
   * `hasRoom`: the buffer of the payload has {@linkcode FRAME_ROOM} bytes before and after it,
   * where the frame may go. The payload is not copied then.
   */
  pack(payload: Uint8Array, options?: PackOptions): Uint8Array;
  /** Frames a transport error, for servers. `code` is negative: -404, -429, -444. */
  packError(code: number): Uint8Array;
  /**
   * Frames a quick acknowledgement, for servers.
   *
   * @param token The first 4 bytes of the SHA256 that contains msg_key, with the highest bit of the
   * last byte set.
   */
  packQuickAck(token: Uint8Array): Uint8Array;
  /**
   * Takes the next bytes of the stream, cut anywhere. Returns the packets that they complete. A
   * client drops quick acknowledgements.
   *
   * After an error the transport is unusable. The error has the whole packets before it.
   *
   * @throws {TransportError} on the client's side, if the server sent one
   * @throws {FramingError} if the bytes cannot be packets
   */
  receive(chunk: Uint8Array): Packet[];
}

/** The longest packet, bytes: 16 MiB, far above the largest message of Telegram. */
export const MAX_PACKET_LENGTH: number = 16 * 1024 * 1024;
