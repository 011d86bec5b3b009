/**
 * `deno task demo` begins with little to fetch: what only tests and tools need stands in
 * `tests/deno.lock`.
 */
import { assertEquals } from "./helpers/assert.ts";

Deno.test("the lock of the repository holds only what the command line needs", async () => {
  const lock = JSON.parse(await Deno.readTextFile(new URL("../deno.lock", import.meta.url)));
  const names = Object.keys(lock.npm).map((name) => name.slice(0, name.lastIndexOf("@")));
  assertEquals(
    names,
    ["deno-std"],
    "deno.lock has more: restore it, and run tests by `deno task test`, or with " +
      "--lock=tests/deno.lock",
  );
});
