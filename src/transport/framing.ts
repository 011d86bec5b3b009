/**
 * What distinguishes one transport from another: how a packet is laid out in the stream. A framing knows layouts only; the
 * state that all of them share (buffer, failure, expected acknowledgements) is in `framed_transport.ts`.
 */
import type { Side } from "../crypto/mod.ts";
import type { ByteQueue } from "./byte_queue.ts";
import { FramingError } from "./errors.ts";
import { MAX_PACKET_LENGTH, type TransportName } from "./transport.ts";

/** One thing that was read from the stream. */
export type Frame =
  | { readonly kind: "packet"; readonly payload: Uint8Array; readonly quickAck: boolean }
  | { readonly kind: "quickAck"; readonly token: Uint8Array }
  | { readonly kind: "error"; readonly code: number };

/** The layout of one transport, for one connection (the full transport counts its packets). */
export interface Framing {
  readonly name: TransportName;
  /** What the client sends first to name the transport; empty for full, which has no tag. */
  readonly tag: Uint8Array;
  /** Puts `payload` into an envelope. */
  frame(payload: Uint8Array, quickAck: boolean): Uint8Array;
  /** Puts a quick acknowledgement token of 4 bytes into its envelope. */
  frameQuickAck(token: Uint8Array): Uint8Array;
  /** Takes the next frame that the side `reader` can read out of `queue`; undefined while it is not whole. */
  read(queue: ByteQueue, reader: Side): Frame | undefined;
}

/** Throws unless `length` can be the length of a packet of the transport `name`. */
export function checkLength(length: number, name: TransportName): void {
  if (length > MAX_PACKET_LENGTH) {
    throw new FramingError(
      `Cannot receive a packet "${name}": its length is ${length} bytes, expected at most ${MAX_PACKET_LENGTH}`,
    );
  }
  if (length < 4 || (name !== "padded" && length % 4 !== 0)) {
    throw new FramingError(
      `Cannot receive a packet "${name}": its length is ${length} bytes, expected ` +
        (name === "padded" ? "4 or more" : "a multiple of 4, and not 0"),
    );
  }
}

/** The frame for a whole payload: for clients, four bytes of a negative number are a transport error. */
export function packetFrame(payload: Uint8Array, quickAck: boolean, reader: Side): Frame {
  if (reader === "client" && payload.length === 4) {
    const code = readInt32(payload);
    if (code < 0) return { kind: "error", code };
  }
  return { kind: "packet", payload, quickAck };
}

/** The little-endian signed number in the first 4 bytes. */
export function readInt32(bytes: Uint8Array): number {
  return bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24);
}

/** Writes a little-endian 32-bit number, signed or not, at `offset`. */
export function writeInt32(bytes: Uint8Array, value: number, offset: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}
