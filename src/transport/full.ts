/**
 * The full transport: length, number of the packet on this connection, packet, CRC-32 of all three.
 * It has no tag and no quick acknowledgement, and cannot be obfuscated: servers recognise it by its
 * first number, 0. https://core.telegram.org/mtproto/mtproto-transports#full
 */
import type { Side } from "../crypto/mod.ts";
import type { ByteQueue } from "./byte_queue.ts";
import { crc32 } from "./crc32.ts";
import { FramingError } from "./errors.ts";
import { FramedTransport } from "./framed_transport.ts";
import {
  checkLength,
  type Frame,
  frameAround,
  type Framing,
  packetFrame,
  writeInt32,
} from "./framing.ts";
import type { Transport } from "./transport.ts";

/** The length of the length, number and CRC, bytes. */
const OVERHEAD = 12;

/** The layout of the full transport, with the numbers of the packets of both directions. */
export class FullFraming implements Framing {
  readonly name = "full";
  readonly tag: Uint8Array = new Uint8Array(0);
  #sent = 0;
  #received = 0;

  frame(payload: Uint8Array, _quickAck: boolean, hasRoom?: boolean): Uint8Array {
    const framed = frameAround(payload, [8, 4], hasRoom);
    writeInt32(framed, framed.length, 0);
    writeInt32(framed, this.#sent, 4);
    writeInt32(framed, crc32(framed.subarray(0, -4)), framed.length - 4);
    this.#sent = (this.#sent + 1) >>> 0;
    return framed;
  }

  frameQuickAck(_token: Uint8Array): Uint8Array {
    throw new RangeError(
      'Cannot pack a quick acknowledgement for "full": this transport does not have them, ' +
        "expected abridged or intermediate",
    );
  }

  read(queue: ByteQueue, reader: Side): Frame | undefined {
    if (queue.length < 4) return undefined;
    const claimed = queue.int32(0);
    // Telegram sometimes sends a bare code in the place of a length. No length is negative.
    if (reader === "client" && claimed < 0 && claimed > -1000) {
      return { kind: "error", code: claimed };
    }
    const length = queue.uint32(0);
    checkLength(length - OVERHEAD, this.name);
    if (queue.length < 8) return undefined;
    const seqno = queue.uint32(4);
    if (seqno !== this.#received) {
      throw new FramingError(
        `Cannot receive a packet "full": its number is ${seqno}, expected ${this.#received}`,
      );
    }
    if (!queue.holds(length)) return undefined;
    const crc = crc32(queue.view(length - 4));
    if (crc !== queue.uint32(length - 4)) {
      throw new FramingError(
        `Cannot receive a packet "full": its CRC-32 is ${hex(queue.uint32(length - 4))}, ` +
          `expected ${hex(crc)}`,
      );
    }
    queue.skip(8);
    const payload = queue.take(length - OVERHEAD);
    queue.skip(4);
    this.#received = (this.#received + 1) >>> 0;
    return packetFrame(payload, false, reader);
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** Makes the client's side of the full transport, the oldest one of MTProto. */
export function full(): Transport {
  return new FramedTransport(new FullFraming(), "client");
}
