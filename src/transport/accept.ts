/**
 * The server's side: detects the client's transport by the first bytes of a connection.
 * https://core.telegram.org/mtproto/mtproto-transports
 *
 * 0xef is abridged, 0xeeeeeeee intermediate, 0xdddddddd padded intermediate. A zero in bytes 4 to 8
 * is the number of the first packet of full. Anything else is an obfuscated header of 64 bytes,
 * which never begins like one of these. The caller limits the wait for a client that sends less.
 */
import type { AesCtr } from "../crypto/mod.ts";
import type { Random } from "../runtime/mod.ts";
import { AbridgedFraming } from "./abridged.ts";
import { ByteQueue } from "./byte_queue.ts";
import { FramingError } from "./errors.ts";
import { FramedTransport } from "./framed_transport.ts";
import type { Framing } from "./framing.ts";
import { FullFraming } from "./full.ts";
import { IntermediateFraming } from "./intermediate.ts";
import { checkSecret, forbiddenStart, HEADER_LENGTH, obfuscationCiphers } from "./obfuscated.ts";
import { PaddedIntermediateFraming } from "./padded_intermediate.ts";
import type { Packet, Transport, TransportName } from "./transport.ts";

/** The server's side of one connection. It can pack only after the client's first bytes. */
export interface ServerTransport extends Transport {
  /** The transport of the client; undefined until its first bytes. */
  readonly detected: TransportName | undefined;
  /** Whether the client obfuscates. */
  readonly obfuscated: boolean;
  /**
   * The data center in the header of an obfuscated connection. For proxies only: clients that
   * connect directly send random bytes there.
   */
  readonly dcId: number | undefined;
}

/** The options of {@linkcode acceptTransport}. */
export interface AcceptOptions {
  /** The source of the padding. */
  readonly random: Random;
  /** The secret of an MTProxy, 16 bytes. With it, clients must obfuscate with the same secret. */
  readonly secret?: Uint8Array;
  /**
   * The most bytes of padding in a packet, 0 to 15; 3 by default, because some clients (Telethon)
   * remove at most the packet's length modulo 4.
   */
  readonly maxPadding?: number;
}

/** The ciphers of an obfuscated connection. */
interface Ciphers {
  readonly receive: AesCtr;
  readonly send: AesCtr;
}

class AcceptedTransport implements ServerTransport {
  readonly #random: Random;
  readonly #secret: Uint8Array | undefined;
  readonly #maxPadding: number;
  readonly #queue = new ByteQueue();
  #inner: FramedTransport | undefined;
  #ciphers: Ciphers | undefined;
  #dcId: number | undefined;
  #failure: FramingError | undefined;

