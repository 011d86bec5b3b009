/**
 * The log: what a logger of the program's own may do.
 */
import { logFrom } from "../../src/runtime/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";

Deno.test("an error of a logger is uncaught, and disturbs nothing else", async () => {
  const caught: unknown[] = [];
  const onUncaught = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    caught.push((event.reason as Error).message);
  };
  const fail = (): void => {
    throw new Error("the pipe is closed");
  };
  globalThis.addEventListener("unhandledrejection", onUncaught);
  try {
    logFrom("info", { debug: fail, info: fail, warn: fail, error: fail }).error("lost");
    await settled();
  } finally {
    globalThis.removeEventListener("unhandledrejection", onUncaught);
  }
  assertEquals(caught, ["the pipe is closed"]);
});
