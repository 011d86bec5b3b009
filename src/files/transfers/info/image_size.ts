/**
 * The size of an image in pixels, by its first bytes: PNG (RFC 2083), GIF, WebP, and JPEG (ITU
 * T.81), whose orientation (Exif) turns it.
 */

/** The width and height of an image. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Returns the size of an image; undefined if its bytes do not tell. */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isText = (at: number, text: string): boolean =>
    Array.from(text).every((character, index) => bytes[at + index] === character.charCodeAt(0));
  try {
    if (isText(1, "PNG")) return { width: view.getUint32(16), height: view.getUint32(20) };
    if (isText(0, "GIF8")) {
      return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
    }
    if (isText(8, "WEBPVP8 ")) {
      const [width, height] = [view.getUint16(26, true), view.getUint16(28, true)];
      return { width: width & 0x3fff, height: height & 0x3fff };
    }
    if (isText(8, "WEBPVP8L")) {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 };
    }
    if (isText(8, "WEBPVP8X")) {
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      };
    }
    return bytes[0] === 0xff && bytes[1] === 0xd8 ? jpegSize(view) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // it is cut off
    throw error;
  }
}

const EXIF_SEGMENT = 0xe1;
/** Segments in the range of frames that are none: tables, extensions, arithmetic conditioning. */
const NO_FRAMES: readonly number[] = [0xc4, 0xc8, 0xcc];

function jpegSize(view: DataView): ImageSize | undefined {
  let isTurned = false;
  for (let at = 2;;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const segment = view.getUint8(at + 1);
    if (segment === 0xff) { // fill bytes
      at++;
      continue;
    }
    if (segment >= 0xc0 && segment <= 0xcf && !NO_FRAMES.includes(segment)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return isTurned ? { width: height, height: width } : { width, height };
    }
    if (segment === EXIF_SEGMENT) isTurned = isQuarterTurned(view, at + 4);
    at += 2 + view.getUint16(at + 2);
  }
}

const ORIENTATION = 0x0112;

/** Whether an Exif segment says that the image is turned by 90 or 270 degrees. */
function isQuarterTurned(view: DataView, at: number): boolean {
  if (view.getUint32(at) !== 0x45786966) return false; // "Exif"
  const tiff = at + 6;
  const little = view.getUint16(tiff) === 0x4949;
  const directory = tiff + view.getUint32(tiff + 4, little);
  const count = view.getUint16(directory, little);
  for (let entry = directory + 2; entry < directory + 2 + 12 * count; entry += 12) {
    if (view.getUint16(entry, little) === ORIENTATION) return view.getUint16(entry + 8, little) > 4;
  }
  return false;
}
