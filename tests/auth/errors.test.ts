/**
 * Which sign-in error each of Telegram's refusals amounts to: https://core.telegram.org/api/errors
 */
import { RpcError, SignInError } from "../../mod.ts";
import { toSignInError } from "../../src/auth/errors.ts";
import { assert, assertEquals, assertInstanceOf, assertStringIncludes } from "../helpers/assert.ts";

const { methods } = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/sign_in_errors.json", import.meta.url)),
) as { methods: Record<string, string[]> };

/** What never comes out of a step as an error, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  AUTH_KEY_UNSYNCHRONIZED: "the client makes the call again",
  EMAIL_UNCONFIRMED: "an outcome of password.set(), change() and setRecoveryEmail()",
  EMAIL_UNCONFIRMED_300: "the same, with the length of the code",
  DC_ID_INVALID: "an RpcError of invoke({ dcId }), which is no sign-in",
  AUTH_BYTES_INVALID:
    "invoke({ dcId }) exports up to four times more, and then passes on the RpcError",
  USER_ID_INVALID: "invoke({ dcId }) passes on the RpcError",
};

Deno.test("Each refusal of a sign-in method has its own reason and says what to do", () => {
  const untyped: string[] = [];
  for (const [method, refusals] of Object.entries(methods)) {
    for (const refusal of refusals) {
      if (refusal in ELSEWHERE) continue;
      const rpc = new RpcError(400, refusal, method);
      const error = toSignInError(rpc, "sign in");
      if (!(error instanceof SignInError)) {
        untyped.push(`${refusal} of ${method}`);
        continue;
      }
      assertEquals([error.cause, error.errorMessage, error.code], [rpc, refusal, 400]);
      assertStringIncludes(error.message, "Cannot sign in: ");
    }
  }
  assertEquals(untyped, []);
});

Deno.test("Refusals of any method have reasons, and floods have a duration", () => {
  const reasons: Record<string, string> = {
    AUTH_KEY_DUPLICATED: "authKeyDuplicated",
    AUTH_KEY_UNREGISTERED: "signedOut",
    FLOOD_TEST_PHONE_WAIT_300: "flood",
    FLOOD_WAIT_300: "flood",
    SESSION_PASSWORD_NEEDED: "passwordNeeded",
    SESSION_REVOKED: "sessionRevoked",
    USER_DEACTIVATED_BAN: "accountDeactivated",
  };
  for (const [refusal, reason] of Object.entries(reasons)) {
    const error = toSignInError(new RpcError(420, refusal, "auth.signIn"), "sign in");
    assertInstanceOf(error, SignInError);
    assertEquals(error.reason, reason);
    assertEquals(error.seconds, reason === "flood" ? 300 : undefined);
  }
});

Deno.test("An expired code may have been typed into a chat, which the error says", () => {
  const error = toSignInError(new RpcError(400, "PHONE_CODE_EXPIRED", "auth.signIn"), "sign in");
  assertInstanceOf(error, SignInError);
  assertStringIncludes(error.message, "voids a code that is typed into a chat");
});

Deno.test("Unknown errors stay an RpcError", () => {
  const error = new RpcError(500, "REG_ID_GENERATE_FAILED", "auth.signUp");
  assert(toSignInError(error, "sign up") === error);
});
