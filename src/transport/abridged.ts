/**
 * The abridged transport: before each packet its length in words of 4 bytes, in one byte (or 0x7f
 * and three). The highest bit of the first byte asks for a quick acknowledgement, which is 4 bytes
 * in reverse order. https://core.telegram.org/mtproto/mtproto-transports#abridged
 */
import type { Side } from "../crypto/mod.ts";
import type { ByteQueue } from "./byte_queue.ts";
import { FramedTransport } from "./framed_transport.ts";
import { checkLength, type Frame, frameAround, type Framing, packetFrame } from "./framing.ts";
import type { Transport } from "./transport.ts";

/** The first length, in words, that takes four bytes. */
const LONG = 0x7f;
const QUICK_ACK = 0x80;

/** The layout of the abridged transport. */
export class AbridgedFraming implements Framing {
  readonly name = "abridged";
  readonly tag: Uint8Array = Uint8Array.of(0xef);

  frame(payload: Uint8Array, quickAck: boolean, hasRoom?: boolean): Uint8Array {
    const words = payload.length / 4;
    const flag = quickAck ? QUICK_ACK : 0;
    const header = words < LONG
      ? [words | flag]
      : [LONG | flag, words & 0xff, (words >>> 8) & 0xff, words >>> 16];
    const framed = frameAround(payload, [header.length, 0], hasRoom);
    framed.set(header);
    return framed;
  }

  frameQuickAck(token: Uint8Array): Uint8Array {
    return token.slice().reverse();
  }

  read(queue: ByteQueue, reader: Side): Frame | undefined {
    if (queue.length < 1) return undefined;
    const first = queue.uint8(0);
    const flagged = first >= QUICK_ACK;
    if (flagged && reader === "client") {
      if (queue.length < 4) return undefined;
      queue.skip(4);
      return { kind: "quickAck" };
    }
    let words = first & LONG;
    let headerLength = 1;
    if (words === LONG) {
      headerLength = 4;
      if (queue.length < headerLength) return undefined;
      words = queue.uint32(0) >>> 8;
    }
    checkLength(words * 4, this.name);
    if (!queue.holds(headerLength + words * 4)) return undefined;
    queue.skip(headerLength);
    return packetFrame(queue.take(words * 4), flagged, reader);
  }
}

/** Makes the client's side of the abridged transport, which has the least overhead. */
export function abridged(): Transport {
  return new FramedTransport(new AbridgedFraming(), "client");
}
