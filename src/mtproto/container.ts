/**
 * msg_container (several messages in one) and gzip_packed (a compressed object).
 * https://core.telegram.org/mtproto/service_messages#containers
 * Checks every number of a received container before it uses the number.
 */
import { TlReader, TlWriter } from "../tl/mod.ts";
import { inflate, InflateError } from "./inflate.ts";
import { demand, SecurityError } from "./security_error.ts";

/** A message: the contents of an encrypted message, or a part of a container. */
export interface Message {
  readonly msgId: bigint;
  readonly seqNo: number;
  /** The serialised TL object, beginning with its constructor id. */
  readonly body: Uint8Array;
  /** What comes after the body, if a long object is in parts: in sent messages only. */
  readonly tail?: readonly Uint8Array[];
}

/** The serialised object of a message. */
export type MessageBody = Pick<Message, "body" | "tail">;

/** The id of `msg_container`. */
export const MSG_CONTAINER = 0x73f1f8dc;
/** The id of `gzip_packed`. */
export const GZIP_PACKED = 0x3072cfa1;

/** The most messages in a container. */
export const MAX_CONTAINER_MESSAGES = 1020;
/** The most bytes in a container that we send, as in Telegram's own clients. */
export const MAX_CONTAINER_BYTES = 1 << 15;

/**
 * The most bytes that a `gzip_packed` unpacks to. There is no limit of the ratio: a list of similar
 * messages shrinks to a three hundredth.
 */
export const MAX_UNPACKED = 10 << 20;

const MESSAGE_HEADER = 16; // msg_id, seqno, bytes

/** Returns the constructor id of a serialised object; undefined for less than four bytes. */
export function constructorId(body: Uint8Array): number | undefined {
  if (body.length < 4) return undefined;
  return (body[0] | body[1] << 8 | body[2] << 16 | body[3] << 24) >>> 0;
}

/** Returns the length of the object of a message, bytes. */
export function bodyLength({ body, tail }: MessageBody): number {
  return tail === undefined
    ? body.length
    : tail.reduce((sum, part) => sum + part.length, body.length);
}

/** Returns the size of a message inside a container, bytes. */
export function sizeInContainer(message: MessageBody): number {
  return MESSAGE_HEADER + bodyLength(message);
}

/** Takes messages for one container from the front of `messages`, at least one. */
export function takeContainer(messages: Message[], most = MAX_CONTAINER_MESSAGES): Message[] {
  let size = 0;
  const count = messages.findIndex((message, index) => {
    size += sizeInContainer(message);
    return index === most || (index > 0 && size > MAX_CONTAINER_BYTES);
  });
  return messages.splice(0, count < 0 ? messages.length : count);
}

/** Serialises messages as a `msg_container`. */
export function packContainer(messages: readonly Message[]): Uint8Array {
  const length = messages.reduce((sum, message) => sum + sizeInContainer(message), 8);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MSG_CONTAINER, true);
  view.setUint32(4, messages.length, true);
  let position = 8;
  for (const message of messages) {
    view.setBigUint64(position, message.msgId, true);
    view.setUint32(position + 8, message.seqNo, true);
    view.setUint32(position + 12, bodyLength(message), true);
    position += MESSAGE_HEADER;
    bytes.set(message.body, position);
    position += message.body.length;
    for (const part of message.tail ?? []) {
      bytes.set(part, position);
      position += part.length;
    }
  }
  return bytes;
}

/**
 * Reads the messages of a `msg_container`, as views of its bytes.
 *
 * @throws {SecurityError} if its count or a length is wrong, or if it contains another container
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
      `Cannot open a container of ${count} messages: it has ${body.length} bytes, ` +
      `expected at least ${MESSAGE_HEADER} for each`,
  );
  const messages: Message[] = [];
  let position = 8;
  for (let index = 0; index < count; index++) {
    const message = readMessage(view, position, index);
    messages.push(message);
    position += sizeInContainer(message);
  }
  demand(
    position === body.length,
    "container",
    () =>
      `Cannot open a container: it has ${body.length - position} bytes after its last message, ` +
      "expected 0",
  );
  return messages;
}

function readMessage(view: DataView, position: number, index: number): Message {
  const start = position + MESSAGE_HEADER;
  const left = view.byteLength - start;
  demand(
    left >= 0,
    "container",
    () => `Cannot open a container: it ends before message ${index}, expected all messages`,
  );
  const length = view.getUint32(position + 12, true);
  demand(
    length % 4 === 0 && length <= left,
    "container",
    () =>
      `Cannot open a container: message ${index} claims ${length} bytes, ` +
      `expected a multiple of 4, at most ${left}`,
  );
  const body = new Uint8Array(view.buffer, view.byteOffset + start, length);
  demand(
    constructorId(body) !== MSG_CONTAINER,
    "container",
    () => `Cannot open a container: message ${index} is another one, expected messages only`,
  );
  const msgId = view.getBigUint64(position, true);
  return { msgId, seqNo: view.getUint32(position + 8, true), body };
}

/** Serialises compressed bytes as `gzip_packed`. */
export function packGzip(compressed: Uint8Array): Uint8Array {
  const writer = new TlWriter();
  writer.uint32(GZIP_PACKED);
  writer.bytes(compressed);
  return writer.finish();
}

/**
 * Returns the object inside `gzip_packed`, or `body` itself if it is not packed. It does not unpack
 * twice.
 *
 * @param limit The most bytes of the result, at most 10 MiB.
 * @throws {SecurityError} if the bytes are damaged or the result is too long
 */
export function unpackGzip(body: Uint8Array, limit = MAX_UNPACKED): Uint8Array {
  if (constructorId(body) !== GZIP_PACKED) return body;
  try {
    const reader = new TlReader(body);
    reader.uint32();
    return inflate(reader.bytes(), limit);
  } catch (cause) {
    const why = cause instanceof InflateError ? `: ${cause.message}` : "";
    throw new SecurityError("gzip_packed", `Cannot read gzip_packed${why}`, { cause });
  }
}
