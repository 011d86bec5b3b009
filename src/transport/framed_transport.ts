/**
 * A transport over one framing, for either side: keeps what has not become a packet yet, turns the server's error packets
 * into `TransportError`, counts the quick acknowledgements that were asked for, and after a failure says so again.
 *
 * https://core.telegram.org/mtproto/mtproto-transports
 */
import type { Side } from "../crypto/mod.ts";
import { ByteQueue } from "./byte_queue.ts";
import { FramingError, TransportError } from "./errors.ts";
import { type Framing, writeInt32 } from "./framing.ts";
import { MAX_PACKET_LENGTH, type Packet, type Transport, type TransportName } from "./transport.ts";

/** One side of a connection that uses `framing`. */
export class FramedTransport implements Transport {
  readonly name: TransportName;
  readonly #framing: Framing;
  readonly #side: Side;
  readonly #queue = new ByteQueue();
  #quickAcks: Uint8Array[] = [];
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

  pack(payload: Uint8Array, options: { quickAck?: boolean } = {}): Uint8Array {
    const length = payload.length;
    if (length === 0 || length % 4 !== 0 || length > MAX_PACKET_LENGTH) {
      throw new RangeError(
        `Cannot pack a packet "${this.name}": its length is ${length} bytes, ` +
          `expected a multiple of 4 from 4 to ${MAX_PACKET_LENGTH}`,
      );
    }
    const quickAck = options.quickAck === true;
    if (quickAck) {
      if (this.#side === "server" || this.name === "full") {
        throw new RangeError(
          `Cannot ask for a quick acknowledgement "${this.name}, ${this.#side}": it has none, ` +
            `expected the client's side of abridged, intermediate or padded intermediate`,
        );
      }
      this.#quickAcksExpected++;
    }
    return this.#framing.frame(payload, quickAck);
  }

  packError(code: number): Uint8Array {
    if (!Number.isInteger(code) || code >= -1 || code < -0x80000000) {
      throw new RangeError(
        `Cannot pack a transport error "${code}": no such code, expected a negative number such as -404`,
      );
    }
    const payload = new Uint8Array(4);
    writeInt32(payload, code, 0);
    return this.#framing.frame(payload, false);
  }

  packQuickAck(token: Uint8Array): Uint8Array {
    if (token.length !== 4 || token[3] < 0x80) {
      throw new RangeError(
        `Cannot pack a quick acknowledgement "${this.name}": the token has ${token.length} bytes, ` +
          `expected 4 with the highest bit of the last one set`,
      );
    }
    return this.#framing.frameQuickAck(token);
  }

  receive(chunk: Uint8Array): Packet[] {
    if (this.#failure) {
      throw new FramingError(
        `Cannot receive with this transport "${this.name}": it has failed before, expected a new connection`,
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
        if (frame.kind === "quickAck") this.#keepQuickAck(frame.token);
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

  takeQuickAcks(): Uint8Array[] {
    const taken = this.#quickAcks;
    this.#quickAcks = [];
    return taken;
  }

  #keepQuickAck(token: Uint8Array): void {
    // One for each packet that asked, and no more: otherwise a server could fill our memory with them.
    if (this.#quickAcksExpected === 0) {
      throw new FramingError(
        `Cannot receive a quick acknowledgement "${this.name}": none was asked for, expected a packet`,
      );
    }
    this.#quickAcksExpected--;
    this.#quickAcks.push(token);
  }
}
