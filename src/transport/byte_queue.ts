/**
 * The bytes that were received and do not make a whole packet yet. It grows by what arrives, never by what a length field
 * claims, and taking a packet out of it costs the packet's length, however small the chunks were that it came in.
 */

/** Above this capacity, an emptied queue gives its memory back. */
const KEPT_CAPACITY = 64 * 1024;

/** A first-in, first-out queue of bytes in one buffer. */
export class ByteQueue {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  /** How many bytes are waiting. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Appends a copy of `chunk`. */
  push(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#bytes.length) this.#makeRoom(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The byte at `offset`; the caller has checked `length`. */
  uint8(offset: number): number {
    return this.#bytes[this.#start + offset];
  }

  /** The little-endian unsigned 32-bit number at `offset`; the caller has checked `length`. */
  uint32(offset: number): number {
    return this.int32(offset) >>> 0;
  }

  /** The little-endian signed 32-bit number at `offset`; the caller has checked `length`. */
  int32(offset: number): number {
    const bytes = this.#bytes;
    const at = this.#start + offset;
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
  }

  /** A view of the first `length` bytes, good until the next change. */
  view(length: number): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#start + length);
  }

  /** Removes the first `length` bytes and returns them as a copy. */
  take(length: number): Uint8Array {
    const taken = this.#bytes.slice(this.#start, this.#start + length);
    this.skip(length);
    return taken;
  }

  /** Removes the first `length` bytes. */
  skip(length: number): void {
    this.#start += length;
    if (this.#start < this.#end) return;
    this.#start = this.#end = 0;
    if (this.#bytes.length > KEPT_CAPACITY) this.#bytes = new Uint8Array(0);
  }

  /** Moves what is left to the front, into a buffer of twice the size where this one is too small. */
  #makeRoom(added: number): void {
    const needed = this.length + added;
    // Moving within the same buffer only when at least half of it is free keeps the cost of each byte constant.
    const target = needed * 2 <= this.#bytes.length
      ? this.#bytes
      : new Uint8Array(Math.max(256, needed, this.length * 2));
    target.set(this.#bytes.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    this.#bytes = target;
  }
}
