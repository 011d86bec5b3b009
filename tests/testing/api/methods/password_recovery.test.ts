/**
 * Recovering a 2FA password on the offline Telegram:
 * https://core.telegram.org/api/srp#email-verification
 */
import { assertEquals } from "../../../helpers/assert.ts";
import { EMAIL, fresh, GET, owing, without } from "../passwords.ts";
import { ask, assertRefused, caller, fixture } from "../fixture.ts";

Deno.test("auth.recoverPassword signs in, with or without a new password", () => {
  for (const password of [undefined, "new"]) {
    const { api } = owing(EMAIL);
    assertEquals(ask(api, GET).hasRecovery, true);
    const sent = ask(api, { _: "auth.requestPasswordRecovery" });
    assertEquals(sent, { _: "auth.passwordRecovery", emailPattern: "a**@example.com" });
    const code = api.lastEmailCode(EMAIL) ?? "";
    assertEquals(api.handle({ _: "auth.checkRecoveryPassword", code }, caller()), true);
    const newSettings = password === undefined ? undefined : fresh(api, password);
    const answer = ask(api, { _: "auth.recoverPassword", code, newSettings });
    assertEquals(answer._, "auth.authorization");
    assertEquals(ask(api, GET).hasPassword, password === undefined ? undefined : true);
    const again = { _: "auth.recoverPassword", code };
    assertRefused(() => ask(api, again), 400, "PASSWORD_RECOVERY_EXPIRED");
  }
});

Deno.test("password recovery refuses wrong, empty and expired codes, and bad settings", () => {
  const { api } = owing(EMAIL);
  for (const method of ["auth.checkRecoveryPassword", "auth.recoverPassword"]) {
    const asked = (code: string) => () => api.handle({ _: method, code }, caller());
    assertRefused(asked("1"), 400, "PASSWORD_RECOVERY_EXPIRED");
    ask(api, { _: "auth.requestPasswordRecovery" });
    assertRefused(asked(""), 400, "CODE_EMPTY");
    assertRefused(asked("x"), 400, "CODE_INVALID");
    for (let i = 0; i < 4; i++) assertRefused(asked("x"), 400, "CODE_INVALID");
    assertRefused(asked(api.lastEmailCode(EMAIL) ?? ""), 400, "PASSWORD_RECOVERY_EXPIRED");
  }
  ask(api, { _: "auth.requestPasswordRecovery" });
  const code = api.lastEmailCode(EMAIL);
  const newSettings = { ...fresh(api, "new"), newPasswordHash: new Uint8Array(3) };
  const recovering = { _: "auth.recoverPassword", code, newSettings };
  assertRefused(() => ask(api, recovering), 400, "NEW_SETTINGS_INVALID");
});

Deno.test("auth.requestPasswordRecovery requires a sign-in, a password and an email", () => {
  const request = { _: "auth.requestPasswordRecovery" };
  assertRefused(() => ask(owing().api, request), 400, "PASSWORD_RECOVERY_NA");
  assertRefused(() => ask(without().api, request), 400, "PASSWORD_EMPTY");
  assertRefused(() => ask(fixture().api, request), 401, "AUTH_KEY_UNREGISTERED");
});
