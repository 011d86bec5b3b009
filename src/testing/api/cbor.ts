// CBOR, as much of it as authenticators write: RFC 8949, in the form of CTAP2 (https://fidoalliance.org/specs/), where all
// lengths are told beforehand.

import { decodeUtf8 } from "../../crypto/mod.ts";

/** What a reader gives: numbers, texts, bytes, arrays, maps, `true`, `false` and `null`. */
export type Cbor =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Cbor[]
  | ReadonlyMap<Cbor, Cbor>;

/** More in one another is nothing that an authenticator writes. */
const DEPTH = 4;

/** Reads one thing from the beginning of the bytes. Throws a `RangeError` for what cannot be read. */
export function readCbor(bytes: Uint8Array): { readonly value: Cbor; readonly length: number } {
  const reader = new CborReader(bytes);
  return { value: reader.read(DEPTH), length: reader.position };
}

class CborReader {
  readonly #bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(depth: number): Cbor {
    if (depth < 0) throw new RangeError("Cannot read CBOR: too much in one another");
    const [head] = this.#take(1);
    const [major, info] = [head >> 5, head & 0x1f];
    if (major === 7) return this.#simple(info);
    const argument = this.#argument(info);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.#take(argument).slice();
      case 3:
        return decodeUtf8(this.#take(argument));
      case 4:
        return this.#many(argument, () => this.read(depth - 1));
      case 5:
        return new Map(this.#many(argument, () => [this.read(depth - 1), this.read(depth - 1)]));
      default:
        throw new RangeError("Cannot read CBOR: a tag");
    }
  }

  /** A number, or how much follows. */
  #argument(info: number): number {
    if (info < 24) return info;
    if (info > 26) throw new RangeError("Cannot read CBOR: a length that no authenticator writes");
    return this.#take(1 << info - 24).reduce((number, byte) => number * 256 + byte, 0);
  }

  #simple(info: number): boolean | null {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    throw new RangeError("Cannot read CBOR: a value that no authenticator writes");
  }

  #many<T>(count: number, read: () => T): T[] {
    // Each takes a byte at least: nothing is allocated that was not sent.
    if (count > this.#bytes.length - this.position) {
      throw new RangeError("Cannot read CBOR: cut off");
    }
    return Array.from({ length: count }, read);
  }

  #take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.position, this.position + length);
    if (taken.length < length) throw new RangeError("Cannot read CBOR: cut off");
    this.position += length;
    return taken;
  }
}
