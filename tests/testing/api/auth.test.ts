// Signing in with a phone and a code on the offline Telegram: the good way, and every refusal.
// The refusals are those of https://core.telegram.org/method/auth.sendCode and its neighbours.

import type { TlObject } from "../../../src/tl/mod.ts";
import { assert, assertEquals, assertMatch, assertNotEquals } from "../../helpers/assert.ts";
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
} from "./fixture.ts";

function request(overrides: Partial<TlObject> = {}): TlObject {
  const settings = { _: "codeSettings" };
  return { _: "auth.sendCode", phoneNumber: PHONE, ...API, settings, ...overrides };
}

function signInRequest(phoneCodeHash: string, phoneCode?: string, phoneNumber = PHONE): TlObject {
  return { _: "auth.signIn", phoneNumber, phoneCodeHash, phoneCode };
}

Deno.test("auth.sendCode and other ways to sign in tell clients from before 64-bit ids to update", () => {
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

Deno.test("auth.sendCode says how the code went out and how long it is", () => {
  const { api } = fixture();
  const sent = ask(api, request());
  assertEquals(sent._, "auth.sentCode");
  assertEquals(sent.type, { _: "auth.sentCodeTypeSms", length: 5 });
  assertEquals(sent.nextType, { _: "auth.codeTypeCall" });
  assertMatch(sent.phoneCodeHash as string, /^[0-9a-f]{18}$/);
});

Deno.test("auth.sendCode sends the code to the app of somebody who is signed in elsewhere", () => {
  const { api } = fixture();
  signIn(api, PHONE, caller({ authKeyId: "b2" }));
  const sent = ask(api, request());
  assertEquals(sent.type, { _: "auth.sentCodeTypeApp", length: 5 });
  assertEquals(sent.nextType, { _: "auth.codeTypeSms" });
});

Deno.test("auth.sendCode takes a phone number with spaces, brackets and dashes", () => {
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

Deno.test("auth.sendCode sends somebody who lives on another data center there", () => {
  const { api } = fixture({ accounts: [{ phone: PHONE, dcId: 1 }] });
  assertRefused(() => ask(api, request()), 303, "PHONE_MIGRATE_1");
  assertEquals(ask(api, request(), caller({ dcId: 1 }))._, "auth.sentCode");
});

Deno.test("auth.sendCode refuses a banned number", () => {
  const { api } = fixture({ accounts: [{ phone: PHONE, banned: true }] });
  assertRefused(() => ask(api, request()), 400, "PHONE_NUMBER_BANNED");
});

Deno.test("auth.sendCode is not for bots", () => {
  const { api } = fixture();
  botSignIn(api);
  assertRefused(() => ask(api, request()), 400, "BOT_METHOD_INVALID");
});

Deno.test("auth.sendCode voids the code that the same key got for the same number before", () => {
  const { api } = fixture();
  const first = sendCode(api);
  const second = sendCode(api);
  assertNotEquals(first, second);
  assertRefused(() => ask(api, signInRequest(first, "22222")), 400, "PHONE_CODE_EXPIRED");
  assertEquals(ask(api, signInRequest(second, "22222"))._, "auth.authorization");
});

Deno.test("lastCode() tells a code that was handed out", () => {
  const codes = ["11111", "234567"];
  const { api } = fixture({ accounts: [{ phone: PHONE, code: () => codes.shift() ?? "" }] });
  assertEquals(api.lastCode(PHONE), undefined);
  assertEquals(ask(api, request()).type, { _: "auth.sentCodeTypeSms", length: 5 });
  assertEquals(api.lastCode(PHONE), "11111");
  assertEquals(ask(api, request()).type, { _: "auth.sentCodeTypeSms", length: 6 });
  assertEquals(api.lastCode("999 662 1111"), "234567");
});

Deno.test("a test number's code is its sixth digit five times, another number's is random", () => {
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

Deno.test("auth.signIn refuses a wrong code and takes the right one after it", () => {
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

Deno.test("auth.signIn refuses a code that is too old", () => {
  const world = fixture({ codeLifetime: 60 });
  const hash = sendCode(world.api);
  world.now += 60;
  assertRefused(() => ask(world.api, signInRequest(hash, "22222")), 400, "PHONE_CODE_EXPIRED");
});

Deno.test("auth.signIn refuses an unknown hash, and one of another key or number, as PHONE_CODE_EXPIRED", () => {
  const { api } = fixture();
  const hash = sendCode(api);
  const refused = (run: () => unknown) => assertRefused(run, 400, "PHONE_CODE_EXPIRED");
  refused(() => ask(api, signInRequest("00", "22222")));
  refused(() => ask(api, signInRequest(hash, "22222"), caller({ authKeyId: "b2" })));
  refused(() => ask(api, signInRequest(hash, "22222"), caller({ dcId: 1 })));
  refused(() => ask(api, signInRequest(hash, "22222", PHONE_2FA)));
});

Deno.test("auth.signIn takes a code once", () => {
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

Deno.test("auth.signIn asks somebody with a password for it, and again if asked again", () => {
  const { api } = fixture();
  const hash = sendCode(api, PHONE_2FA);
  const signingIn = () => ask(api, signInRequest(hash, "22222", PHONE_2FA));
  assertRefused(signingIn, 401, "SESSION_PASSWORD_NEEDED");
  assertRefused(signingIn, 401, "SESSION_PASSWORD_NEEDED");
});

Deno.test("a key that owes its password hears so from every method for those who are signed in", () => {
  const { api } = fixture();
  assertRefused(() => signIn(api, PHONE_2FA), 401, "SESSION_PASSWORD_NEEDED");
  const state = { _: "updates.getState" };
  assertRefused(() => ask(api, state), 401, "SESSION_PASSWORD_NEEDED");
  assertRefused(() => ask(api, state, caller({ authKeyId: "b2" })), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("auth.resendCode goes from SMS to a call, and then has no way left", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api);
  const resend = { _: "auth.resendCode", phoneNumber: PHONE, phoneCodeHash };
  const sent = ask(api, resend);
  assertEquals(sent.type, { _: "auth.sentCodeTypeCall", length: 5 });
  assertEquals(sent.nextType, undefined);
  assertEquals(sent.phoneCodeHash, phoneCodeHash);
  assertRefused(() => ask(api, resend), 406, "SEND_CODE_UNAVAILABLE");
});

Deno.test("auth.resendCode gives the code new time", () => {
  const world = fixture({ codeLifetime: 60 });
  const phoneCodeHash = sendCode(world.api);
  world.now += 40;
  ask(world.api, { _: "auth.resendCode", phoneNumber: PHONE, phoneCodeHash });
  world.now += 40;
  assertEquals(ask(world.api, signInRequest(phoneCodeHash, "22222"))._, "auth.authorization");
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

const NEWCOMER = "+9996644444";

Deno.test("auth.signIn with a number that nobody has asks to sign up, and auth.signUp does", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api, NEWCOMER);
  const answer = ask(api, signInRequest(phoneCodeHash, "44444", NEWCOMER));
  assertEquals(answer._, "auth.authorizationSignUpRequired");
  const names = { firstName: "Ada", lastName: "Lovelace" };
  const signUp = { _: "auth.signUp", phoneNumber: NEWCOMER, phoneCodeHash, ...names };
  const { user } = ask(api, signUp) as TlObject & { user: TlObject };
  assertEquals([user.firstName, user.lastName, user.phone], ["Ada", "Lovelace", "9996644444"]);
  assertEquals(ask(api, { _: "updates.getState" })._, "updates.state");
  assertEquals(signIn(api, NEWCOMER, caller({ authKeyId: "b2" }))._, "auth.authorization");
});

Deno.test("auth.signUp refuses somebody who has not entered the code", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api, NEWCOMER);
  const names = { firstName: "Ada", lastName: "" };
  const signUp = { _: "auth.signUp", phoneNumber: NEWCOMER, phoneCodeHash, ...names };
  assertRefused(() => ask(api, signUp), 400, "PHONE_CODE_INVALID");
  assertRefused(() => ask(api, { ...signUp, phoneCodeHash: "0" }), 400, "PHONE_CODE_EXPIRED");
});

Deno.test("auth.signUp refuses bad names and a number that is taken meanwhile", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api, NEWCOMER);
  ask(api, signInRequest(phoneCodeHash, "44444", NEWCOMER));
  const names = { firstName: "Ada", lastName: "" };
  const signUp = { _: "auth.signUp", phoneNumber: NEWCOMER, phoneCodeHash, ...names };
  assertRefused(() => ask(api, { ...signUp, firstName: " " }), 400, "FIRSTNAME_INVALID");
  assertRefused(() => ask(api, { ...signUp, firstName: "x".repeat(65) }), 400, "FIRSTNAME_INVALID");
  assertRefused(() => ask(api, { ...signUp, lastName: "x".repeat(65) }), 400, "LASTNAME_INVALID");
  assertRefused(() => ask(api, { ...signUp, phoneNumber: "x" }), 406, "PHONE_NUMBER_INVALID");
  api.addAccount({ phone: NEWCOMER });
  assertRefused(() => ask(api, signUp), 400, "PHONE_NUMBER_OCCUPIED");
});

Deno.test("auth.importBotAuthorization answers with the bot, whose id is in its token", () => {
  const { api } = fixture();
  const { user } = botSignIn(api) as TlObject & { user: TlObject };
  assertEquals([user._, user.id, user.bot, user.self, user.phone], [
    "user",
    777n,
    true,
    true,
    undefined,
  ]);
});

Deno.test("auth.importBotAuthorization refuses a token that is not one of its bots'", () => {
  const { api } = fixture();
  for (const token of ["", "777", "777:OTHER", "778:TESTTOKEN"]) {
    assertRefused(() => botSignIn(api, caller(), token), 400, "ACCESS_TOKEN_INVALID");
  }
});

Deno.test("auth.importBotAuthorization refuses a wrong api id or hash", () => {
  const { api } = fixture();
  const bot = { _: "auth.importBotAuthorization", flags: 0, ...API, botAuthToken: "777:TESTTOKEN" };
  assertRefused(() => ask(api, { ...bot, apiId: 1 }), 400, "API_ID_INVALID");
  assertRefused(() => ask(api, { ...bot, apiHash: "" }), 400, "API_ID_INVALID");
});

Deno.test("auth.importBotAuthorization sends a bot that lives on another data center there", () => {
  const { api } = fixture({ bots: [{ token: "5:x", dcId: 1 }] });
  assertRefused(() => botSignIn(api, caller(), "5:x"), 303, "USER_MIGRATE_1");
  assertEquals(botSignIn(api, caller({ dcId: 1 }), "5:x")._, "auth.authorization");
});

Deno.test("auth.logOut ends the authorization, and a second one finds none", () => {
  const { api } = fixture();
  signIn(api);
  assertEquals(ask(api, { _: "auth.logOut" })._, "auth.loggedOut");
  assertRefused(() => ask(api, { _: "updates.getState" }), 401, "AUTH_KEY_UNREGISTERED");
  assertRefused(() => ask(api, { _: "auth.logOut" }), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("an authorization hangs on the auth key: other sessions of it are signed in, other keys are not", () => {
  const { api } = fixture();
  signIn(api);
  const state = { _: "updates.getState" };
  assertEquals(ask(api, state, caller({ sessionId: 2n }))._, "updates.state");
  const refused = (by: ReturnType<typeof caller>) =>
    assertRefused(() => ask(api, state, by), 401, "AUTH_KEY_UNREGISTERED");
  refused(caller({ authKeyId: "b2" }));
  refused(caller({ dcId: 1 }));
});

Deno.test("authorizations() lists an account's devices", () => {
  const world = fixture();
  signIn(world.api);
  world.now += 10;
  signIn(world.api, PHONE, caller({ authKeyId: "b2" }));
  const devices = world.api.authorizations(PHONE);
  assertEquals(devices.map((device) => device.authKeyId), ["a1", "b2"]);
  assertEquals(devices[1].created - devices[0].created, 10);
  assertEquals(devices.map((device) => device.apiId), [12345, 12345]);
  assert(devices[0].hash !== devices[1].hash);
  assertEquals(world.api.authorizations("+100000000"), []);
});

Deno.test("forgetAuthKey() signs a key out, as when it is destroyed", () => {
  const { api } = fixture();
  signIn(api);
  api.forgetAuthKey(2, "a1");
  assertRefused(() => ask(api, { _: "updates.getState" }), 401, "AUTH_KEY_UNREGISTERED");
  assertEquals(api.authorizations(PHONE), []);
});

function transfer(api: ReturnType<typeof fixture>["api"]): TlObject {
  const exported = ask(api, { _: "auth.exportAuthorization", dcId: 1 });
  return { _: "auth.importAuthorization", id: exported.id, bytes: exported.bytes };
}

const ELSEWHERE = caller({ dcId: 1, authKeyId: "c3" });

Deno.test("auth.exportAuthorization and importAuthorization sign a key of another data center in", () => {
  const { api } = fixture();
  signIn(api);
  const answer = ask(api, transfer(api), ELSEWHERE);
  assertEquals(answer._, "auth.authorization");
  const users = api.handle({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] }, ELSEWHERE);
  assertEquals((users as TlObject[])[0].phone, "9996621111");
  assertEquals(api.authorizations(PHONE).length, 1);
});

Deno.test("auth.logOut ends an authorization on all data centers", () => {
  const { api } = fixture();
  signIn(api);
  ask(api, transfer(api), ELSEWHERE);
  ask(api, { _: "auth.logOut" });
  const self = { _: "users.getUsers", id: [] };
  assertRefused(() => api.handle(self, ELSEWHERE), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("auth.exportAuthorization refuses one's own data center and those that do not exist", () => {
  const { api } = fixture();
  signIn(api);
  for (const dcId of [2, 0, 9]) {
    const request = { _: "auth.exportAuthorization", dcId };
    assertRefused(() => ask(api, request), 400, "DC_ID_INVALID");
  }
});

Deno.test("auth.exportAuthorization needs somebody who is signed in", () => {
  const { api } = fixture();
  const request = { _: "auth.exportAuthorization", dcId: 1 };
  assertRefused(() => ask(api, request), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("auth.importAuthorization takes bytes once, soon, on the right data center and for the right user", () => {
  const world = fixture();
  const { api } = world;
  signIn(api);
  const refused = (request: TlObject, by = ELSEWHERE, text = "AUTH_BYTES_INVALID") =>
    assertRefused(() => ask(api, request, by), 400, text);
  const good = transfer(api);
  refused({ ...good, id: 777n }, ELSEWHERE, "USER_ID_INVALID");
  refused({ ...good, bytes: new Uint8Array(128) });
  refused(good, caller({ authKeyId: "d4" }));
  ask(api, good, ELSEWHERE);
  refused(good);
  const late = transfer(api);
  world.now += 60;
  refused(late);
  const signedOut = transfer(api);
  ask(api, { _: "auth.logOut" });
  refused(signedOut);
});

Deno.test("a sign-in tells to set a 2FA password, and how many sessions may be open", () => {
  const { api } = fixture({
    accounts: [{ phone: PHONE, code: "22222", otherwiseReloginDays: 7, tmpSessions: 3 }],
  });
  const { setupPasswordRequired, otherwiseReloginDays, tmpSessions } = signIn(api, PHONE);
  assertEquals([setupPasswordRequired, otherwiseReloginDays, tmpSessions], [true, 7, 3]);
});
