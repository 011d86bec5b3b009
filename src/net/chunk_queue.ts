/**
 * The receiving half of a stream whose bytes are pushed at us (events of a socket, a WebSocket, the other end of a pipe):
 * keeps what nobody has read yet, and the one read that waits.
 */

interface Waiting {
  resolve(chunk: Uint8Array | undefined): void;
  reject(error: Error): void;
}

/** Chunks on their way from events to `read()`. */
export class ChunkQueue {
  #chunks: Uint8Array[] = [];
  #next = 0;
  #size = 0;
  #waiting: Waiting | undefined;
  #ended = false;
  #failure: Error | undefined;

  /** How many bytes wait to be read. */
  get size(): number {
    return this.#size;
  }

  /** Bytes came. */
  push(chunk: Uint8Array): void {
    if (this.#ended || chunk.length === 0) return;
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting.resolve(chunk);
      return;
    }
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** No more will come. What is here can still be read; then reads give undefined, or reject with `failure`. */
  end(failure?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (failure) waiting?.reject(failure);
    else waiting?.resolve(undefined);
  }

  /** Nobody wants to read any more: what is here is dropped, and reads give undefined. */
  close(): void {
    this.#failure = undefined;
    this.#chunks = [];
    this.#next = this.#size = 0;
    this.end();
  }

  /** The next chunk; see `ByteStream.read`. */
  read(): Promise<Uint8Array | undefined> {
    if (this.#next < this.#chunks.length) {
      const chunk = this.#chunks[this.#next++];
      if (this.#next === this.#chunks.length) {
        this.#chunks = [];
        this.#next = 0;
      }
      this.#size -= chunk.length;
      return Promise.resolve(chunk);
    }
    if (this.#failure) return Promise.reject(this.#failure);
    if (this.#ended) return Promise.resolve(undefined);
    if (this.#waiting) return Promise.reject(secondReadError());
    return new Promise((resolve, reject) => this.#waiting = { resolve, reject });
  }
}

/** For streams that are read while a read waits already. */
export function secondReadError(): TypeError {
  return new TypeError(
    'Cannot read from a stream "a second time at once": a read is waiting, expected one at a time',
  );
}
