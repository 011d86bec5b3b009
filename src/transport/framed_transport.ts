/**
 * A transport over one framing, for either side. It keeps incomplete packets, throws the server's
 * error packets as `TransportError`, counts the expected quick acknowledgements, and repeats its
 * error after a failure. https://core.telegram.org/mtproto/mtproto-transports
 */
import type { Side } from "../crypto/mod.ts";
import { ByteQueue } from "./byte_queue.ts";
import { FramingError, TransportError } from "./errors.ts";
import { type Framing, writeInt32 } from "./framing.ts";
import {
  MAX_PACKET_LENGTH,
  type Packet,
  type PackOptions,
  type Transport,
  type TransportName,
} from "./transport.ts";

/** One side of a connection that uses `framing`. */
export class FramedTransport implements Transport {
  readonly name: TransportName;
  readonly #framing: Framing;
  readonly #side: Side;
  readonly #queue = new ByteQueue();

  #quickAcksExpected = 0;
  #failure: Error | undefined;

  constructor(framing: Framing, side: Side) {
    this.name = framing.name;
    this.#framing = framing;
    this.#side = side;
  }

  start(): Uint8Array {
    return this.#side === "client" ? this.#framing.tag.slice() : new Uint8Array(0);
  }

  pack(payload: Uint8Array, options: PackOptions = {}): Uint8Array {
    const length = payload.length;
    if (length === 0 || length % 4 !== 0 || length > MAX_PACKET_LENGTH) {
      throw new RangeError(
        `Cannot pack a packet of ${length} bytes for "${this.name}": ` +
          `expected a multiple of 4 from 4 to ${MAX_PACKET_LENGTH}`,
      );
    }
    const quickAck = options.quickAck === true;
    if (quickAck) {
      if (this.#side === "server" || this.name === "full") {
        throw new RangeError(
          `Cannot ask for a quick acknowledgement on the ${this.#side}'s side of "${this.name}": ` +
            "expected the client's side of abridged, intermediate or padded intermediate",
        );
      }
      this.#quickAcksExpected++;
    }
    return this.#framing.frame(payload, quickAck, options.hasRoom);
  }

  packError(code: number): Uint8Array {
    if (!Number.isInteger(code) || code >= -1 || code < -0x80000000) {
      throw new RangeError(
        `Cannot pack a transport error "${code}": expected a negative code such as -404`,
      );
    }
    const payload = new Uint8Array(4);
    writeInt32(payload, code, 0);
    return this.#framing.frame(payload, false);
  }

  packQuickAck(token: Uint8Array): Uint8Array {
    if (token.length !== 4 || token[3] < 0x80) {
      throw new RangeError(
        `Cannot pack a quick acknowledgement for "${this.name}": the token has ` +
          `${token.length} bytes, expected 4 with the highest bit of the last one set`,
      );
    }
    return this.#framing.frameQuickAck(token);
  }

  receive(chunk: Uint8Array): Packet[] {
    if (this.#failure) {
      throw new FramingError(
        `Cannot receive with the transport "${this.name}": it failed before. Connect again.`,
        { cause: this.#failure },
      );
    }
    this.#queue.push(chunk);
    const packets: Packet[] = [];
    try {
      while (true) {
        const frame = this.#framing.read(this.#queue, this.#side);
        if (frame === undefined) return packets;
        if (frame.kind === "error") throw new TransportError(frame.code, packets);
        if (frame.kind === "quickAck") this.#countQuickAck();
        else packets.push({ payload: frame.payload, quickAck: frame.quickAck });
      }
    } catch (error) {
      this.#queue.skip(this.#queue.length);
      this.#failure = error instanceof FramingError && packets.length > 0
        ? new FramingError(error.message, { cause: error.cause, packets })
        : error as Error;
      throw this.#failure;
    }
  }

  /** Accepts at most one quick acknowledgement for each packet that asked for one. */
  #countQuickAck(): void {
    if (this.#quickAcksExpected === 0) {
      throw new FramingError(
        `Cannot receive with the transport "${this.name}": no packet asked for this quick ` +
          "acknowledgement, expected a packet",
      );
    }
    this.#quickAcksExpected--;
  }
}
