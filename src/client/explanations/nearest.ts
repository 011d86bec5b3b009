/** The name that somebody meant who has written another one. */

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/**
 * Returns the candidate that differs from a name in capital letters and underscores only, or else
 * in few letters.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = letters(name);
  const same = candidates.find((candidate) => letters(candidate) === wanted);
  if (same !== undefined) return same;
  const most = Math.min(2, Math.floor(wanted.length / 4));
  return candidates.map((candidate) => ({
    candidate,
    distance: distanceOf(wanted, letters(candidate), most),
  })).filter(({ distance }) => distance <= most)
    .sort((one, other) => one.distance - other.distance)[0]?.candidate;
}

/** The number of letters to change, add or leave out; more than `most` is not counted. */
function distanceOf(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      const changed = row[j] + (one[i] === other[j] ? 0 : 1);
      next.push(Math.min(changed, row[j + 1] + 1, next[j] + 1));
    }
    row = next;
  }
  return row[other.length];
}
