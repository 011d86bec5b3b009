/**
 * The calls that read a range of a file: https://core.telegram.org/api/files#downloading-files
 *
 * Telegram takes no offset and no limit: they must be multiples of 4 KiB (of 1 KiB with `precise`),
 * and a part must not cross a multiple of 1 MiB.
 */

const KIB = 1024;
/** The bytes of a part. */
export const DOWNLOAD_PART = 512 * KIB;
/** Offsets and limits are multiples of this. */
const STEP = 4 * KIB;
/** The same with the flag `precise`. */
const PRECISE_STEP = KIB;

/** The call for a part, and the bytes of its answer that are wanted. */
export interface PartRange {
  readonly offset: number;
  readonly limit: number;
  readonly precise: boolean;
  /** Bytes at the beginning of the answer that are not wanted. */
  readonly skip: number;
  /** The most bytes after these that are wanted. */
  readonly take: number;
}

/**
 * Yields the parts from `offset` to `end`, in their order. Without an `end`, it goes on for ever:
 * an answer that is shorter than its limit is the last one.
 *
 * @param end the offset behind the last byte
 * @param size the bytes of the whole file, if known: the last part is read to its end
 */
export function* planDownload(
  offset: number,
  end: number | undefined,
  size?: number,
): Generator<PartRange, void, undefined> {
  const isWhole = size !== undefined && end !== undefined && end >= size;
  for (let at = offset; end === undefined || at < end;) {
    const boundary = (Math.floor(at / DOWNLOAD_PART) + 1) * DOWNLOAD_PART;
    const wanted = end === undefined || isWhole ? boundary : Math.min(boundary, end);
    const from = floorTo(at, PRECISE_STEP);
    const to = Math.min(boundary, ceilTo(wanted, PRECISE_STEP));
    yield {
      offset: from,
      limit: to - from,
      precise: from % STEP !== 0 || !isPlainLimit(to - from),
      skip: at - from,
      take: Math.min(end ?? Infinity, boundary) - at,
    };
    at = boundary;
  }
}

/** Whether a limit needs no flag: a multiple of 4 KiB that divides 1 MiB. */
function isPlainLimit(limit: number): boolean {
  return limit % STEP === 0 && (KIB * KIB) % limit === 0;
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function ceilTo(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
