/**
 * The lock of what only the tests need, for `deno run` of a program in `tests/`. The lock of the
 * repository holds what the command line needs and nothing else: `deno task` fetches all that is in
 * it before it does anything.
 */

/** The flag that names the lock. */
export const LOCK = `--lock=${new URL("../deno.lock", import.meta.url).pathname}`;
