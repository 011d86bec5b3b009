/**
 * The faces of this floor: a transport cuts a stream of bytes into MTProto packets and puts packets into bytes. It is
 * synchronous and owns no socket: bytes go in and come out, in any chunking.
 *
 * https://core.telegram.org/mtproto/mtproto-transports
 */

/** One MTProto packet (plain or encrypted message) as it was received. */
export interface Packet {
  /**
   * The packet. Padded intermediate cannot tell the message from its padding, so 0 to 15 random bytes may follow there:
   * of an encrypted message, take the first 24 bytes and then as many whole blocks of 16 as there are; of a plain message,
   * take what its `message_data_length` says.
   */
  readonly payload: Uint8Array;
  /** The sender asked for a quick acknowledgement of this packet (only clients ask, so only servers see `true`). */
  readonly quickAck: boolean;
}

/** The transports of the specification by their names here. */
export type TransportName = "abridged" | "intermediate" | "padded" | "full";

/** One side of one connection. It keeps the state of that connection, so it serves one connection only. */
export interface Transport {
  /** `abridged`, `intermediate`, `padded` or `full`; with `obfuscated ` before it where that is so. */
  readonly name: string;
  /** What the client sends before anything else: the tag, or the obfuscated header. Empty on the server's side. */
  start(): Uint8Array;
  /**
   * One packet, framed.
   *
   * @param payload A plain or encrypted message. Its length is a multiple of 4 and at most 16 MiB.
   * @param options `quickAck` asks the server for a quick acknowledgement (client side; the full transport has none).
   */
  pack(payload: Uint8Array, options?: { quickAck?: boolean }): Uint8Array;
  /** A transport error as a packet, for servers. `code` is negative: -404, -429, -444. */
  packError(code: number): Uint8Array;
  /**
   * A quick acknowledgement, for servers.
   *
   * @param token The first 4 bytes of the SHA256 that msg_key is the middle of, with the highest bit of the last byte set.
   */
  packQuickAck(token: Uint8Array): Uint8Array;
  /**
   * Takes the next bytes of the stream, cut anywhere, and returns the packets that are whole with them.
   *
   * Throws `TransportError` when the server sent one (client side), and `FramingError` when the bytes cannot be packets.
   * Packets that were whole before it in the same chunk are in the error's `packets`. After that the transport is finished.
   */
  receive(chunk: Uint8Array): Packet[];
  /** The quick acknowledgement tokens (4 bytes each) that came since the last call of this method. For clients. */
  takeQuickAcks(): Uint8Array[];
}

/** The longest packet that is sent or accepted: 16 MiB, far above the largest message that Telegram allows. */
export const MAX_PACKET_LENGTH: number = 16 * 1024 * 1024;
