/**
 * The login email on the offline Telegram:
 * https://core.telegram.org/api/auth#email-verification
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals, assertMatch, assertNotEquals } from "../../../helpers/assert.ts";
import { EMAIL, offline, SEND, send } from "../codes.ts";
import { ask, assertRefused, PHONE, signIn } from "../fixture.ts";

Deno.test("auth.signIn accepts an emailed code only in the field of email codes", () => {
  const state = offline({ loginEmail: EMAIL });
  const { name, type } = send(state);
  assertEquals(type, {
    _: "auth.sentCodeTypeEmailCode",
    emailPattern: "a**@example.com",
    length: 5,
    resetAvailablePeriod: 604_800,
    resetPendingDate: undefined,
  });
  assertEquals(state.api.lastEmailCode(EMAIL), "22222");
  const signing = { ...name, _: "auth.signIn" };
  assertRefused(
    () => ask(state.api, { ...signing, phoneCode: "22222" }),
    400,
    "PHONE_CODE_INVALID",
  );
  const withCode = (code: string) =>
    ask(state.api, { ...signing, emailVerification: { _: "emailVerificationCode", code } });
  assertRefused(() => withCode(""), 400, "PHONE_CODE_EMPTY");
  assertRefused(() => withCode("11111"), 400, "PHONE_CODE_INVALID");
  assertEquals(withCode("22222")._, "auth.authorization");
});

Deno.test("auth.resetLoginEmail removes the email when due, and refuses a second request", () => {
  const state = offline({ loginEmail: EMAIL }, { resetPeriod: 100 });
  const reset = (name: TlObject) => ask(state.api, { ...name, _: "auth.resetLoginEmail" });
  const pending = reset(send(state).name).type as TlObject;
  assertEquals(pending.resetPendingDate, state.now + 100);
  assertEquals(pending.resetAvailablePeriod, undefined);
  assertRefused(() => reset(send(state).name), 400, "TASK_ALREADY_EXISTS");
  state.now += 100;
  const { name, type } = send(state);
  assertEquals(type._, "auth.sentCodeTypeSms");
  assertRefused(() => reset(name), 400, "EMAIL_INSTALL_MISSING");
  assertRefused(() => reset({ ...name, phoneNumber: "" }), 406, "PHONE_NUMBER_INVALID");
});

Deno.test("auth.resetLoginEmail sends a code to the phone at once if the period is zero", () => {
  const state = offline({ loginEmail: EMAIL }, { resetPeriod: 0 });
  const answer = ask(state.api, { ...send(state).name, _: "auth.resetLoginEmail" });
  assertEquals((answer.type as TlObject)._, "auth.sentCodeTypeSms");
});

function purposeOf(name: TlObject): TlObject {
  return { ...name, _: "emailVerifyPurposeLoginSetup" };
}

Deno.test("account.verifyEmail sets up the login email, which then receives the code", () => {
  const state = offline({ needsLoginEmail: true });
  const { name, type } = send(state);
  assertEquals(type._, "auth.sentCodeTypeSetUpEmailRequired");
  const purpose = purposeOf(name);
  const sent = ask(state.api, { _: "account.sendVerifyEmailCode", purpose, email: EMAIL });
  assertEquals(sent, { _: "account.sentEmailCode", emailPattern: "a**@example.com", length: 6 });
  const code = state.api.lastEmailCode(EMAIL) ?? "";
  assertMatch(code, /^\d{6}$/);
  const verify = (code: string) =>
    ask(state.api, {
      _: "account.verifyEmail",
      purpose,
      verification: { _: "emailVerificationCode", code },
    });
  assertRefused(() => verify(""), 400, "CODE_EMPTY");
  assertRefused(() => verify(code === "000000" ? "1" : "000000"), 400, "CODE_INVALID");
  const verified = verify(code);
  assertEquals([verified._, verified.email], ["account.emailVerifiedLogin", EMAIL]);
  const { phoneCodeHash } = verified.sentCode as TlObject;
  assertNotEquals(phoneCodeHash, name.phoneCodeHash);
  const emailVerification = { _: "emailVerificationCode", code: "22222" };
  const signing = { _: "auth.signIn", phoneNumber: PHONE, phoneCodeHash, emailVerification };
  assertEquals(ask(state.api, signing)._, "auth.authorization");
});

Deno.test("account.sendVerifyEmailCode refuses bad addresses, purposes and expired codes", () => {
  const state = offline({ needsLoginEmail: true });
  const { name } = send(state);
  const sending = (email: string, purpose: TlObject = purposeOf(name)) =>
    ask(state.api, { _: "account.sendVerifyEmailCode", purpose, email });
  for (const email of ["", "ada", "ada@", "ada@com", "a b@example.com"]) {
    assertRefused(() => sending(email), 400, "EMAIL_INVALID");
  }
  assertRefused(() => sending("ada@mailinator.com"), 400, "EMAIL_NOT_ALLOWED");
  const ghost = purposeOf({ ...name, phoneCodeHash: "0" });
  assertRefused(() => sending(EMAIL, ghost), 400, "PHONE_HASH_EXPIRED");
  const noNumber = purposeOf({ ...name, phoneNumber: "" });
  assertRefused(() => sending(EMAIL, noNumber), 406, "PHONE_NUMBER_INVALID");
  const change = { _: "emailVerifyPurposeLoginChange" };
  assertRefused(() => sending(EMAIL, change), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("account.verifyEmail refuses an expired code, and too many wrong guesses", () => {
  for (const spoil of ["age", "guesses"]) {
    const state = offline({ needsLoginEmail: true });
    const { api } = state;
    const purpose = purposeOf(send(state).name);
    ask(api, { _: "account.sendVerifyEmailCode", purpose, email: EMAIL });
    const verify = (code: string) => {
      const verification = { _: "emailVerificationCode", code };
      return ask(api, { _: "account.verifyEmail", purpose, verification });
    };
    if (spoil === "age") state.now += 3600;
    else for (let i = 0; i < 5; i++) assertRefused(() => verify("x"), 400, "CODE_INVALID");
    const right = api.lastEmailCode(EMAIL) ?? "";
    assertRefused(() => verify(right), 400, "EMAIL_VERIFY_EXPIRED");
  }
});

Deno.test("account.verifyEmail changes the login email of a signed-in account", () => {
  const state = offline({});
  const { api } = state;
  signIn(api);
  const purpose = { _: "emailVerifyPurposeLoginChange" };
  const sending = { _: "account.sendVerifyEmailCode", purpose, email: EMAIL };
  assertRefused(() => ask(api, sending), 400, "EMAIL_NOT_SETUP");
  const other = offline({ loginEmail: "old@example.com" }).api;
  const hash = ask(other, SEND).phoneCodeHash;
  const emailVerification = { _: "emailVerificationCode", code: "22222" };
  ask(other, { _: "auth.signIn", phoneNumber: PHONE, phoneCodeHash: hash, emailVerification });
  ask(other, sending);
  const verification = { _: "emailVerificationCode", code: other.lastEmailCode(EMAIL) };
  const verified = ask(other, { _: "account.verifyEmail", purpose, verification });
  assertEquals(verified, { _: "account.emailVerified", email: EMAIL });
  const password = ask(other, { _: "account.getPassword" });
  assertEquals(password.loginEmailPattern, "a**@example.com");
});
