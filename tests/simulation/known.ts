/**
 * Rules that the client is known to break, by the row of the list of faults. A row goes when it is
 * mended.
 */
const KNOWN: ReadonlyArray<readonly [row: string, broken: RegExp]> = [
  ["C11", /the stored session needs/],
  ["C14", /carried out twice/],
  ["C17", /was carried out before/],
  ["C21", /RANDOM_ID_DUPLICATE/],
];

/** Returns the row of a broken rule; undefined for one that is not known. */
export function knownRow(broken: string): string | undefined {
  return KNOWN.find(([, text]) => text.test(broken))?.[0];
}
