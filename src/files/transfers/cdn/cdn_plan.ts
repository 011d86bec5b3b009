/**
 * The numbers of a download from a CDN: https://core.telegram.org/cdn. Counters for the decryption,
 * windows of hashes, and calls whose answers have these windows whole. Pure.
 */
import type { Api } from "../../../tl/mod.ts";

const KIB = 1024;
const MIB = KIB * KIB;
/** Offsets are multiples of this, and limits this times a power of two. */
const STEP = 4 * KIB;
/** The most bytes of a call, and of a window: Telegram's windows have 128 KiB. */
const MOST = 512 * KIB;
/** The length of an AES block, bytes. */
const BLOCK = 16;
const HASH_LENGTH = 32;
/** The counter has 32 bits for the number of a block: no file is longer. */
const MAX_END = 2 ** 32 * BLOCK;

/** Returns the first counter for the bytes from an offset on, a multiple of 16. */
export function counterAt(iv: Uint8Array, offset: number): Uint8Array {
  if (offset < 0 || offset >= MAX_END || offset % BLOCK !== 0) {
    throw new RangeError(
      `Cannot decrypt a file from byte ${offset} on, expected a multiple of ${BLOCK} below 64 GiB`,
    );
  }
  const counter = new Uint8Array(iv);
  new DataView(counter.buffer).setUint32(iv.length - 4, offset / BLOCK);
  return counter;
}

/** A call for bytes at a CDN. */
export interface CdnRead {
  readonly offset: number;
  readonly limit: number;
}

/**
 * Returns the calls whose answers have the bytes from `from` to `to`, in their order. No two
 * overlap. The first may begin earlier, and the last may end later.
 */
export function planCdnReads(from: number, to: number): CdnRead[] {
  const reads: CdnRead[] = [];
  for (let offset = from - from % STEP; offset < to;) {
    const boundary = (Math.floor(offset / MIB) + 1) * MIB;
    let limit = STEP;
    while (limit < MOST && offset + limit < to && offset + 2 * limit <= boundary) limit *= 2;
    reads.push({ offset, limit });
    offset += limit;
  }
  return reads;
}

/** The hash of some bytes of a file. */
export interface HashWindow {
  readonly offset: number;
  /** The offset behind the last byte. */
  readonly end: number;
  /** The SHA-256. */
  readonly hash: Uint8Array;
}

/** The hashes that are known of a file of `size` bytes. */
export class HashWindows {
  readonly #size: number;
  readonly #windows = new Map<number, HashWindow>();

  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Adds hashes that the data center of the file has named. One that cannot be of this file, or of
   * too many bytes to hold, is left out, and so is another one of the same offset.
   */
  add(hashes: readonly Api.FileHash[]): void {
    for (const { offset: long, limit, hash } of hashes) {
      const offset = Number(long);
      const isSound = offset >= 0 && offset < this.#size && limit > 0 && limit <= MOST &&
        hash.length === HASH_LENGTH && !this.#windows.has(offset);
      if (!isSound) continue;
      // The last one may be named as long as all others.
      const end = Math.min(offset + limit, this.#size);
      this.#windows.set(offset, { offset, end, hash });
    }
  }

  /**
   * Returns the windows that have the bytes from `from` to `to` together, in their order; or the
   * first of these bytes whose hash is missing.
   */
  covering(from: number, to: number): readonly HashWindow[] | number {
    const found: HashWindow[] = [];
    const end = Math.min(to, this.#size);
    for (let at = from; at < end;) {
      const next = this.#at(at);
      if (next === undefined) return at;
      found.push(next);
      at = next.end;
    }
    return found;
  }

  /** Forgets a hash that has been checked: a large file has many. */
  forget({ offset }: HashWindow): void {
    this.#windows.delete(offset);
  }

  /** Returns the window that begins with a byte; otherwise the one with it that ends last. */
  #at(byte: number): HashWindow | undefined {
    const own = this.#windows.get(byte);
    if (own !== undefined) return own;
    let best: HashWindow | undefined;
    for (const window of this.#windows.values()) {
      const hasIt = window.offset <= byte && byte < window.end;
      if (hasIt && window.end > (best?.end ?? 0)) best = window;
    }
    return best;
  }
}
