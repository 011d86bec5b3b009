/**
 * Random bytes that are the same in every run, and the chunkings of the tests.
 */
import { byteByByte, type Chunking, randomChunks } from "../../src/net/mod.ts";

/** Makes a `Random` that returns the same bytes for the same seed. */
export function seededRandom(seed: number): (length: number) => Uint8Array {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[index] = state >>> 11;
    }
    return bytes;
  };
}

/** The chunkings: all at once, byte by byte, and random. */
export const CHUNKINGS: ReadonlyArray<readonly [name: string, chunk: Chunking]> = [
  ["all at once", (bytes) => [bytes]],
  ["one byte at a time", byteByByte],
  ["in random chunks", randomChunks(7)],
  ["in large random chunks", randomChunks(8, 3000)],
];
