/** The usernames of people on the offline Telegram. */
import { assertEquals } from "../../../helpers/assert.ts";
import { ACCOUNTS } from "../conversations.ts";
import { ask, assertRefused, fixture, signIn } from "../fixture.ts";

Deno.test("account.updateUsername takes a free name, and gives up the old one", () => {
  const { api } = fixture(ACCOUNTS);
  const pushed: unknown[] = [];
  signIn(api);
  api.onUpdates = (_, updates) => void pushed.push(updates);
  const update = (username: string) => ask(api, { _: "account.updateUsername", username });
  const isFree = (username: string) =>
    ask(api, { _: "account.checkUsername", username }) as unknown as boolean;
  assertEquals([isFree("countess"), isFree("Charles_B")], [true, false]);
  assertEquals(update("countess").username, "countess");
  assertEquals(isFree("COUNTESS"), false);
  assertRefused(() => update("countess"), 400, "USERNAME_NOT_MODIFIED");
  assertRefused(() => update("CHARLES_b"), 400, "USERNAME_OCCUPIED");
  assertRefused(() => update("test_777_bot"), 400, "USERNAME_OCCUPIED");
  for (const username of ["abc", "1abcd", "a b c d", "x".repeat(33)]) {
    assertRefused(() => update(username), 400, "USERNAME_INVALID");
    assertRefused(() => isFree(username), 400, "USERNAME_INVALID");
  }
  update("Countess"); // only the case
  assertEquals(update("").username, undefined);
  assertEquals(isFree("countess"), true);
  assertEquals(pushed.length, 3);
});
