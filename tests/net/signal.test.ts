import { either } from "../../src/net/signal.ts";
import { assertEquals, assertStrictEquals } from "../assert.ts";

/** Does it as the runtime can, and once more as one without `AbortSignal.any`. */
function everywhere(test: () => void): void {
  test();
  const { any } = AbortSignal;
  try {
    Reflect.set(AbortSignal, "any", undefined);
    test();
  } finally {
    Reflect.set(AbortSignal, "any", any);
  }
}

Deno.test("either() is aborted with the reason of whichever signal is aborted first, also without AbortSignal.any", () => {
  everywhere(() => {
    for (const first of [0, 1]) {
      const controllers = [new AbortController(), new AbortController()];
      const both = either(controllers[0].signal, controllers[1].signal);
      let calls = 0;
      both.addEventListener("abort", () => calls++);
      controllers[first].abort("first");
      controllers[1 - first].abort("second");
      assertEquals([both.reason, calls], ["first", 1]);
    }
  });
});

Deno.test("either() is aborted at once when one of the signals is already", () => {
  everywhere(() => {
    const both = either(new AbortController().signal, AbortSignal.abort("before"));
    assertEquals([both.aborted, both.reason], [true, "before"]);
  });
});

Deno.test("either() of one signal is that one", () => {
  const { signal } = new AbortController();
  assertStrictEquals(either(signal, undefined), signal);
  assertStrictEquals(either(undefined, signal), signal);
  assertEquals(either(undefined, undefined), undefined);
});
