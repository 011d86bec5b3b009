/**
 * The padded intermediate transport: intermediate with random bytes after each packet, so that the
 * lengths reveal less. It is meant for obfuscated connections. This floor cannot separate the
 * padding from the packet: `Packet.payload` includes it.
 * https://core.telegram.org/mtproto/mtproto-transports#padded-intermediate
 */
import type { Side } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import type { ByteQueue } from "./byte_queue.ts";
import { FramedTransport } from "./framed_transport.ts";
import {
  checkLength,
  type Frame,
  frameAround,
  type Framing,
  packetFrame,
  readInt32,
  writeInt32,
} from "./framing.ts";
import type { Transport } from "./transport.ts";

const QUICK_ACK = 0x80000000;
/** The longest quick acknowledgement: 4 bytes of ones, the token, 8 bytes of padding. */
const LONGEST_QUICK_ACK = 16;
/**
 * The shortest MTProto message: auth_key_id, msg_id, length. A shorter one is an error or token.
 */
const SHORTEST_MESSAGE = 20;

/** The layout of the padded intermediate transport. */
export class PaddedIntermediateFraming implements Framing {
  readonly name = "padded";
  readonly tag: Uint8Array = Uint8Array.of(0xdd, 0xdd, 0xdd, 0xdd);
  readonly #random: Random;
  readonly #maxPadding: number;

  constructor(random: Random, maxPadding: number) {
    if (!Number.isInteger(maxPadding) || maxPadding < 0 || maxPadding > 15) {
      throw new RangeError(
        `Cannot pad packets by up to "${maxPadding}" bytes: expected a whole number from 0 to 15`,
      );
    }
    this.#random = random;
    this.#maxPadding = maxPadding;
  }

  frame(payload: Uint8Array, quickAck: boolean, hasRoom?: boolean): Uint8Array {
    // Four bytes are a transport error, which some clients (mtcute) recognise by that length only.
    const padding = this.#padding(payload.length === 4 ? 0 : this.#maxPadding);
    const length = payload.length + padding.length;
    const framed = frameAround(payload, [4, padding.length], hasRoom);
    writeInt32(framed, quickAck ? length + QUICK_ACK : length, 0);
    framed.set(padding, 4 + payload.length);
    return framed;
  }

  frameQuickAck(token: Uint8Array): Uint8Array {
    const padding = this.#padding(8);
    const framed = new Uint8Array(12 + padding.length);
    writeInt32(framed, 8 + padding.length, 0);
    framed.fill(0xff, 4, 8);
    framed.set(token, 8);
    framed.set(padding, 12);
    return framed;
  }

  read(queue: ByteQueue, reader: Side): Frame | undefined {
    if (queue.length < 4) return undefined;
    const header = queue.uint32(0);
    // Only clients set this bit. A client does not remove it, so the length is out of bounds.
    const flagged = reader === "server" && header >= QUICK_ACK;
    const length = flagged ? header - QUICK_ACK : header;
    checkLength(length, this.name);
    if (!queue.holds(4 + length)) return undefined;
    queue.skip(4);
    const payload = queue.take(length);
    if (reader === "client" && length < SHORTEST_MESSAGE) {
      const code = readInt32(payload);
      if (code === -1 && length >= 8 && length <= LONGEST_QUICK_ACK) {
        return { kind: "quickAck" };
      }
      if (code < -1) return { kind: "error", code };
    }
    return packetFrame(payload, flagged, reader);
  }

  #padding(max: number): Uint8Array {
    if (max === 0) return new Uint8Array(0);
    const bytes = this.#random(1 + max);
    return bytes.subarray(1, 1 + bytes[0] % (max + 1));
  }
}

/**
 * Makes the client's side of the padded intermediate transport.
 *
 * @param random The source of the padding and its length.
 * @param options `maxPadding`: the most bytes of padding in a packet, 0 to 15; 15 by default.
 */
export function paddedIntermediate(
  random: Random,
  options: { maxPadding?: number } = {},
): Transport {
  return new FramedTransport(
    new PaddedIntermediateFraming(random, options.maxPadding ?? 15),
    "client",
  );
}
