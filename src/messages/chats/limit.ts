/** How many things a list has at most. */
import { describeNumber, wholeNumber } from "./whole_number.ts";

/**
 * Returns a limit; Infinity for undefined and null. Throws a `TypeError` for one that is no whole
 * number, nor Infinity.
 */
export function limitOf(what: string, given: unknown): number {
  if (given === undefined || given === null || given === Infinity) return Infinity;
  const limit = wholeNumber(given);
  if (limit !== undefined && limit >= 0) return limit;
  throw new TypeError(
    `Cannot ${what}: the limit is ${describeNumber(given)}, expected a whole number, 0 or more`,
  );
}
