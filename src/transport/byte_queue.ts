/**
 * The received bytes that are not a whole packet yet. The queue grows with the bytes that arrive; a
 * length that a packet claims counts when a sixteenth of it has arrived. Taking a packet costs its
 * length, for chunks of any size.
 */

/** An empty queue frees a buffer above this size, bytes. */
const KEPT_CAPACITY = 64 * 1024;
/** Packets from this size on leave with the buffer that they are in, if they are most of it. */
const LARGE_PACKET = 32 * 1024;
/** How many times larger a buffer becomes that is too small. */
const GROWTH = 4;
/** A packet gets a buffer for all of it when this part of it is there. */
const BEGUN = 1 / 16;
/** The room for the beginning of the next packet, which may come with the end of this one. */
const SLACK = 64 * 1024;

/** A first-in, first-out queue of bytes in one buffer. */
export class ByteQueue {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;
  /** The length of the packet that is awaited, as far as it is known. */
  #awaited = 0;

  /** The number of bytes in the queue. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Appends a copy of `chunk`. */
  push(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Returns whether so many bytes are there, which are those of a packet. */
  holds(length: number): boolean {
    this.#awaited = length;
    return this.length >= length;
  }

  /** Returns the byte at `offset`. The caller has checked `length`. */
  uint8(offset: number): number {
    return this.#bytes[this.#start + offset];
  }

  /** Returns the unsigned little-endian number at `offset`. The caller has checked `length`. */
  uint32(offset: number): number {
    return this.int32(offset) >>> 0;
  }

  /** Returns the signed little-endian number at `offset`. The caller has checked `length`. */
  int32(offset: number): number {
    const bytes = this.#bytes;
    const at = this.#start + offset;
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }

  /** Returns a view of the first `length` bytes, valid until the next change. */
  view(length: number): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#start + length);
  }

  /**
   * Removes the first `length` bytes and returns them. They are a copy, or a view of a buffer that
   * the queue does not use any more.
   */
  take(length: number): Uint8Array {
    const capacity = this.#bytes.length;
    if (length >= LARGE_PACKET && length * GROWTH > capacity) return this.#handOver(length);
    const taken = this.#bytes.slice(this.#start, this.#start + length);
    this.skip(length);
    return taken;
  }

  /** Removes the first `length` bytes. */
  skip(length: number): void {
    this.#start += length;
    this.#awaited = 0;
    if (this.#start < this.#end) return;
    this.#start = this.#end = 0;
    if (this.#bytes.length > KEPT_CAPACITY) this.#bytes = new Uint8Array(0);
  }

  /** Returns the first bytes with their buffer. The bytes after them move to a new one. */
  #handOver(length: number): Uint8Array {
    const taken = this.view(length);
    const rest = this.#bytes.subarray(this.#start + length, this.#end);
    this.#bytes = rest.slice();
    this.#start = this.#awaited = 0;
    this.#end = rest.length;
    return taken;
  }

  /** Returns the size of the next buffer, which has at least so many bytes. */
  #capacityFor(length: number): number {
    const awaited = this.#awaited;
    return awaited > LARGE_PACKET && length >= awaited * BEGUN
      ? awaited + SLACK
      : this.length * GROWTH;
  }

  /** Moves the bytes to the front, or into a larger buffer if this one is too small. */
  #makeRoom(added: number): void {
    const needed = this.length + added;
    // Moving inside the buffer only if at least half of it is free keeps the cost per byte
    // constant.
    const target = needed * 2 <= this.#bytes.length
      ? this.#bytes
      : new Uint8Array(Math.max(256, needed, this.#capacityFor(needed)));
    target.set(this.#bytes.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    this.#bytes = target;
  }
}
