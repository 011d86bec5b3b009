/** The ways in which a stream of bytes is cut into chunks: every transport is fed with each. */
import { byteByByte, type Chunking, randomChunks } from "../../src/net/mod.ts";

/** All at once, one byte at a time, and at random. */
export const CHUNKINGS: ReadonlyArray<readonly [name: string, chunk: Chunking]> = [
  ["all at once", (bytes) => [bytes]],
  ["one byte at a time", byteByByte],
  ["in random chunks", randomChunks(7)],
  ["in large random chunks", randomChunks(8, 3000)],
];
