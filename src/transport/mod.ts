/**
 * Floor 3, framing: cuts a stream of bytes into MTProto packets, and frames packets, for both
 * sides. It has no sockets. https://core.telegram.org/mtproto/mtproto-transports
 */
export { abridged } from "./abridged.ts";
export { type AcceptOptions, acceptTransport, type ServerTransport } from "./accept.ts";
export {
  AUTH_KEY_NOT_FOUND,
  FramingError,
  INVALID_DC,
  TRANSPORT_FLOOD,
  TransportError,
} from "./errors.ts";
export { full } from "./full.ts";
export { intermediate } from "./intermediate.ts";
export { obfuscated, type ObfuscationOptions } from "./obfuscated.ts";
export { paddedIntermediate } from "./padded_intermediate.ts";
export {
  FRAME_ROOM,
  MAX_PACKET_LENGTH,
  type Packet,
  type PackOptions,
  type Transport,
  type TransportName,
} from "./transport.ts";
