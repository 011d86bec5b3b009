/**
 * The ranges of files that Telegram serves: https://core.telegram.org/api/files#downloading-files
 */
import { badRequest } from "../failure.ts";

const KIB = 1024;
const MIB = KIB * KIB;

/** Refuses a range that Telegram does not serve. */
export function checkRange(offset: number, limit: number, precise: boolean): void {
  const step = precise ? KIB : 4 * KIB;
  if (offset < 0 || offset % step !== 0) throw badRequest("OFFSET_INVALID");
  const isLimit = limit > 0 && limit <= MIB && limit % step === 0;
  if (!isLimit || (!precise && MIB % limit !== 0)) throw badRequest("LIMIT_INVALID");
  const crosses = Math.floor(offset / MIB) !== Math.floor((offset + limit - 1) / MIB);
  if (crosses) throw badRequest("LIMIT_INVALID");
}
