/** The fields of the sign-in page. In a browser, tests/runtimes/web.test.ts uses the whole page. */

import { forgetPasswords, textOf } from "../../examples/web/field.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

Deno.test("The sign-in page takes a password to the letter, and trims anything else", () => {
  assertEquals(textOf({ type: "password", value: " correct horse " }), " correct horse ");
  assertEquals(textOf({ type: "tel", value: " +9996621111\n" }), "+9996621111");
});

Deno.test("The sign-in page reads fields in one way, and empties passwords", async () => {
  const fields = [{ type: "password", value: "secret" }, { type: "tel", value: "+999" }];
  forgetPasswords(fields);
  assertEquals(fields.map(({ value }) => value), ["", "+999"]);
  const page = await Deno.readTextFile(new URL("../../examples/web/page.ts", import.meta.url));
  assert(!page.includes("value.trim()"));
  assertEquals(page.match(/forgetPasswords\(/g)?.length, 2);
});
