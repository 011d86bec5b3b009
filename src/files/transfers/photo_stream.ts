/**
 * Photos of unknown size. Telegram takes no photo whose parts were sent as those of a "big" file,
 * as all parts of unknown number are: https://core.telegram.org/api/files#uploading-files
 *
 * Photos are small, so one that comes as a stream is read whole before its first part is sent.
 */
import { abortable } from "../../runtime/mod.ts";
import { isPhoto } from "./info/mod.ts";
import type { OpenSource } from "./source.ts";
import { MAX_SMALL_SIZE } from "./upload_plan.ts";

/** The number of bytes that tell whether a file is a photo. */
const TELLING = 16;
const FIRST_CAPACITY = 65_536;

/** Returns a source whose size is known if it is a photo. Other sources are not read whole. */
export async function withPhotoSize(
  source: OpenSource,
  mime: string | undefined,
  signal: AbortSignal,
): Promise<OpenSource> {
  const { size, pieces } = source;
  if (size !== undefined || pieces === undefined) return source;
  const rest = pieces[Symbol.asyncIterator]();
  let read = new Uint8Array(FIRST_CAPACITY);
  let length = 0;
  for (let isKnown = false;;) {
    const { value, done } = await abortable(rest.next(), signal);
    const begun = read.subarray(0, length);
    if (done) return { ...source, ...(isKnown && { size: length }), pieces: chain([begun]) };
    if (!(value instanceof Uint8Array) || length + value.length > MAX_SMALL_SIZE) {
      return { ...source, pieces: chain([begun, value], rest) };
    }
    if (length + value.length > read.length) {
      read = new Uint8Array(Math.max(2 * read.length, length + value.length));
      read.set(begun);
    }
    read.set(value, length);
    length += value.length;
    if (isKnown || length < TELLING) continue;
    isKnown = isPhoto(read.subarray(0, TELLING), mime ?? source.mime);
    if (!isKnown) return { ...source, pieces: chain([read.subarray(0, length)], rest) };
  }
}

/** Yields the pieces that were read, and those that follow. */
async function* chain(
  read: readonly Uint8Array[],
  rest?: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* read;
  if (rest === undefined) return;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    yield next.value;
  }
}
