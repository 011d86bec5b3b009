/** Errors of two copies of the library in one program. */
import {
  ConnectionError,
  LoginCancelledError,
  RpcError,
  SessionError,
  SignInError,
} from "../../mod.ts";
import { assertEquals } from "../helpers/assert.ts";

/** An error as another copy of the library makes it. */
function ofAnotherCopy(name: string): Error {
  const error = new Error("from elsewhere");
  error.name = name;
  return error;
}

Deno.test("instanceof takes the errors of another copy of the library by their name", () => {
  const types = { ConnectionError, LoginCancelledError, RpcError, SessionError, SignInError };
  for (const [name, type] of Object.entries(types)) {
    const fits = Object.entries(types).filter(([, one]) => ofAnotherCopy(name) instanceof one)
      .map(([one]) => one);
    const base = name === "LoginCancelledError" ? [name, "SignInError"] : [name];
    assertEquals(fits.toSorted(), base.toSorted());
    assertEquals(ofAnotherCopy("Error") instanceof type, false);
    assertEquals({ name } instanceof type, false);
  }
});

Deno.test("instanceof of a subclass takes its own errors only", () => {
  class Mine extends RpcError {}
  const theirs = new RpcError(400, "PEER_ID_INVALID", "x");
  assertEquals([theirs instanceof Mine, new Mine(400, "A", "x") instanceof Mine], [false, true]);
  assertEquals(ofAnotherCopy("RpcError") instanceof Mine, false);
});
