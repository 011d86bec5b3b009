// What the offline Telegram says of itself, and the rules that hold for every method.

import { unknownMethod } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../../helpers/assert.ts";
import { ask, assertRefused, botSignIn, caller, fixture, signIn, START } from "./fixture.ts";

Deno.test("help.getConfig names the data center that was asked and all there are", () => {
  const { api } = fixture();
  const config = ask(api, { _: "help.getConfig" }, caller({ dcId: 1 }));
  assertEquals([config.thisDc, config.testMode, config.date], [1, false, START]);
  assert(config.expires as number > START);
  const dcs = (config.dcOptions as TlObject[]).map((
    { id, ipAddress, port },
  ) => [id, ipAddress, port]);
  assertEquals(dcs, [[1, "127.0.0.1", 4431], [2, "127.0.0.1", 4432]]);
});

Deno.test("help.getConfig follows setDcAddress(), and marks IPv6", () => {
  const { api } = fixture({ testMode: true });
  api.setDcAddress(2, "::1", 5000);
  const config = ask(api, { _: "help.getConfig" });
  assertEquals(config.testMode, true);
  const [, second] = config.dcOptions as TlObject[];
  assertEquals([second.ipv6, second.ipAddress, second.port], [true, "::1", 5000]);
});

Deno.test("help.getNearestDc names the data center that was asked", () => {
  const { api } = fixture();
  const { thisDc, nearestDc } = ask(api, { _: "help.getNearestDc" }, caller({ dcId: 1 }));
  assertEquals([thisDc, nearestDc], [1, 1]);
});

Deno.test("help.getAppConfig says that nothing changed to whom it has answered before", () => {
  const { api } = fixture();
  const { _, hash } = ask(api, { _: "help.getAppConfig", hash: 0 });
  assertEquals(_, "help.appConfig");
  assertEquals(ask(api, { _: "help.getAppConfig", hash })._, "help.appConfigNotModified");
});

Deno.test("help.getCdnConfig has no keys", () => {
  const { api } = fixture();
  assertEquals(ask(api, { _: "help.getCdnConfig" }).publicKeys, []);
});

for (const method of ["help.getPromoData", "help.getTermsOfServiceUpdate"]) {
  Deno.test(`${method} has nothing until a time to come, for users who are signed in`, () => {
    const { api } = fixture();
    assertRefused(() => ask(api, { _: method }), 401, "AUTH_KEY_UNREGISTERED");
    signIn(api);
    assert(ask(api, { _: method }).expires as number > START);
    botSignIn(api);
    assertRefused(() => ask(api, { _: method }), 400, "BOT_METHOD_INVALID");
  });
}

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
  Deno.test(`${method} refuses those who are not signed in`, () => {
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
  Deno.test(`handle() refuses ${method}, which is not there, as METHOD_INVALID`, () => {
    const { api } = fixture();
    assertRefused(() => ask(api, { _: method }), 400, "METHOD_INVALID");
  });
}

Deno.test("unknownMethod() names the id that could not be read, unsigned", () => {
  const { code, errorMessage } = unknownMethod(0x875f74be | 0);
  assertEquals([code, errorMessage], [400, "INPUT_METHOD_INVALID_2271179966_0"]);
});

Deno.test("failNext() refuses the next call of a method only", () => {
  const { api } = fixture();
  api.failNext("help.getConfig", { code: 420, message: "FLOOD_WAIT_30" });
  assertEquals(ask(api, { _: "help.getNearestDc" })._, "nearestDc");
  assertRefused(() => ask(api, { _: "help.getConfig" }), 420, "FLOOD_WAIT_30");
  assertEquals(ask(api, { _: "help.getConfig" })._, "config");
});

Deno.test("failNext() refuses as many calls as it is told to, one order after the other", () => {
  const { api } = fixture();
  api.failNext("help.getConfig", { code: 500, message: "AUTH_RESTART", times: 2 });
  api.failNext("help.getConfig", { code: 406, message: "PHONE_PASSWORD_FLOOD" });
  assertRefused(() => ask(api, { _: "help.getConfig" }), 500, "AUTH_RESTART");
  assertRefused(() => ask(api, { _: "help.getConfig" }), 500, "AUTH_RESTART");
  assertRefused(() => ask(api, { _: "help.getConfig" }), 406, "PHONE_PASSWORD_FLOOD");
  assertEquals(ask(api, { _: "help.getConfig" })._, "config");
});

Deno.test("OfflineApi refuses accounts that cannot be: a bad number, a number or an id twice, a bad token", () => {
  const refused = (options: Parameters<typeof fixture>[0], text: string) =>
    assertThrows(() => fixture(options), TypeError, text);
  refused({ accounts: [{ phone: "x" }] }, "not a phone number");
  refused({ accounts: [{ phone: "+1234567" }, { phone: "1234567" }] }, "it exists");
  refused({ accounts: [{ phone: "+1234567", id: 777 }] }, "another id");
  refused({ bots: [{ token: "secret" }] }, "expected digits, a colon and a secret");
});
