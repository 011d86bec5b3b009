/**
 * OfflineApi: what holds for every method, and what a test can order.
 */
import { unknownMethod } from "../../../src/testing/api/mod.ts";
import { assert, assertEquals, assertThrows } from "../../helpers/assert.ts";
import {
  ask,
  assertRefused,
  botSignIn,
  caller,
  fixture,
  PHONE,
  PHONE_2FA,
  signIn,
} from "./fixture.ts";

Deno.test("every method for signed-in accounts asks a key for a missing password", () => {
  const { api } = fixture();
  assertRefused(() => signIn(api, PHONE_2FA), 401, "SESSION_PASSWORD_NEEDED");
  const state = { _: "updates.getState" };
  assertRefused(() => ask(api, state), 401, "SESSION_PASSWORD_NEEDED");
  assertRefused(() => ask(api, state, caller({ authKeyId: "b2" })), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("an authorization belongs to all sessions of its auth key, and to no other key", () => {
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
  const state = fixture();
  signIn(state.api);
  state.now += 10;
  signIn(state.api, PHONE, caller({ authKeyId: "b2" }));
  const devices = state.api.authorizations(PHONE);
  assertEquals(devices.map((device) => device.authKeyId), ["a1", "b2"]);
  assertEquals(devices[1].created - devices[0].created, 10);
  assertEquals(devices.map((device) => device.apiId), [12345, 12345]);
  assert(devices[0].hash !== devices[1].hash);
  assertEquals(state.api.authorizations("+100000000"), []);
});

Deno.test("forgetAuthKey() signs a key out", () => {
  const { api } = fixture();
  signIn(api);
  api.forgetAuthKey(2, "a1");
  assertRefused(() => ask(api, { _: "updates.getState" }), 401, "AUTH_KEY_UNREGISTERED");
  assertEquals(api.authorizations(PHONE), []);
});

for (
  const method of [
    "account.updateStatus",
    "auth.exportAuthorization",
    "auth.logOut",
    "contacts.resolveUsername",
    "messages.getDialogs",
    "messages.getPeerDialogs",
    "messages.getPinnedDialogs",
    "messages.getHistory",
    "messages.sendMessage",
    "updates.getDifference",
    "updates.getState",
    "users.getFullUser",
    "users.getUsers",
  ]
) {
  Deno.test(`${method} refuses a key that is signed out`, () => {
    const { api } = fixture();
    assertRefused(() => ask(api, { _: method }), 401, "AUTH_KEY_UNREGISTERED");
  });
}

for (
  const method of [
    "account.updateStatus",
    "auth.resendCode",
    "auth.signIn",
    "help.getAppConfig",
    "help.getNearestDc",
    "messages.getDialogs",
    "messages.getPeerDialogs",
    "messages.getPinnedDialogs",
    "messages.getHistory",
  ]
) {
  Deno.test(`${method} refuses bots`, () => {
    const { api } = fixture();
    botSignIn(api);
    assertRefused(() => ask(api, { _: method }), 400, "BOT_METHOD_INVALID");
  });
}

for (
  const method of ["payments.getStarsStatus", "langpack.getLanguages", "toString", "constructor"]
) {
  Deno.test(`handle() refuses the unknown method ${method} as METHOD_INVALID`, () => {
    const { api } = fixture();
    assertRefused(() => ask(api, { _: method }), 400, "METHOD_INVALID");
  });
}

Deno.test("unknownMethod() names the unreadable id, unsigned", () => {
  const { code, errorMessage } = unknownMethod(0x875f74be | 0);
  assertEquals([code, errorMessage], [400, "INPUT_METHOD_INVALID_2271179966_0"]);
});

Deno.test("failNext() refuses only the next call of a method", () => {
  const { api } = fixture();
  api.failNext("help.getConfig", { code: 420, message: "FLOOD_WAIT_30" });
  assertEquals(ask(api, { _: "help.getNearestDc" })._, "nearestDc");
  assertRefused(() => ask(api, { _: "help.getConfig" }), 420, "FLOOD_WAIT_30");
  assertEquals(ask(api, { _: "help.getConfig" })._, "config");
});

Deno.test("failNext() refuses the ordered number of calls, one order after the other", () => {
  const { api } = fixture();
  api.failNext("help.getConfig", { code: 500, message: "AUTH_RESTART", times: 2 });
  api.failNext("help.getConfig", { code: 406, message: "PHONE_PASSWORD_FLOOD" });
  assertRefused(() => ask(api, { _: "help.getConfig" }), 500, "AUTH_RESTART");
  assertRefused(() => ask(api, { _: "help.getConfig" }), 500, "AUTH_RESTART");
  assertRefused(() => ask(api, { _: "help.getConfig" }), 406, "PHONE_PASSWORD_FLOOD");
  assertEquals(ask(api, { _: "help.getConfig" })._, "config");
});

Deno.test("OfflineApi refuses bad numbers and tokens, and numbers and ids that are in use", () => {
  const refused = (options: Parameters<typeof fixture>[0], text: string) =>
    assertThrows(() => fixture(options), TypeError, text);
  refused({ accounts: [{ phone: "x" }] }, "its phone number is invalid");
  refused(
    { accounts: [{ phone: "+1234567" }, { phone: "1234567" }] },
    "its phone number is in use",
  );
  refused({ accounts: [{ phone: "+1234567", id: 777 }] }, "Choose another id");
  refused({ bots: [{ token: "secret" }] }, "expected digits, a colon and a secret");
});
