/**
 * Packets in and out: the seam between the asynchronous network below and the synchronous protocol
 * above. `FramedStream` is a byte stream with a transport on it.
 */
import { concatBytes } from "../crypto/mod.ts";
import type { ByteStream } from "../net/mod.ts";
import type { HttpWaits } from "../mtproto/mod.ts";
import { reportUncaught } from "../runtime/mod.ts";
import { FramingError, type Packet, type Transport, TransportError } from "../transport/mod.ts";

/** Packets over one connection. It serves one connection only. */
export interface PacketStream {
  /**
   * The packets as they come, until either side closes. Rejects with `TransportError` or
   * `ConnectionError`.
   */
  packets(): AsyncGenerator<Uint8Array, void>;
  /**
   * Takes the packets that came together with the last one, which `packets()` then leaves out: a
   * burst costs one turn of the reader, and not one for each packet.
   */
  takeRest?(): readonly Uint8Array[];
  /**
   * Sends packets, in their order. Resolves when the system has taken them.
   *
   * @param hasRoom Whether each has room for its frame, as those of a session do.
   */
  send(packets: readonly Uint8Array[], hasRoom?: boolean): Promise<void>;
  /**
   * Called before each write, when the packet with its msg_ids is made. Throws if nothing may be
   * sent now: a program that is paused in between sends nothing that is newer than this answer.
   */
  beforeWrite?: () => void;
  /** Closes the connection; `packets()` ends. */
  close(): void;
  /** Over HTTP, how long the server is to hold its answers back. */
  readonly waits?: LongPoll;
}

/** The http_wait messages of a connection over HTTP. An empty packet is the end of a wait. */
export interface LongPoll extends HttpWaits {
  /** Whether anything is expected of the server. Set before each flush. */
  isWanted: boolean;
}

/** Closes a stream. An error of a stream of the program's own is uncaught, and changes nothing. */
export function closeStream(stream: Pick<ByteStream, "close">): void {
  try {
    stream.close();
  } catch (error) {
    reportUncaught(error);
  }
}

/** Throws a `TypeError` for what a `dial` of the program has returned, if it is no stream. */
export function checkStream(stream: unknown): void {
  const { read, write, close, packets, send } = Object(stream) as Record<string, unknown>;
  const methods = [read ?? packets, write ?? send, close];
  if (methods.every((method) => typeof method === "function")) return;
  throw new TypeError(
    `Cannot connect: dial() has returned a value of type ${typeof stream} that is no stream. ` +
      "Return an object with read(), write() and close().",
  );
}

/** Packets over a stream of bytes. */
export class FramedStream implements PacketStream {
  beforeWrite?: () => void;
  readonly #stream: ByteStream;
  readonly #transport: Transport;
  /** The packets of the last chunk that nobody has taken. */
  #received: Uint8Array[] = [];
  #started = false;
  /** The last write, until it has ended well: after one that failed, none is made. */
  #lastWrite: Promise<void> | undefined;

  constructor(stream: ByteStream, transport: Transport) {
    this.#stream = stream;
    this.#transport = transport;
  }

  async *packets(): AsyncGenerator<Uint8Array, void> {
    for (let chunk; (chunk = await this.#stream.read()) !== undefined;) {
      checkChunk(chunk);
      let failure: unknown;
      try {
        this.#received = this.#transport.receive(chunk).map(payloadOf);
      } catch (error) {
        // What came whole before the error is not lost.
        const isOfTransport = error instanceof TransportError || error instanceof FramingError;
        this.#received = isOfTransport ? error.packets.map(payloadOf) : [];
        failure = error;
      }
      for (let packet; (packet = this.#received.shift()) !== undefined;) yield packet;
      if (failure !== undefined) throw failure;
    }
  }

  takeRest(): readonly Uint8Array[] {
    return this.#received.splice(0);
  }

  /**
   * Writes packets in one go, after those before; the transport's own first bytes go before the
   * first. They are packed at once, as ciphers count the bytes.
   */
  async send(packets: readonly Uint8Array[], hasRoom = false): Promise<void> {
    // Before packing: it may set up a cipher.
    const framed = this.#started ? [] : [this.#transport.start()];
    this.#started = true;
    for (const packet of packets) framed.push(this.#transport.pack(packet, { hasRoom }));
    const bytes = framed.length === 1 ? framed[0] : concatBytes(...framed);
    const written = this.#write(bytes, this.#lastWrite);
    this.#lastWrite = written;
    await written;
    if (this.#lastWrite === written) this.#lastWrite = undefined;
  }

  close(): void {
    closeStream(this.#stream);
  }

  async #write(bytes: Uint8Array, before: Promise<void> | undefined): Promise<void> {
    if (before !== undefined) await before;
    this.beforeWrite?.();
    await this.#stream.write(bytes);
  }
}

function checkChunk(chunk: unknown): void {
  if (ArrayBuffer.isView(chunk)) return;
  throw new TypeError(
    `Cannot use what read() of a stream has returned: it is ${
      chunk === null ? "null" : `of type ${typeof chunk}`
    }, expected a Uint8Array, or undefined at the end`,
  );
}

function payloadOf({ payload }: Packet): Uint8Array {
  return payload;
}
