/**
 * msg_container and gzip_packed: several messages in one, and a compressed object.
 * https://core.telegram.org/mtproto/service_messages#containers
 * Every number in a received container is checked before it is used.
 */
import { TlReader, TlWriter } from "../tl/mod.ts";
import { inflate, InflateError } from "./inflate.ts";
import { asLong } from "./msg_id.ts";
import { demand, SecurityError } from "./security_error.ts";

/** A message inside an encrypted one: alone, or part of a container. */
export interface Message {
  readonly msgId: bigint;
  readonly seqNo: number;
  /** The serialised TL object, beginning with its constructor id. */
  readonly body: Uint8Array;
}

/** The id of `msg_container`. */
export const MSG_CONTAINER = 0x73f1f8dc;
/** The id of `gzip_packed`. */
export const GZIP_PACKED = 0x3072cfa1;

/** The most messages that a container may hold. */
export const MAX_CONTAINER_MESSAGES = 1020;
/** The most bytes of messages that are put into one container, as Telegram's own clients do; a longer message goes alone. */
export const MAX_CONTAINER_BYTES = 1 << 15;

const MESSAGE_HEADER = 16; // msg_id, seqno, bytes
const MAX_INFLATED = 10 << 20;
const MAX_INFLATE_RATIO = 100;
const SMALL = 64 << 10;

/** The constructor id that a serialised object begins with, or undefined when there are no four bytes. */
export function constructorId(body: Uint8Array): number | undefined {
  if (body.length < 4) return undefined;
  return (body[0] | body[1] << 8 | body[2] << 16 | body[3] << 24) >>> 0;
}

/** What a message takes of a container. */
export function sizeInContainer(body: Uint8Array): number {
  return MESSAGE_HEADER + body.length;
}

/** Takes from the front of `messages` as many as one container may hold, at least one. */
export function takeContainer(messages: Message[]): Message[] {
  let size = 0;
  const count = messages.findIndex(({ body }, index) => {
    size += sizeInContainer(body);
    return index === MAX_CONTAINER_MESSAGES || (index > 0 && size > MAX_CONTAINER_BYTES);
  });
  return messages.splice(0, count < 0 ? messages.length : count);
}

/** Serialises messages as a `msg_container`. */
export function packContainer(messages: readonly Message[]): Uint8Array {
  const writer = new TlWriter();
  writer.uint32(MSG_CONTAINER);
  writer.int32(messages.length);
  for (const { msgId, seqNo, body } of messages) {
    writer.int64(asLong(msgId));
    writer.int32(seqNo);
    writer.int32(body.length);
    writer.raw(body);
  }
  return writer.finish();
}

/**
 * Reads the messages of a `msg_container`, as views of its bytes; one that lies about count or lengths, or holds another, is a
 * {@linkcode SecurityError}.
 */
export function unpackContainer(body: Uint8Array): Message[] {
  demand(
    body.length >= 8,
    "container",
    () => `Cannot open a container: it has ${body.length} bytes, expected at least 8`,
  );
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const count = view.getUint32(4, true);
  demand(
    count <= MAX_CONTAINER_MESSAGES && count * MESSAGE_HEADER <= body.length - 8,
    "container",
    () =>
      `Cannot open a container of ${count} messages: its ${body.length} bytes cannot hold them, expected ${MESSAGE_HEADER} or more for each`,
  );
  const messages: Message[] = [];
  let position = 8;
  for (let index = 0; index < count; index++) {
    const message = readMessage(view, position, index);
    messages.push(message);
    position += sizeInContainer(message.body);
  }
  demand(
    position === body.length,
    "container",
    () =>
      `Cannot open a container: ${
        body.length - position
      } bytes are left behind its last message, expected none`,
  );
  return messages;
}

function readMessage(view: DataView, position: number, index: number): Message {
  const start = position + MESSAGE_HEADER;
  const left = view.byteLength - start;
  demand(
    left >= 0,
    "container",
    () => `Cannot open a container: it ends before message ${index}, expected all`,
  );
  const length = view.getUint32(position + 12, true);
  demand(
    length % 4 === 0 && length <= left,
    "container",
    () =>
      `Cannot open a container: message ${index} says ${length} bytes, expected a multiple of 4 up to the ${left} that are left`,
  );
  const body = new Uint8Array(view.buffer, view.byteOffset + start, length);
  demand(
    constructorId(body) !== MSG_CONTAINER,
    "container",
    () => `Cannot open a container: message ${index} is a container too, expected none in another`,
  );
  const msgId = view.getBigUint64(position, true);
  return { msgId, seqNo: view.getUint32(position + 8, true), body };
}

/** Serialises already compressed bytes as `gzip_packed`. */
export function packGzip(compressed: Uint8Array): Uint8Array {
  const writer = new TlWriter();
  writer.uint32(GZIP_PACKED);
  writer.bytes(compressed);
  return writer.finish();
}

/**
 * The object inside `gzip_packed`, or `body` itself when it is not packed. What comes out is bounded, by 10 MiB and by 100 times
 * what went in (64 KiB are always allowed), and is not unpacked a second time.
 */
export function unpackGzip(body: Uint8Array): Uint8Array {
  if (constructorId(body) !== GZIP_PACKED) return body;
  try {
    const reader = new TlReader(body);
    reader.uint32();
    const packed = reader.bytes();
    const limit = Math.min(MAX_INFLATED, Math.max(SMALL, packed.length * MAX_INFLATE_RATIO));
    return inflate(packed, limit);
  } catch (cause) {
    const why = cause instanceof InflateError ? `: ${cause.message}` : "";
    throw new SecurityError("gzip_packed", `Cannot read gzip_packed${why}`, { cause });
  }
}
