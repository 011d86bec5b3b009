/**
 * UTF-8 as text. Node, Deno and Bun have a function of `Buffer` for it that is several times faster
 * than a `TextDecoder`; all other runtimes have only the latter.
 */

import { builtinModule } from "./builtin_modules.ts";

type Decode = (bytes: Uint8Array, start: number, end: number) => string;

/** A program that reads fewer texts never loads `Buffer`, which takes Deno many milliseconds. */
const MANY_TEXTS = 200;

/**
 * A byte order mark, halves of characters, impossible bytes, half of a surrogate pair, and a whole
 * character.
 */
const SAMPLE = [
  [0xef, 0xbb, 0xbf, 0x41, 0xc3, 0x41, 0xe2, 0x82, 0x41, 0xf0, 0x9f, 0x92, 0xff, 0xc0, 0x80],
  [0xed, 0xa0, 0x80, 0xf5, 0x80, 0xf0, 0x9f, 0x94, 0x91, 0xe2, 0x82],
].flat();

let decoder: TextDecoder | undefined;
let texts = 0;
let decode: Decode = (bytes, start, end) => {
  if (++texts === MANY_TEXTS) decode = fastest();
  return byTextDecoder(bytes, start, end);
};

/** Returns a part of the bytes as text. Malformed UTF-8 becomes U+FFFD, as in a `TextDecoder`. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  return decode(bytes, start, end);
}

const byTextDecoder: Decode = (bytes, start, end) => {
  decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
  return decoder.decode(bytes.subarray(start, end));
};

function fastest(): Decode {
  const slice = builtinModule("node:buffer")?.Buffer.prototype.utf8Slice;
  if (slice === undefined) return byTextDecoder;
  const bySlice: Decode = (bytes, start, end) => slice.call(bytes, start, end);
  const sample = Uint8Array.from(SAMPLE);
  try {
    // A runtime may have a function of that name that is not quite the same.
    const [a, b] = [bySlice, byTextDecoder].map((decode) => decode(sample, 0, sample.length));
    return a === b ? bySlice : byTextDecoder;
  } catch {
    return byTextDecoder;
  }
}
