/**
 * Handshakes with proxies as pure functions, and the one function that performs them over a stream.
 * A handshake is a generator: it yields bytes to send, and how many bytes it reads next; it gets
 * exactly those. Bytes after its end belong to the tunnel.
 */
import type { ByteStream } from "../stream.ts";
import { ProxyRefusal } from "./refusal.ts";

/** One step of a handshake: what to send, and what to read then. */
export interface Step {
  /** The bytes to send before. */
  readonly write?: Uint8Array;
  /** The number of bytes to read; or `"head"`, everything up to the first empty line. */
  readonly read: number | "head";
  /** Throws if the first bytes, 16 at most, are those of another server: it may send no more. */
  readonly check?: (start: Uint8Array) => void;
  /** Whether the proxy now connects to the target: what fails is not between it and us. */
  readonly isForTarget?: boolean;
}

/** A handshake. */
export type Handshake = Generator<Step, void, Uint8Array>;

/** The longest head that is read, in bytes. */
export const MAX_HEAD = 16_384;

/** The peer has ended the connection. */
export class HandshakeFault extends Error {
  override readonly name = "HandshakeFault";
}

/** The received bytes that no step has taken yet. */
class Received {
  #bytes = new Uint8Array(512);
  #length = 0;
  /** Where the search for an empty line goes on. */
  #searched = 0;

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  /** Returns the bytes that a step reads; undefined while they are not all there. */
  take(read: number | "head"): Uint8Array | undefined {
    const length = read === "head" ? this.#headLength() : read;
    if (length > this.#length) return undefined;
    const taken = this.#bytes.slice(0, length);
    this.#bytes.copyWithin(0, length, this.#length);
    this.#length -= length;
    this.#searched = 0;
    return taken;
  }

  rest(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  get start(): Uint8Array {
    return this.#bytes.subarray(0, Math.min(this.#length, 16));
  }

  #headLength(): number {
    const [lf, cr] = [10, 13];
    for (let index = this.#searched; index < this.#length; index++) {
      if (this.#bytes[index] !== lf) continue;
      const next = this.#bytes[index + 1] === cr && index + 1 < this.#length
        ? index + 2
        : index + 1;
      if (next < this.#length && this.#bytes[next] === lf && next < MAX_HEAD) return next + 1;
    }
    if (this.#length >= MAX_HEAD) {
      throw new ProxyRefusal("not this kind", "its answer has no end");
    }
    this.#searched = Math.max(this.#length - 2, 0);
    return Infinity;
  }
}

/**
 * Performs a handshake over `stream`. Returns the bytes that were received after it.
 *
 * @param onStep called with each step before it is done
 * @throws {HandshakeFault} if the connection ends
 * @throws {ProxyRefusal} if a head has no end, and the errors of the handshake and the stream
 */
export async function performHandshake(
  stream: ByteStream,
  handshake: Handshake,
  onStep: (step: Step) => void = () => {},
): Promise<Uint8Array> {
  const received = new Received();
  let step = handshake.next();
  while (!step.done) {
    onStep(step.value);
    if (step.value.write !== undefined) await stream.write(step.value.write);
    step.value.check?.(received.start);
    let taken = received.take(step.value.read);
    while (taken === undefined) {
      const chunk = await stream.read();
      if (chunk === undefined) throw new HandshakeFault("the connection was closed");
      received.add(chunk);
      step.value.check?.(received.start);
      taken = received.take(step.value.read);
    }
    step = handshake.next(taken);
  }
  return received.rest();
}

/** Returns a stream that begins with `first`. */
export function beginningWith(first: Uint8Array, stream: ByteStream): ByteStream {
  if (first.length === 0) return stream;
  let unread: Uint8Array | undefined = first;
  return {
    read() {
      const bytes = unread;
      unread = undefined;
      return bytes === undefined ? stream.read() : Promise.resolve(bytes);
    },
    write: (bytes) => stream.write(bytes),
    close() {
      unread = undefined;
      stream.close();
    },
  };
}
