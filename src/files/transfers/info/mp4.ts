/**
 * The duration and the size in pixels of an MP4 or QuickTime file: ISO/IEC 14496-12. The box that
 * tells, `moov`, may be at the end of the file.
 */
import type { ReadAt } from "./read_at.ts";

/** What an MP4 file tells of itself. */
export interface Mp4Info {
  /** In seconds. */
  readonly duration: number;
  /** In pixels; absent in a file without pictures. */
  readonly width?: number;
  /** In pixels; absent in a file without pictures. */
  readonly height?: number;
}

/** The most boxes that are looked at, and the most bytes of `moov` that are read. */
const MAX_BOXES = 1000;
const MAX_MOOV = 8 * 1024 * 1024;

interface Box {
  readonly type: string;
  /** Where its content begins. */
  readonly start: number;
  readonly end: number;
}

/** Returns what a file tells; undefined if it has no `moov` that can be read. */
export async function mp4Info(size: number, at: ReadAt): Promise<Mp4Info | undefined> {
  let offset = 0;
  for (let boxes = 0; boxes < MAX_BOXES && offset + 8 <= size; boxes++) {
    const head = await at(offset, 16);
    const box = boxAt(new DataView(head.buffer, head.byteOffset, head.length), 0, size - offset);
    if (box === undefined) return undefined;
    if (box.type === "moov") {
      const length = box.end - box.start;
      if (length > MAX_MOOV) return undefined;
      const moov = await at(offset + box.start, length);
      return readMoov(new DataView(moov.buffer, moov.byteOffset, moov.length));
    }
    offset += box.end;
  }
  return undefined;
}

/** Reads the head of a box; undefined if it is not one. */
function boxAt(view: DataView, at: number, limit: number): Box | undefined {
  if (at + 8 > view.byteLength) return undefined;
  const short = view.getUint32(at);
  const type = String.fromCharCode(...[4, 5, 6, 7].map((index) => view.getUint8(at + index)));
  const isLong = short === 1;
  if (isLong && at + 16 > view.byteLength) return undefined;
  const length = short === 0 ? limit : isLong ? Number(view.getBigUint64(at + 8)) : short;
  const start = at + (isLong ? 16 : 8);
  return length < start - at || length > limit ? undefined : { type, start, end: at + length };
}

function* boxesIn(view: DataView, start: number, end: number): Generator<Box, void, undefined> {
  for (let at = start; at < end;) {
    const box = boxAt(view, at, end - at);
    if (box === undefined) return;
    yield box;
    at = box.end;
  }
}

function readMoov(moov: DataView): Mp4Info | undefined {
  let duration: number | undefined;
  let picture: { readonly width: number; readonly height: number } | undefined;
  for (const box of boxesIn(moov, 0, moov.byteLength)) {
    if (box.type === "mvhd") duration = durationOf(moov, box);
    if (box.type !== "trak") continue;
    for (const inner of boxesIn(moov, box.start, box.end)) {
      if (inner.type === "tkhd") picture ??= sizeOf(moov, inner);
    }
  }
  return duration === undefined ? undefined : { duration, ...picture };
}

/** The movie header: `timescale` and `duration` stand behind two dates. */
function durationOf(view: DataView, { start, end }: Box): number | undefined {
  const isLong = view.getUint8(start) === 1;
  const at = start + (isLong ? 20 : 12);
  if (at + (isLong ? 12 : 8) > end) return undefined;
  const scale = view.getUint32(at);
  const length = isLong ? Number(view.getBigUint64(at + 4)) : view.getUint32(at + 4);
  return scale === 0 ? undefined : length / scale;
}

/** The track header ends with a matrix, and width and height of 16 + 16 bits. */
function sizeOf(
  view: DataView,
  { end }: Box,
): { readonly width: number; readonly height: number } | undefined {
  const [width, height] = [view.getUint16(end - 8), view.getUint16(end - 4)];
  if (width === 0 || height === 0) return undefined;
  // A matrix that swaps x and y turns the picture by a quarter.
  const isTurned = view.getInt32(end - 44) === 0 && view.getInt32(end - 40) !== 0;
  return isTurned ? { width: height, height: width } : { width, height };
}
