/**
 * How a file is cut into parts for an upload: https://core.telegram.org/api/files#uploading-files
 *
 * | size                   | part    | method                    |
 * |------------------------|---------|---------------------------|
 * | at most 10 MiB         | 128 KiB | `upload.saveFilePart`     |
 * | more, or not known yet | 512 KiB | `upload.saveBigFilePart`  |
 *
 * All parts are of one length, but for the last one, which may be shorter.
 */

const KIB = 1024;
/** The most bytes of a file that is not "big". */
export const MAX_SMALL_SIZE = 10 * KIB * KIB;
const SMALL_PART = 128 * KIB;
const LARGE_PART = 512 * KIB;

/** The most parts of a file, without and with premium: `upload_max_fileparts_default`. */
export const MAX_PARTS = 4000;
/** The same with premium: `upload_max_fileparts_premium`. */
export const MAX_PARTS_PREMIUM = 8000;

/** How a file is cut. */
export interface UploadPlan {
  /** The bytes of each part but the last. */
  readonly partSize: number;
  /** The number of parts; undefined while the size is not known. */
  readonly parts: number | undefined;
  /** Whether the parts go as those of a "big" file. */
  readonly isBig: boolean;
}

/**
 * Cuts a file of a number of bytes; undefined if nobody knows it yet.
 *
 * @param maxParts the most parts that the account may upload
 * @throws {RangeError} if it is empty or too large
 */
export function planUpload(size: number | undefined, maxParts = MAX_PARTS): UploadPlan {
  if (size === undefined) return { partSize: LARGE_PART, parts: undefined, isBig: true };
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new RangeError(`Cannot upload a file of ${size} bytes, expected a whole number of bytes`);
  }
  if (size === 0) throw emptyFile();
  const isBig = size > MAX_SMALL_SIZE;
  const partSize = isBig ? LARGE_PART : SMALL_PART;
  const parts = Math.ceil(size / partSize);
  if (parts > maxParts) throw tooLarge(size, maxParts);
  return { partSize, parts, isBig };
}

/** The error of a file without a byte. */
export function emptyFile(): RangeError {
  return new RangeError("Cannot upload the file: it is empty. Telegram takes no empty files.");
}

/** The error of a file that has more parts than the account may upload. */
export function tooLarge(size: number | undefined, maxParts: number): RangeError {
  const most = maxParts * LARGE_PART / KIB / KIB;
  const what = size === undefined ? "more bytes" : `${size} bytes`;
  const hint = maxParts < MAX_PARTS_PREMIUM
    ? `An account with premium may upload ${MAX_PARTS_PREMIUM * LARGE_PART / KIB / KIB} MiB.`
    : "Cut it into several files.";
  return new RangeError(
    `Cannot upload the file: it has ${what}, expected at most ${most} MiB. ${hint}`,
  );
}