  constructor(options: AcceptOptions) {
    checkSecret(options.secret);
    this.#random = options.random;
    this.#secret = options.secret;
    this.#maxPadding = options.maxPadding ?? 3;
    // A wrong number must fail here, not at the first client with this transport.
    new PaddedIntermediateFraming(this.#random, this.#maxPadding);
  }

  get name(): string {
    if (!this.#inner) return "unknown";
    return this.#ciphers ? `obfuscated ${this.#inner.name}` : this.#inner.name;
  }

  get detected(): TransportName | undefined {
    return this.#inner?.name;
  }

  get obfuscated(): boolean {
    return this.#ciphers !== undefined;
  }

  get dcId(): number | undefined {
    return this.#dcId;
  }

  start(): Uint8Array {
    return new Uint8Array(0);
  }

  pack(payload: Uint8Array, options?: { quickAck?: boolean }): Uint8Array {
    return this.#send(this.#chosen().pack(payload, options));
  }

  packError(code: number): Uint8Array {
    return this.#send(this.#chosen().packError(code));
  }

  packQuickAck(token: Uint8Array): Uint8Array {
    return this.#send(this.#chosen().packQuickAck(token));
  }

  receive(chunk: Uint8Array): Packet[] {
    if (this.#inner) return this.#receive(this.#inner, chunk);
    if (this.#failure) {
      throw new FramingError(
        `Cannot receive with the transport "${this.name}": it failed before. Connect again.`,
        { cause: this.#failure },
      );
    }
    this.#queue.push(chunk);
    try {
      const framing = this.#detect();
      if (framing === undefined) return [];
      this.#inner = new FramedTransport(framing, "server");
    } catch (error) {
      if (error instanceof FramingError) this.#failure = error;
      throw error;
    }
    return this.#receive(this.#inner, this.#queue.take(this.#queue.length));
  }

  #receive(inner: FramedTransport, chunk: Uint8Array): Packet[] {
    return inner.receive(this.#ciphers ? this.#ciphers.receive.apply(chunk) : chunk);
  }

  #send(framed: Uint8Array): Uint8Array {
    return this.#ciphers ? this.#ciphers.send.apply(framed) : framed;
  }

  #chosen(): FramedTransport {
    if (this.#inner) return this.#inner;
    throw new TypeError(
      "Cannot send: the client has not chosen a transport. Receive its first bytes before.",
    );
  }

  /** Takes the tag from the queue. Returns its framing; undefined while there are too few bytes. */
  #detect(): Framing | undefined {
    const queue = this.#queue;
    if (queue.length >= 1 && queue.uint8(0) === 0xef) return this.#plain(new AbridgedFraming(), 1);
    if (queue.length < 4) return undefined;
    const first = queue.uint32(0);
    if (first === 0xeeeeeeee) return this.#plain(new IntermediateFraming(), 4);
    if (first === 0xdddddddd) return this.#plain(this.#paddedFraming(), 4);
    const other = forbiddenStart(first);
    if (other !== undefined) {
      throw new FramingError(
        `Cannot accept a connection: its first bytes are ${other}, expected an MTProto transport`,
      );
    }
    if (queue.length < 8) return undefined;
    if (queue.uint32(4) === 0) return this.#plain(new FullFraming(), 0);
    if (queue.length < HEADER_LENGTH) return undefined;
    return this.#obfuscated(queue.take(HEADER_LENGTH));
  }

  #plain(framing: Framing, tagLength: number): Framing {
    if (this.#secret) {
      throw new FramingError(
        `Cannot accept a connection: its transport is plain ${framing.name}, ` +
          "expected obfuscation with the secret of this proxy",
      );
    }
    this.#queue.skip(tagLength);
    return framing;
  }

  #obfuscated(header: Uint8Array): Framing {
    const { clientToServer, serverToClient } = obfuscationCiphers(header, this.#secret);
    const plain = new DataView(clientToServer.apply(header).slice().buffer);
    const tag = plain.getUint32(56, true);
    const framing = this.#framingOf(tag);
    if (framing === undefined) {
      throw new FramingError(
        "Cannot accept a connection: its first bytes are not an MTProto transport; as an " +
          `obfuscated header, their protocol is ${tag.toString(16).padStart(8, "0")}, ` +
          "expected efefefef, eeeeeeee or dddddddd" +
          (this.#secret ? ". Check that both sides have the same secret." : ""),
      );
    }
    this.#ciphers = { receive: clientToServer, send: serverToClient };
    this.#dcId = plain.getInt16(60, true);
    return framing;
  }

  #framingOf(tag: number): Framing | undefined {
    switch (tag) {
      case 0xefefefef:
        return new AbridgedFraming();
      case 0xeeeeeeee:
        return new IntermediateFraming();
      case 0xdddddddd:
        return this.#paddedFraming();
      default:
        return undefined;
    }
  }

  #paddedFraming(): Framing {
    return new PaddedIntermediateFraming(this.#random, this.#maxPadding);
  }
}

/**
 * Makes the server's side of a connection. It speaks the transport of the client: abridged,
 * intermediate, padded intermediate or full, or one of the first three obfuscated.
 *
 * Its `receive()` throws a `FramingError` for other protocols, such as an HTTP request.
 */
export function acceptTransport(options: AcceptOptions): ServerTransport {
  return new AcceptedTransport(options);
}
