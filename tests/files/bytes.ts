/** The bytes of files, for the tests of files. */
import { seededRandom } from "../helpers/seeded_random.ts";

/** Reads a stream to its end. */
export async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Bytes of a length, by a seed. */
export function someBytes(length: number, seed = 1): Uint8Array {
  const random = seededRandom(seed);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1024) bytes.set(random(Math.min(64, length - at)), at);
  return bytes;
}
