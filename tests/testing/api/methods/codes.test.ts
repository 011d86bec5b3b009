/**
 * Pending codes on the offline Telegram: their deliveries, their repetition and their price, with
 * the refusals of each method's page: https://core.telegram.org/api/auth
 */
import type { Delivery } from "../../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { offline, SEND, send, signInRequest } from "../codes.ts";
import { ask, assertRefused, caller, fixture, PHONE, sendCode } from "../fixture.ts";

const DELIVERIES: [delivery: Delivery, type: TlObject][] = [
  ["app", { _: "auth.sentCodeTypeApp", length: 5 }],
  ["sms", { _: "auth.sentCodeTypeSms", length: 5 }],
  ["call", { _: "auth.sentCodeTypeCall", length: 5 }],
  ["flashCall", { _: "auth.sentCodeTypeFlashCall", pattern: "22*" }],
  ["missedCall", { _: "auth.sentCodeTypeMissedCall", prefix: "888", length: 5 }],
  ["fragment", { _: "auth.sentCodeTypeFragmentSms", url: "https://fragment.com/login", length: 5 }],
  ["smsWord", { _: "auth.sentCodeTypeSmsWord", beginning: "2" }],
  ["smsPhrase", { _: "auth.sentCodeTypeSmsPhrase", beginning: "22222" }],
];

for (const [delivery, type] of DELIVERIES) {
  Deno.test(`auth.sendCode sends a code by ${delivery}, and auth.signIn accepts it`, () => {
    const state = offline({ codeWays: [delivery] });
    const { name, sent, type: told } = send(state);
    assertEquals(told, type);
    assertEquals(sent.nextType, undefined);
    const answer = ask(state.api, { ...name, _: "auth.signIn", phoneCode: "22222" });
    assertEquals(answer._, "auth.authorization");
  });
}

Deno.test("auth.resendCode uses the deliveries in order, and names the next one", () => {
  const state = offline({ codeWays: ["app", "flashCall", "missedCall", "fragment"] });
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

Deno.test("auth.reportMissingCode accepts only the name of a pending code", () => {
  const state = offline({});
  const { name } = send(state);
  const report = { ...name, _: "auth.reportMissingCode", mnc: "01" };
  assertEquals(state.api.handle(report, caller()), true);
  const ghost = { ...report, phoneCodeHash: "00" };
  assertRefused(() => ask(state.api, ghost), 400, "PHONE_CODE_EXPIRED");
  assertRefused(() => ask(state.api, { ...report, phoneNumber: "" }), 406, "PHONE_NUMBER_INVALID");
});

Deno.test("auth.checkPaidAuth sends the code after payment, with the paid form only", () => {
  const state = offline({ codePrice: { currency: "EUR", amount: 150n } });
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

Deno.test("auth.resendCode uses a call after SMS, and then has no delivery left", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api);
  const resend = { _: "auth.resendCode", phoneNumber: PHONE, phoneCodeHash };
  const sent = ask(api, resend);
  assertEquals(sent.type, { _: "auth.sentCodeTypeCall", length: 5 });
  assertEquals(sent.nextType, undefined);
  assertEquals(sent.phoneCodeHash, phoneCodeHash);
  assertRefused(() => ask(api, resend), 406, "SEND_CODE_UNAVAILABLE");
});

Deno.test("auth.resendCode renews the lifetime of the code", () => {
  const state = fixture({ codeLifetime: 60 });
  const phoneCodeHash = sendCode(state.api);
  state.now += 40;
  ask(state.api, { _: "auth.resendCode", phoneNumber: PHONE, phoneCodeHash });
  state.now += 40;
  assertEquals(ask(state.api, signInRequest(phoneCodeHash, "22222"))._, "auth.authorization");
});

Deno.test("auth.resendCode refuses an empty hash, an unknown one and a malformed number", () => {
  const { api } = fixture();
  const resend = { _: "auth.resendCode", phoneNumber: PHONE, phoneCodeHash: "" };
  assertRefused(() => ask(api, resend), 400, "PHONE_CODE_HASH_EMPTY");
  assertRefused(() => ask(api, { ...resend, phoneCodeHash: "0" }), 400, "PHONE_CODE_EXPIRED");
  assertRefused(() => ask(api, { ...resend, phoneNumber: "" }), 406, "PHONE_NUMBER_INVALID");
});

Deno.test("auth.cancelCode voids a code", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api);
  const cancel = { _: "auth.cancelCode", phoneNumber: PHONE, phoneCodeHash };
  assertEquals(api.handle(cancel, caller()), true);
  assertRefused(() => ask(api, signInRequest(phoneCodeHash, "22222")), 400, "PHONE_CODE_EXPIRED");
  assertRefused(() => ask(api, cancel), 400, "PHONE_CODE_EXPIRED");
  assertRefused(() => ask(api, { ...cancel, phoneNumber: "" }), 406, "PHONE_NUMBER_INVALID");
});
