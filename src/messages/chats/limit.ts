/** How many things a list has at most. */

/** Throws a `TypeError` for a limit that is no whole number, nor Infinity. */
export function checkLimit(what: string, limit: unknown): void {
  if (limit === Infinity || (Number.isInteger(limit) && (limit as number) >= 0)) return;
  const given = typeof limit === "number" ? limit : `of type ${typeof limit}`;
  throw new TypeError(`Cannot ${what}: the limit is ${given}, expected a whole number, 0 or more`);
}
