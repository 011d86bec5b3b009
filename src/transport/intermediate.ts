/**
 * The intermediate transport: before each packet its length in four bytes. The highest bit of the
 * length asks for a quick acknowledgement, which is 4 bytes that cannot be a length.
 * https://core.telegram.org/mtproto/mtproto-transports#intermediate
 */
import type { Side } from "../crypto/mod.ts";
import type { ByteQueue } from "./byte_queue.ts";
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

const QUICK_ACK = 0x80000000;

/** The layout of the intermediate transport. */
export class IntermediateFraming implements Framing {
  readonly name = "intermediate";
  readonly tag: Uint8Array = Uint8Array.of(0xee, 0xee, 0xee, 0xee);

  frame(payload: Uint8Array, quickAck: boolean, hasRoom?: boolean): Uint8Array {
    const framed = frameAround(payload, [4, 0], hasRoom);
    writeInt32(framed, quickAck ? payload.length + QUICK_ACK : payload.length, 0);
    return framed;
  }

  frameQuickAck(token: Uint8Array): Uint8Array {
    return token.slice();
  }

  read(queue: ByteQueue, reader: Side): Frame | undefined {
    if (queue.length < 4) return undefined;
    const header = queue.uint32(0);
    const flagged = header >= QUICK_ACK;
    if (flagged && reader === "client") {
      queue.skip(4);
      return { kind: "quickAck" };
    }
    const length = flagged ? header - QUICK_ACK : header;
    checkLength(length, this.name);
    if (!queue.holds(4 + length)) return undefined;
    queue.skip(4);
    return packetFrame(queue.take(length), flagged, reader);
  }
}

/** Makes the client's side of the intermediate transport, which aligns packets to 4 bytes. */
export function intermediate(): Transport {
  return new FramedTransport(new IntermediateFraming(), "client");
}
