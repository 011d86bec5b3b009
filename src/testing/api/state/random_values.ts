/**
 * The random values that several classes of the state need. 64-bit numbers: `randomLong` of
 * runtime/.
 */
import { bytesToBigInt } from "../../../crypto/mod.ts";
import type { Random } from "../../../runtime/mod.ts";

/** Returns a code of so many decimal digits; nine at most. */
export function randomDigits(random: Random, length: number): string {
  const number = random(4).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(number % 10 ** length).padStart(length, "0");
}

/** Returns a hash that names one device or one website: a positive number of 56 bits. */
export function randomHash(random: Random): bigint {
  return bytesToBigInt(random(7));
}
