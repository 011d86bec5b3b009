/**
 * The duration of an Ogg file with Opus or Vorbis sound: RFC 3533, RFC 7845. The last page has the
 * number of the last sample.
 */
import type { ReadAt } from "./read_at.ts";

/** A page is not longer. */
const MAX_PAGE = 65_307;
const OPUS_RATE = 48_000;

/** Returns the duration in seconds; undefined if the file does not tell. */
export async function oggDuration(size: number, at: ReadAt): Promise<number | undefined> {
  const head = await at(0, Math.min(size, 512));
  const rate = rateOf(head);
  if (rate === undefined) return undefined;
  const from = Math.max(0, size - MAX_PAGE);
  const tail = await at(from, size - from);
  if (tail.length < size - from) return undefined; // only the beginning can be read
  const page = lastPage(tail);
  if (page === undefined) return undefined;
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  const samples = Number(view.getBigInt64(page + 6, true)) - preSkipOf(head);
  return samples > 0 ? samples / rate : undefined;
}

function rateOf(head: Uint8Array): number | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (find(head, "OpusHead") >= 0) return OPUS_RATE;
  const vorbis = find(head, "\x01vorbis");
  return vorbis >= 0 && vorbis + 16 <= head.length ? view.getUint32(vorbis + 12, true) : undefined;
}

/** The samples at the beginning of Opus sound that are not played. */
function preSkipOf(head: Uint8Array): number {
  const opus = find(head, "OpusHead");
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  return opus >= 0 && opus + 12 <= head.length ? view.getUint16(opus + 10, true) : 0;
}

function lastPage(bytes: Uint8Array): number | undefined {
  for (let at = bytes.length - 27; at >= 0; at--) if (isAt(bytes, at, "OggS")) return at;
  return undefined;
}

function find(bytes: Uint8Array, text: string): number {
  for (let at = 0; at + text.length <= bytes.length; at++) if (isAt(bytes, at, text)) return at;
  return -1;
}

function isAt(bytes: Uint8Array, at: number, text: string): boolean {
  return Array.from(text).every((character, index) =>
    bytes[at + index] === character.charCodeAt(0)
  );
}
