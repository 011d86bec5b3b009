/** The errors of calls that end with their connection: each call has a copy of the reason. */
import { copyOfError } from "../../src/connection/failure.ts";
import { SecurityError } from "../../src/mtproto/mod.ts";
import { ConnectionError } from "../../src/net/mod.ts";
import { TlError } from "../../src/tl/mod.ts";
import { FramingError, TransportError } from "../../src/transport/mod.ts";
import { assertEquals, assertInstanceOf } from "../helpers/assert.ts";

const ERRORS = [
  new ConnectionError("Cannot connect", { permanent: true }),
  new SecurityError("msg_key", "Cannot accept a message"),
  new TransportError(-429),
  new FramingError("Cannot read a packet"),
  new TlError("decode", "0 bytes left, expected 4", "updates").within(".users"),
  new RangeError("of a program's own dial"),
];

/** All that can be read of an error, also by getters. */
function readable(error: Error): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (let from = error; from !== Error.prototype; from = Object.getPrototypeOf(from)) {
    for (const name of Object.getOwnPropertyNames(from)) {
      if (name === "cause" || name === "stack" || name === "constructor") continue;
      found[name] ??= error[name as keyof Error];
    }
  }
  return found;
}

for (const error of ERRORS) {
  Deno.test(`A copy of a ${error.name} says all that it says`, () => {
    const copy = copyOfError(error);
    assertInstanceOf(copy, error.constructor as typeof Error);
    assertEquals(readable(copy), readable(error));
    assertEquals(copy.cause, error);
  });
}
