import { censor, censorObject, type Shown } from "../../src/runtime/mod.ts";
import { assertEquals, assertStringIncludes } from "../helpers/assert.ts";
import { inspect } from "node:util";

class Vault {
  secret = "hunter2";
  static {
    censor(this.prototype);
  }
  toJSON(): Shown {
    return { doors: 3 };
  }
}

Deno.test("censor() keeps the fields out of text, JSON and both inspectors", () => {
  const vault = new Vault();
  const printed = [
    String(vault),
    JSON.stringify({ vault }),
    Deno.inspect({ list: [vault] }),
    inspect({ list: [vault] }),
  ];
  for (const text of printed) {
    assertEquals(text.includes("hunter2"), false);
    assertStringIncludes(text, "doors");
  }
  assertStringIncludes(Deno.inspect(vault), "Vault");
});

Deno.test("censor() holds for a subclass with fields of its own", () => {
  class Safe extends Vault {
    code = "0000";
  }
  assertEquals(Deno.inspect(new Safe()), "Safe { doors: 3 }");
});

Deno.test("censorObject() hides fields when printed and leaves them to the program", () => {
  const state = { key: "hunter2", id: 7 };
  const same = censorObject(censorObject(state, ({ id }) => ({ id })), () => ({}));
  assertEquals(same === state, true);
  assertEquals(state.key, "hunter2");
  assertEquals(Object.keys(state), ["key", "id"]);
  assertEquals(Deno.inspect(state), "{ id: 7 }");
  assertEquals(inspect(state), "{ id: 7 }");
  assertEquals(JSON.stringify(state), '{"id":7}');
  assertEquals(structuredClone(state), { key: "hunter2", id: 7 });
});

Deno.test("censorObject() leaves a frozen object as it is", () => {
  assertEquals(JSON.stringify(censorObject(Object.freeze({ id: 7 }), () => ({}))), '{"id":7}');
});
