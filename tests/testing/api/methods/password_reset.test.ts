/**
 * Resetting a 2FA password on the offline Telegram:
 * https://core.telegram.org/api/srp#password-reset
 */
import { assertEquals } from "../../../helpers/assert.ts";
import { GET, owing, withPassword } from "../passwords.ts";
import { ask, assertRefused, caller, PHONE_2FA, signIn } from "../fixture.ts";

Deno.test("account.resetPassword removes a password when it is due, unless it is declined", () => {
  const state = withPassword(undefined, 100);
  const { api } = state;
  const reset = () => ask(api, { _: "account.resetPassword" });
  const decline = () => api.handle({ _: "account.declinePasswordReset" }, caller());
  assertRefused(decline, 400, "RESET_REQUEST_MISSING");
  const untilDate = state.now + 100;
  for (let i = 0; i < 2; i++) {
    assertEquals(reset(), { _: "account.resetPasswordRequestedWait", untilDate });
  }
  assertEquals(ask(api, GET).pendingResetDate, untilDate);
  assertEquals(decline(), true);
  const retryDate = state.now + 86_400;
  assertEquals(reset(), { _: "account.resetPasswordFailedWait", retryDate });
  state.now += 86_400;
  assertEquals(reset()._, "account.resetPasswordRequestedWait");
  state.now += 100;
  assertEquals(reset(), { _: "account.resetPasswordOk" });
  assertRefused(reset, 400, "PASSWORD_EMPTY");
});

Deno.test("account.resetPassword requires a sign-in, and lets another device in when due", () => {
  const state = withPassword(undefined, 100);
  const { api } = state;
  assertRefused(
    () => ask(owing().api, { _: "account.resetPassword" }),
    401,
    "SESSION_PASSWORD_NEEDED",
  );
  ask(api, { _: "account.resetPassword" });
  state.now += 100;
  const answer = signIn(api, PHONE_2FA, caller({ authKeyId: "b2" }));
  assertEquals(answer._, "auth.authorization");
});
