/**
 * A queue of received chunks, for streams that push bytes (the events of a socket or a WebSocket,
 * the other end of a pipe). It keeps the unread chunks, and the one pending read.
 */

interface Waiting {
  resolve(chunk: Uint8Array | undefined): void;
  reject(error: Error): void;
}

/** The received chunks between the events of a stream and its `read()`. */
export class ChunkQueue {
  #chunks: Uint8Array[] = [];
  #next = 0;
  #size = 0;
  #waiting: Waiting | undefined;
  #ended = false;
  #failure: Error | undefined;

  /** The number of unread bytes. */
  get size(): number {
    return this.#size;
  }

  /** Adds a chunk, or resolves the pending read with it. */
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

  /**
   * Ends the queue. The unread chunks can still be read; after them, reads resolve to undefined, or
   * reject with `failure`.
   */
  end(failure?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (failure) waiting?.reject(failure);
    else waiting?.resolve(undefined);
  }

  /** Drops the unread chunks, and ends the queue: reads resolve to undefined. */
  close(): void {
    this.#failure = undefined;
    this.#chunks = [];
    this.#next = this.#size = 0;
    this.end();
  }

  /** Returns the next chunk; see `ByteStream.read`. */
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

/** Makes the error for a read during another read. */
export function secondReadError(): TypeError {
  return new TypeError("Cannot read: another read is pending. Wait for its result.");
}
