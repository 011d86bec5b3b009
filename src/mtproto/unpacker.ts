/**
 * Opens the container and the gzip_packed of one packet, each message once, one level deep.
 * https://core.telegram.org/mtproto/service_messages#packed-object
 *
 * | in             | may be                                                                  |
 * | -------------- | ----------------------------------------------------------------------- |
 * | a packet       | a container, a message, or one of them in gzip_packed                   |
 * | a container    | messages, or messages in gzip_packed                                    |
 * | an rpc_result  | a result, or a result in gzip_packed                                    |
 *
 * Any other nesting is refused before the inner level is unpacked. One packet unpacks to at most 32
 * MiB, and each gzip_packed in it to at most 10 MiB.
 */
import {
  constructorId,
  GZIP_PACKED,
  MAX_UNPACKED,
  type Message,
  MSG_CONTAINER,
  unpackContainer,
  unpackGzip,
} from "./container.ts";
import { demand } from "./security_error.ts";

/** The messages of a packet, with unpacked bodies. */
export interface Contents {
  readonly isContainer: boolean;
  readonly messages: readonly Message[];
}

const MAX_PACKET_UNPACKED = 32 << 20;

/** Opens one packet. It counts the bytes that it unpacks. */
export class Unpacker {
  #left = MAX_PACKET_UNPACKED;

  /**
   * Returns the messages of a packet.
   *
   * @throws {SecurityError} if the nesting, a length or a compressed stream is wrong
   */
  open(packet: Message): Contents {
    const body = this.object(packet.body);
    if (constructorId(body) !== MSG_CONTAINER) {
      return { isContainer: false, messages: [{ ...packet, body }] };
    }
    const messages = unpackContainer(body).map((part) => ({ ...part, body: this.#part(part) }));
    return { isContainer: true, messages };
  }

  /** Returns the object inside `gzip_packed`, or `body` itself if it is not packed. */
  object(body: Uint8Array): Uint8Array {
    if (constructorId(body) !== GZIP_PACKED) return body;
    demand(
      this.#left > 0,
      "gzip_packed",
      () => "Cannot read gzip_packed: its packet unpacks to more than 32 MiB",
    );
    const object = unpackGzip(body, Math.min(MAX_UNPACKED, this.#left));
    this.#left -= object.length;
    demand(
      constructorId(object) !== GZIP_PACKED,
      "gzip_packed",
      () => "Cannot read gzip_packed: it is inside another one, expected a message",
    );
    return object;
  }

  #part(message: Message): Uint8Array {
    const body = this.object(message.body);
    demand(
      constructorId(body) !== MSG_CONTAINER,
      "container",
      () => "Cannot open a container: it is inside another one, expected messages only",
    );
    return body;
  }
}
