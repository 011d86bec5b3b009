/**
 * A stream inside another one: a codec without sockets turns the bytes of one into those of the
 * other, such as that of fake TLS.
 */
import type { ByteStream } from "./stream.ts";

/** Turns the bytes of the outer stream into those of the inner one, and back. */
export interface StreamCodec {
  /** Returns the bytes of the inner stream in these of the outer one; none, if more must follow. */
  receive(chunk: Uint8Array): Uint8Array;
  /** Returns bytes for the outer stream. */
  pack(bytes: Uint8Array): Uint8Array;
}

/** The inner stream. An error of the codec is an error of `read()`; the reader closes it then. */
export class CodedStream implements ByteStream {
  readonly #outer: ByteStream;
  readonly #codec: StreamCodec;
  #first: Uint8Array | undefined;

  /** `first` are the bytes of the inner stream that are here already. */
  constructor(outer: ByteStream, codec: StreamCodec, first?: Uint8Array) {
    this.#outer = outer;
    this.#codec = codec;
    this.#first = first;
  }

  async read(): Promise<Uint8Array | undefined> {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && first.length > 0) return first;
    for (let chunk; (chunk = await this.#outer.read()) !== undefined;) {
      const bytes = this.#codec.receive(chunk);
      if (bytes.length > 0) return bytes;
    }
    return undefined;
  }

  async write(bytes: Uint8Array): Promise<void> {
    // At once: concurrent writes keep their order.
    await this.#outer.write(this.#codec.pack(bytes));
  }

  close(): void {
    this.#outer.close();
  }
}
