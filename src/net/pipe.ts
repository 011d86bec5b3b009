/**
 * A connection in memory, for a client and a server in one process, and for tests: bytes written at
 * one end arrive at the other, in chunks of any size. It does not limit the unread bytes.
 */
import { closedError } from "./dial_error.ts";
import { ChunkQueue } from "./chunk_queue.ts";
import type { ByteStream } from "./stream.ts";

/** Cuts the bytes of one write into chunks for the reader. */
export type Chunking = (bytes: Uint8Array) => Uint8Array[];

class PipeEnd implements ByteStream {
  readonly #own: ChunkQueue;
  readonly #other: ChunkQueue;
  readonly #chunk: Chunking;
  readonly #state: { closed: boolean };

  constructor(own: ChunkQueue, other: ChunkQueue, chunk: Chunking, state: { closed: boolean }) {
    this.#own = own;
    this.#other = other;
    this.#chunk = chunk;
    this.#state = state;
  }

  read(): Promise<Uint8Array | undefined> {
    return this.#own.read();
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#state.closed) return Promise.reject(closedError("a pipe in memory"));
    // A copy: after this resolves, the writer may change its bytes.
    for (const chunk of this.#chunk(bytes.slice())) this.#other.push(chunk);
    return Promise.resolve();
  }

  close(): void {
    this.#state.closed = true;
    this.#own.close();
    this.#other.end();
  }
}

/**
 * Makes two connected ends. Closing one closes the connection: the other end can read the bytes
 * written before, then undefined.
 *
 * @param options `chunk` cuts the written bytes, both ways: `byteByByte`, `randomChunks(seed)`, or
 * another function.
 */
export function pipe(options: { chunk?: Chunking } = {}): [ByteStream, ByteStream] {
  const chunk = options.chunk ?? ((bytes) => [bytes]);
  const [one, two] = [new ChunkQueue(), new ChunkQueue()];
  const state = { closed: false };
  return [new PipeEnd(one, two, chunk, state), new PipeEnd(two, one, chunk, state)];
}

/** Cuts bytes into chunks of one byte. */
export function byteByByte(bytes: Uint8Array): Uint8Array[] {
  return Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
}

/** Returns a function that cuts chunks of 1 to `max` bytes, the same ones for the same `seed`. */
export function randomChunks(seed: number, max = 64): Chunking {
  // The generator mulberry32: for lengths, not for secrets.
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  };
  return (bytes) => {
    const chunks: Uint8Array[] = [];
    for (let start = 0; start < bytes.length;) {
      const end = start + 1 + next() % max;
      chunks.push(bytes.subarray(start, end));
      start = end;
    }
    return chunks;
  };
}
