import { anySignal } from "../../src/runtime/mod.ts";
import { assertEquals, assertStrictEquals } from "../helpers/assert.ts";

/** Runs a test with and without `AbortSignal.any`. */
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

Deno.test("anySignal() takes the reason of the first aborted signal", () => {
  everywhere(() => {
    for (const first of [0, 1]) {
      const controllers = [new AbortController(), new AbortController()];
      const both = anySignal(controllers[0].signal, controllers[1].signal);
      let calls = 0;
      both.addEventListener("abort", () => calls++);
      controllers[first].abort("first");
      controllers[1 - first].abort("second");
      assertEquals([both.reason, calls], ["first", 1]);
    }
  });
});

Deno.test("anySignal() is aborted if one of the signals is", () => {
  everywhere(() => {
    const both = anySignal(new AbortController().signal, AbortSignal.abort("before"));
    assertEquals([both.aborted, both.reason], [true, "before"]);
  });
});

Deno.test("anySignal() of one signal returns that signal", () => {
  const { signal } = new AbortController();
  assertStrictEquals(anySignal(signal, undefined), signal);
  assertStrictEquals(anySignal(undefined, signal), signal);
  assertEquals(anySignal(undefined, undefined), undefined);
});
