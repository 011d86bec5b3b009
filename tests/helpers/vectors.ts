/** The test vectors of tests/vectors/, each file with its public source in `source`. */

/** Returns the cases of a file in tests/vectors. */
export function readVectors<T>(name: string): T[] {
  const url = new URL(`../vectors/${name}`, import.meta.url);
  const { cases }: { cases: T[] } = JSON.parse(Deno.readTextFileSync(url));
  return cases;
}
