/**
 * A reader of the part of CBOR that authenticators write: RFC 8949, in the form of CTAP2
 * (https://fidoalliance.org/specs/), where every length is known in advance.
 */
import { decodeUtf8 } from "../../../crypto/mod.ts";

/** A value in CBOR: a number, text, bytes, an array, a map, `true`, `false` or `null`. */
export type Cbor =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | readonly Cbor[]
  | ReadonlyMap<Cbor, Cbor>;

/** The depth to which CTAP2 lets authenticators nest arrays and maps. */
const DEPTH = 4;

/** Reads one value at the start of the bytes. Throws a `RangeError` for unreadable bytes. */
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
    if (depth < 0) throw unreadable("it is nested too deeply", `at most ${DEPTH} levels`);
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
        throw unreadable("it has a tag", "no tags");
    }
  }

  /** Reads the argument of a head: a number, or a length. */
  #argument(info: number): number {
    if (info < 24) return info;
    if (info > 26) throw unreadable("it has a long or open length", "a length of 4 bytes at most");
    return this.#take(1 << info - 24).reduce((number, byte) => number * 256 + byte, 0);
  }

  #simple(info: number): boolean | null {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    throw unreadable("it has an unknown simple value", "true, false or null");
  }

  #many<T>(count: number, read: () => T): T[] {
    // Each item takes a byte at least, so a forged count allocates nothing.
    if (count > this.#bytes.length - this.position) throw cutOff();
    return Array.from({ length: count }, read);
  }

  #take(length: number): Uint8Array {
    const taken = this.#bytes.subarray(this.position, this.position + length);
    if (taken.length < length) throw cutOff();
    this.position += length;
    return taken;
  }
}

function unreadable(reason: string, expected: string): RangeError {
  return new RangeError(`Cannot read CBOR: ${reason}, expected ${expected}`);
}

function cutOff(): RangeError {
  return unreadable("it is cut off", "more bytes");
}
