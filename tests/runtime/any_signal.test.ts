import { withAnySignal } from "../../src/runtime/mod.ts";
import { assertEquals, assertRejects, assertStrictEquals } from "../helpers/assert.ts";

/** A signal that counts the listeners on it. */
function countedSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let count = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count--;
    remove(...args);
  };
  return { controller, listeners: () => count };
}

Deno.test("withAnySignal() takes the reason of the first aborted signal", async () => {
  for (const first of [0, 1]) {
    const controllers = [new AbortController(), new AbortController()];
    let calls = 0;
    await withAnySignal(controllers[0].signal, controllers[1].signal, (both) => {
      both.addEventListener("abort", () => calls++);
      controllers[first].abort("first");
      controllers[1 - first].abort("second");
      assertEquals([both.reason, calls], ["first", 1]);
      return Promise.resolve();
    });
  }
});

Deno.test("withAnySignal() begins aborted if one of the signals is", async () => {
  const before = AbortSignal.abort("before");
  await withAnySignal(new AbortController().signal, before, (both) => {
    assertEquals([both.aborted, both.reason], [true, "before"]);
    return Promise.resolve();
  });
});

Deno.test("withAnySignal() of one signal passes that signal on", async () => {
  const { signal } = new AbortController();
  await withAnySignal(signal, undefined, (both) => {
    assertStrictEquals(both, signal);
    return Promise.resolve();
  });
});

Deno.test("withAnySignal() leaves no listener on a signal that lives on", async () => {
  const { any } = AbortSignal;
  Reflect.set(AbortSignal, "any", undefined);
  try {
    const [one, other] = [countedSignal(), countedSignal()];
    for (let turn = 0; turn < 100; turn++) {
      await withAnySignal(one.controller.signal, other.controller.signal, () => Promise.resolve());
    }
    const failing = withAnySignal(
      one.controller.signal,
      other.controller.signal,
      () => Promise.reject(new Error("it fails")),
    );
    await assertRejects(() => failing, Error, "it fails");
    assertEquals([one.listeners(), other.listeners()], [0, 0]);
  } finally {
    Reflect.set(AbortSignal, "any", any);
  }
});
