/**
 * The configuration that the offline Telegram returns: https://core.telegram.org/api/config
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assert, assertEquals } from "../../../helpers/assert.ts";
import { ask, assertRefused, botSignIn, caller, fixture, signIn, START } from "../fixture.ts";

Deno.test("help.getConfig names the called data center and lists all", () => {
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

Deno.test("help.getNearestDc names the called data center", () => {
  const { api } = fixture();
  const { thisDc, nearestDc } = ask(api, { _: "help.getNearestDc" }, caller({ dcId: 1 }));
  assertEquals([thisDc, nearestDc], [1, 1]);
});

Deno.test("help.getAppConfig answers a known hash with appConfigNotModified", () => {
  const { api } = fixture();
  const { _, hash } = ask(api, { _: "help.getAppConfig", hash: 0 });
  assertEquals(_, "help.appConfig");
  assertEquals(ask(api, { _: "help.getAppConfig", hash })._, "help.appConfigNotModified");
});

Deno.test("help.getCdnConfig lists no keys", () => {
  const { api } = fixture();
  assertEquals(ask(api, { _: "help.getCdnConfig" }).publicKeys, []);
});

for (const method of ["help.getPromoData", "help.getTermsOfServiceUpdate"]) {
  Deno.test(`${method} answers signed-in users with an empty object that expires later`, () => {
    const { api } = fixture();
    assertRefused(() => ask(api, { _: method }), 401, "AUTH_KEY_UNREGISTERED");
    signIn(api);
    assert(ask(api, { _: method }).expires as number > START);
    botSignIn(api);
    assertRefused(() => ask(api, { _: method }), 400, "BOT_METHOD_INVALID");
  });
}
