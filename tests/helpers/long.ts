/**
 * The two sizes of the tests. `deno task test` runs each of them small enough for every change;
 * `deno task test:long` sets TESSERA_LONG and runs all of them in full.
 */
const IS_LONG = Deno.env.get("TESSERA_LONG") === "true";

/** Returns how often to repeat something: `short` in `deno task test`, `long` in `test:long`. */
export function runs(short: number, long: number): number {
  return IS_LONG ? long : short;
}

/** Adds a test that only `deno task test:long` runs. */
export function longTest(name: string, run: () => void | Promise<void>): void {
  if (IS_LONG) Deno.test(name, run);
}
