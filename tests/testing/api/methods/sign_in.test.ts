/**
 * Signing in with a phone number and a code on the offline Telegram: success, and every refusal of
 * https://core.telegram.org/method/auth.sendCode and its neighbours.
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assert, assertEquals, assertMatch, assertNotEquals } from "../../../helpers/assert.ts";
import { signInRequest } from "../codes.ts";
import {
  API,
  ask,
  assertRefused,
  botSignIn,
  caller,
  fixture,
  PHONE,
  PHONE_2FA,
  sendCode,
  signIn,
  TOKEN,
} from "../fixture.ts";

function request(overrides: Partial<TlObject> = {}): TlObject {
  const settings = { _: "codeSettings" };
  return { _: "auth.sendCode", phoneNumber: PHONE, ...API, settings, ...overrides };
}

Deno.test("auth.sendCode and other sign-ins ask clients older than 64-bit ids to update", () => {
  for (
    const one of [
      request(),
      { _: "auth.importBotAuthorization", flags: 0, ...API, botAuthToken: TOKEN },
      { _: "auth.exportLoginToken", ...API, exceptIds: [] },
    ]
  ) {
    const { api } = fixture();
    assertRefused(() => ask(api, one, caller({ layer: 132 })), 406, "UPDATE_APP_TO_LOGIN");
    assert(ask(api, one, caller({ layer: 133 })));
  }
});

Deno.test("auth.sendCode names the delivery and the length of the code", () => {
  const { api } = fixture();
  const sent = ask(api, request());
  assertEquals(sent._, "auth.sentCode");
  assertEquals(sent.type, { _: "auth.sentCodeTypeSms", length: 5 });
  assertEquals(sent.nextType, { _: "auth.codeTypeCall" });
  assertMatch(sent.phoneCodeHash as string, /^[0-9a-f]{18}$/);
});

Deno.test("auth.sendCode sends the code to the app if the account is signed in elsewhere", () => {
  const { api } = fixture();
  signIn(api, PHONE, caller({ authKeyId: "b2" }));
  const sent = ask(api, request());
  assertEquals(sent.type, { _: "auth.sentCodeTypeApp", length: 5 });
  assertEquals(sent.nextType, { _: "auth.codeTypeSms" });
});

Deno.test("auth.sendCode accepts a phone number with spaces, brackets and dashes", () => {
  const { api } = fixture();
  for (const phoneNumber of ["9996621111", "+999 662-11-11", "+999 (66) 2.1111"]) {
    const { phoneCodeHash } = ask(api, request({ phoneNumber }));
    const answer = ask(api, signInRequest(phoneCodeHash as string, "22222", phoneNumber));
    assertEquals(answer._, "auth.authorization");
  }
});

for (const wrong of [{ apiId: 1 }, { apiHash: "0".repeat(32) }, { apiHash: "" }]) {
  Deno.test(`auth.sendCode refuses ${JSON.stringify(wrong)} as API_ID_INVALID`, () => {
    const { api } = fixture();
    assertRefused(() => ask(api, request(wrong)), 400, "API_ID_INVALID");
  });
}

for (
  const phoneNumber of ["", "+", "12345", "+99966211112222333", "me@example.com", "0123456789"]
) {
  Deno.test(`auth.sendCode refuses "${phoneNumber}" as PHONE_NUMBER_INVALID`, () => {
    const { api } = fixture();
    assertRefused(() => ask(api, request({ phoneNumber })), 406, "PHONE_NUMBER_INVALID");
  });
}

Deno.test("auth.sendCode names the data center of an account that is on another one", () => {
  const { api } = fixture({ accounts: [{ phone: PHONE, dcId: 1 }] });
  assertRefused(() => ask(api, request()), 303, "PHONE_MIGRATE_1");
  assertEquals(ask(api, request(), caller({ dcId: 1 }))._, "auth.sentCode");
});

Deno.test("auth.sendCode refuses a banned number", () => {
  const { api } = fixture({ accounts: [{ phone: PHONE, banned: true }] });
  assertRefused(() => ask(api, request()), 400, "PHONE_NUMBER_BANNED");
});

Deno.test("auth.sendCode refuses bots", () => {
  const { api } = fixture();
  botSignIn(api);
  assertRefused(() => ask(api, request()), 400, "BOT_METHOD_INVALID");
});

Deno.test("auth.sendCode voids the previous code of the same key and number", () => {
  const { api } = fixture();
  const first = sendCode(api);
  const second = sendCode(api);
  assertNotEquals(first, second);
  assertRefused(() => ask(api, signInRequest(first, "22222")), 400, "PHONE_CODE_EXPIRED");
  assertEquals(ask(api, signInRequest(second, "22222"))._, "auth.authorization");
});

Deno.test("lastCode() returns the last code of a number", () => {
  const codes = ["11111", "234567"];
  const { api } = fixture({ accounts: [{ phone: PHONE, code: () => codes.shift() ?? "" }] });
  assertEquals(api.lastCode(PHONE), undefined);
  assertEquals(ask(api, request()).type, { _: "auth.sentCodeTypeSms", length: 5 });
  assertEquals(api.lastCode(PHONE), "11111");
  assertEquals(ask(api, request()).type, { _: "auth.sentCodeTypeSms", length: 6 });
  assertEquals(api.lastCode("999 662 1111"), "234567");
});

Deno.test("the code of a test number is its sixth digit five times, other codes are random", () => {
  const { api } = fixture({ accounts: [] });
  sendCode(api, "+9996631234");
  assertEquals(api.lastCode("+9996631234"), "33333");
  sendCode(api, "+442071234567");
  assertMatch(api.lastCode("+442071234567") ?? "", /^[0-9]{5}$/);
});

Deno.test("auth.signIn with the right code answers with the user", () => {
  const { api } = fixture();
  const answer = signIn(api);
  assertEquals(answer._, "auth.authorization");
  const user = answer.user as TlObject;
  assertEquals([user._, user.self, user.phone], ["user", true, "9996621111"]);
  assertEquals(ask(api, { _: "updates.getState" })._, "updates.state");
});

Deno.test("auth.signIn refuses a missing code as PHONE_CODE_EMPTY", () => {
  const { api } = fixture();
  const hash = sendCode(api);
  assertRefused(() => ask(api, signInRequest(hash)), 400, "PHONE_CODE_EMPTY");
  assertRefused(() => ask(api, signInRequest(hash, "")), 400, "PHONE_CODE_EMPTY");
});

Deno.test("auth.signIn refuses a wrong code, and accepts the right one after it", () => {
  const { api } = fixture();
  const hash = sendCode(api);
  assertRefused(() => ask(api, signInRequest(hash, "11111")), 400, "PHONE_CODE_INVALID");
  assertEquals(ask(api, signInRequest(hash, "22222"))._, "auth.authorization");
});

Deno.test("auth.signIn refuses even the right code after five wrong ones", () => {
  const { api } = fixture();
  const hash = sendCode(api);
  for (let i = 0; i < 5; i++) {
    assertRefused(() => ask(api, signInRequest(hash, "1")), 400, "PHONE_CODE_INVALID");
  }
  assertRefused(() => ask(api, signInRequest(hash, "22222")), 400, "PHONE_CODE_EXPIRED");
});

Deno.test("auth.signIn refuses an expired code", () => {
  const state = fixture({ codeLifetime: 60 });
  const hash = sendCode(state.api);
  state.now += 60;
  assertRefused(() => ask(state.api, signInRequest(hash, "22222")), 400, "PHONE_CODE_EXPIRED");
});

Deno.test("auth.signIn refuses a hash that is unknown, or of another key or number", () => {
  const { api } = fixture();
  const hash = sendCode(api);
  const refused = (run: () => unknown) => assertRefused(run, 400, "PHONE_CODE_EXPIRED");
  refused(() => ask(api, signInRequest("00", "22222")));
  refused(() => ask(api, signInRequest(hash, "22222"), caller({ authKeyId: "b2" })));
  refused(() => ask(api, signInRequest(hash, "22222"), caller({ dcId: 1 })));
  refused(() => ask(api, signInRequest(hash, "22222", PHONE_2FA)));
});

Deno.test("auth.signIn accepts a code once", () => {
  const { api } = fixture();
  const hash = sendCode(api);
  ask(api, signInRequest(hash, "22222"));
  assertRefused(() => ask(api, signInRequest(hash, "22222")), 400, "PHONE_CODE_EXPIRED");
});

Deno.test("auth.signIn refuses a malformed number", () => {
  const { api } = fixture();
  const bad = signInRequest(sendCode(api), "22222", "x");
  assertRefused(() => ask(api, bad), 406, "PHONE_NUMBER_INVALID");
});

Deno.test("auth.signIn asks for the password, and asks again when it is repeated", () => {
  const { api } = fixture();
  const hash = sendCode(api, PHONE_2FA);
  const signingIn = () => ask(api, signInRequest(hash, "22222", PHONE_2FA));
  assertRefused(signingIn, 401, "SESSION_PASSWORD_NEEDED");
  assertRefused(signingIn, 401, "SESSION_PASSWORD_NEEDED");
});

Deno.test("auth.signIn can ask for a 2FA password, and name the number of open sessions", () => {
  const { api } = fixture({
    accounts: [{ phone: PHONE, code: "22222", otherwiseReloginDays: 7, tmpSessions: 3 }],
  });
  const { setupPasswordRequired, otherwiseReloginDays, tmpSessions } = signIn(api, PHONE);
  assertEquals([setupPasswordRequired, otherwiseReloginDays, tmpSessions], [true, 7, 3]);
});
