// The ways of a code, the login email and paid codes on the offline Telegram, with the refusals that each method's page
// names: https://core.telegram.org/api/auth

import type { AccountOptions, Delivery } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { assertEquals, assertMatch, assertNotEquals } from "../../helpers/assert.ts";
import {
  API,
  ask,
  assertRefused,
  caller,
  type Fixture,
  fixture,
  PHONE,
  signIn,
} from "./fixture.ts";

const SETTINGS = { _: "codeSettings" };
const SEND = { _: "auth.sendCode", phoneNumber: PHONE, ...API, settings: SETTINGS };
const EMAIL = "ada@example.com";

function world(account: Partial<AccountOptions>, options: { resetPeriod?: number } = {}): Fixture {
  return fixture({ accounts: [{ phone: PHONE, code: "22222", ...account }], ...options });
}

/** Sends a code; what names it, and what was answered. */
function send({ api }: Fixture): { name: TlObject; sent: TlObject; type: TlObject } {
  const sent = ask(api, SEND);
  const name = { _: "", phoneNumber: PHONE, phoneCodeHash: sent.phoneCodeHash };
  return { name, sent, type: sent.type as TlObject };
}

const WAYS: [way: Delivery, type: TlObject][] = [
  ["app", { _: "auth.sentCodeTypeApp", length: 5 }],
  ["sms", { _: "auth.sentCodeTypeSms", length: 5 }],
  ["call", { _: "auth.sentCodeTypeCall", length: 5 }],
  ["flashCall", { _: "auth.sentCodeTypeFlashCall", pattern: "22*" }],
  ["missedCall", { _: "auth.sentCodeTypeMissedCall", prefix: "888", length: 5 }],
  ["fragment", { _: "auth.sentCodeTypeFragmentSms", url: "https://fragment.com/login", length: 5 }],
  ["smsWord", { _: "auth.sentCodeTypeSmsWord", beginning: "2" }],
  ["smsPhrase", { _: "auth.sentCodeTypeSmsPhrase", beginning: "22222" }],
];

for (const [way, type] of WAYS) {
  Deno.test(`auth.sendCode sends a code by ${way}, and auth.signIn takes it`, () => {
    const state = world({ codeWays: [way] });
    const { name, sent, type: told } = send(state);
    assertEquals(told, type);
    assertEquals(sent.nextType, undefined);
    const answer = ask(state.api, { ...name, _: "auth.signIn", phoneCode: "22222" });
    assertEquals(answer._, "auth.authorization");
  });
}

Deno.test("auth.resendCode takes the ways one after the other, and says the next", () => {
  const state = world({ codeWays: ["app", "flashCall", "missedCall", "fragment"] });
  const { name, sent } = send(state);
  assertEquals(sent.nextType, { _: "auth.codeTypeFlashCall" });
  const nexts = ["auth.codeTypeMissedCall", "auth.codeTypeFragmentSms", undefined];
  for (const next of nexts) {
    const again = ask(state.api, { ...name, _: "auth.resendCode" });
    assertEquals((again.nextType as TlObject | undefined)?._, next);
  }
  const more = { ...name, _: "auth.resendCode" };
  assertRefused(() => ask(state.api, more), 406, "SEND_CODE_UNAVAILABLE");
});

Deno.test("auth.reportMissingCode takes a good code's name, and no other", () => {
  const state = world({});
  const { name } = send(state);
  const report = { ...name, _: "auth.reportMissingCode", mnc: "01" };
  assertEquals(state.api.handle(report, caller()), true);
  const ghost = { ...report, phoneCodeHash: "00" };
  assertRefused(() => ask(state.api, ghost), 400, "PHONE_CODE_EXPIRED");
  assertRefused(() => ask(state.api, { ...report, phoneNumber: "" }), 406, "PHONE_NUMBER_INVALID");
});

Deno.test("auth.checkPaidAuth sends the code once it is paid for, in the form that it was", () => {
  const state = world({ codePrice: { currency: "EUR", amount: 150n } });
  const required = ask(state.api, SEND);
  assertEquals([required._, required.currency, required.amount], [
    "auth.sentCodePaymentRequired",
    "EUR",
    150n,
  ]);
  const name = { phoneNumber: PHONE, phoneCodeHash: required.phoneCodeHash };
  const signing = { _: "auth.signIn", ...name, phoneCode: "22222" };
  assertRefused(() => ask(state.api, signing), 400, "PHONE_CODE_INVALID");
  const check = { _: "auth.checkPaidAuth", ...name, formId: 7n };
  assertEquals(ask(state.api, check)._, "auth.sentCodePaymentRequired");
  state.api.payForCode(PHONE, 7n);
  assertEquals(ask(state.api, { ...check, formId: 8n })._, "auth.sentCodePaymentRequired");
  const { phoneCodeHash } = ask(state.api, check);
  assertEquals(ask(state.api, { ...signing, phoneCodeHash })._, "auth.authorization");
  assertRefused(() => ask(state.api, { ...check, phoneNumber: "" }), 406, "PHONE_NUMBER_INVALID");
});

Deno.test("auth.signIn takes a code that went by email as such, and not as one of the phone", () => {
  const state = world({ loginEmail: EMAIL });
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

Deno.test("auth.resetLoginEmail resets it when its time has come, and lets nobody ask twice", () => {
  const state = world({ loginEmail: EMAIL }, { resetPeriod: 100 });
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

Deno.test("auth.resetLoginEmail sends a code to the phone at once when there is nothing to wait for", () => {
  const state = world({ loginEmail: EMAIL }, { resetPeriod: 0 });
  const answer = ask(state.api, { ...send(state).name, _: "auth.resetLoginEmail" });
  assertEquals((answer.type as TlObject)._, "auth.sentCodeTypeSms");
});

function purposeOf(name: TlObject): TlObject {
  return { ...name, _: "emailVerifyPurposeLoginSetup" };
}

Deno.test("account.sendVerifyEmailCode and verifyEmail set up the login email, to which the code goes then", () => {
  const state = world({ needsLoginEmail: true });
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

Deno.test("account.sendVerifyEmailCode refuses bad addresses, other purposes and old codes", () => {
  const state = world({ needsLoginEmail: true });
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

Deno.test("account.verifyEmail refuses a code that is too old, or was guessed too often", () => {
  for (const spoil of ["age", "guesses"]) {
    const state = world({ needsLoginEmail: true });
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

Deno.test("account.verifyEmail changes the login email of somebody who is signed in and has one", () => {
  const state = world({});
  const { api } = state;
  signIn(api);
  const purpose = { _: "emailVerifyPurposeLoginChange" };
  const sending = { _: "account.sendVerifyEmailCode", purpose, email: EMAIL };
  assertRefused(() => ask(api, sending), 400, "EMAIL_NOT_SETUP");
  const other = world({ loginEmail: "old@example.com" }).api;
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
