/**
 * The three sizes of the tests. `deno task test` runs each of them small enough for every change;
 * `deno task test:long` sets TESSERA_LONG and runs all of them in full, but for the ordeals of
 * `deno task test:nightly`, which sets TESSERA_NIGHTLY, too: they need the machine for themselves.
 */
const IS_LONG = Deno.env.get("TESSERA_LONG") === "true";
const IS_NIGHTLY = Deno.env.get("TESSERA_NIGHTLY") === "true";

/**
 * Returns how often to repeat something: `short` in `deno task test`, `long` in `test:long`, and
 * `nightly`, if it is given, in `test:nightly`.
 */
export function runs(short: number, long: number, nightly = long): number {
  return IS_NIGHTLY ? nightly : IS_LONG ? long : short;
}

/** Adds a test that only `deno task test:nightly` runs. */
export function nightlyTest(name: string, run: () => void | Promise<void>): void {
  if (IS_NIGHTLY) Deno.test(name, run);
}

/** Adds a test that only `deno task test:long` runs. */
export function longTest(name: string, run: () => void | Promise<void>): void {
  if (IS_LONG) Deno.test(name, run);
}

/** Whether `.ci/services` has started the services that some tests need. */
export const HAS_SERVICES: boolean = Deno.env.get("TESSERA_SERVICES") === "true";

/** Adds a test that runs only beside the services of `.ci/services`. */
export function serviceTest(name: string, run: () => void | Promise<void>): void {
  if (HAS_SERVICES) Deno.test(name, run);
}
