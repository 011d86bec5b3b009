/**
 * Finding users on the offline Telegram, and the list of contacts:
 * https://core.telegram.org/method/contacts.resolveUsername
 */
import { assertEquals } from "../../../helpers/assert.ts";
import { ACCOUNTS } from "../conversations.ts";
import { ask, assertRefused, fixture, PHONE, signIn } from "../fixture.ts";

Deno.test("contacts.getContacts returns an empty list", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  const answer = ask(api, { _: "contacts.getContacts", hash: 0n });
  assertEquals(answer, { _: "contacts.contacts", contacts: [], savedCount: 0, users: [] });
});

Deno.test("contacts.resolveUsername finds people and bots, in upper and lower case", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  const find = (username: string) => ask(api, { _: "contacts.resolveUsername", username });
  assertEquals(find("CHARLES_b").peer, { _: "peerUser", userId: 22n });
  assertEquals(find("test_777_bot").peer, { _: "peerUser", userId: 777n });
  assertRefused(() => find("nobody_here"), 400, "USERNAME_NOT_OCCUPIED");
  for (const username of ["", "abc", "1abcd", "a b c d", "x".repeat(33)]) {
    assertRefused(() => find(username), 400, "USERNAME_INVALID");
  }
});
