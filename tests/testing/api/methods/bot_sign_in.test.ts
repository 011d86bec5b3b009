/**
 * Signing in as a bot on the offline Telegram:
 * https://core.telegram.org/method/auth.importBotAuthorization
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { API, ask, assertRefused, botSignIn, caller, fixture } from "../fixture.ts";

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

Deno.test("auth.importBotAuthorization refuses an unknown token", () => {
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

Deno.test("auth.importBotAuthorization names the data center of a bot elsewhere", () => {
  const { api } = fixture({ bots: [{ token: "5:x", dcId: 1 }] });
  assertRefused(() => botSignIn(api, caller(), "5:x"), 303, "USER_MIGRATE_1");
  assertEquals(botSignIn(api, caller({ dcId: 1 }), "5:x")._, "auth.authorization");
});
