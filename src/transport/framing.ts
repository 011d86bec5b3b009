/**
 * The layout of packets in a stream, which differs from transport to transport. The state that they
 * share (buffer, failure, expected acknowledgements) is in `framed_transport.ts`.
 */
import type { Side } from "../crypto/mod.ts";
import type { ByteQueue } from "./byte_queue.ts";
import { FramingError } from "./errors.ts";
import { MAX_PACKET_LENGTH, type TransportName } from "./transport.ts";

/** One frame of a stream. */
export type Frame =
  | { readonly kind: "packet"; readonly payload: Uint8Array; readonly quickAck: boolean }
  | { readonly kind: "quickAck" }
  | { readonly kind: "error"; readonly code: number };

/** The layout of one transport, for one connection (the full transport counts its packets). */
export interface Framing {
  readonly name: TransportName;
  /** The first bytes of a client, which name the transport; empty for full. */
  readonly tag: Uint8Array;
  /** Returns `payload` as a frame; in its own buffer, if that has room for it. */
  frame(payload: Uint8Array, quickAck: boolean, hasRoom?: boolean): Uint8Array;
  /** Returns a quick acknowledgement token of 4 bytes as a frame. */
  frameQuickAck(token: Uint8Array): Uint8Array;
  /** Takes the next frame for the side `reader` from `queue`; undefined while it is not whole. */
  read(queue: ByteQueue, reader: Side): Frame | undefined;
}

/** Returns a frame with `payload` in it, after so many bytes and before so many. */
export function frameAround(
  payload: Uint8Array,
  [before, after]: readonly [number, number],
  hasRoom = false,
): Uint8Array {
  const length = before + payload.length + after;
  const start = payload.byteOffset - before;
  if (hasRoom && start >= 0 && start + length <= payload.buffer.byteLength) {
    return new Uint8Array(payload.buffer, start, length);
  }
  const framed = new Uint8Array(length);
  framed.set(payload, before);
  return framed;
}

/** Throws a `FramingError` if a packet of the transport `name` cannot have this length. */
export function checkLength(length: number, name: TransportName): void {
  const received = `Cannot receive a packet of ${length} bytes with "${name}"`;
  if (length > MAX_PACKET_LENGTH) {
    throw new FramingError(`${received}: expected at most ${MAX_PACKET_LENGTH}`);
  }
  if (length < 4 || (name !== "padded" && length % 4 !== 0)) {
    const expected = name === "padded" ? "at least 4" : "a multiple of 4 above 0";
    throw new FramingError(`${received}: expected ${expected}`);
  }
}

/** Returns the frame of a payload. For a client, a negative number of 4 bytes is an error. */
export function packetFrame(payload: Uint8Array, quickAck: boolean, reader: Side): Frame {
  if (reader === "client" && payload.length === 4) {
    const code = readInt32(payload);
    if (code < 0) return { kind: "error", code };
  }
  return { kind: "packet", payload, quickAck };
}

/** Returns the signed little-endian number in the first 4 bytes. */
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
