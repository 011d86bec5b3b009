/**
 * Users on the offline Telegram: https://core.telegram.org/constructor/user
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assert, assertEquals, assertNotEquals } from "../../../helpers/assert.ts";
import { ACCOUNTS, OTHER, peerOf, SELF } from "../conversations.ts";
import { ask, assertRefused, botSignIn, caller, fixture, PHONE, signIn } from "../fixture.ts";

Deno.test("an InputPeer is accepted as InputUser, and no other object", () => {
  let randomId = 0n;
  const { api } = fixture();
  signIn(api, PHONE);
  const [me] = ask(api, { _: "users.getFullUser", id: SELF }).users as TlObject[];
  const peer = { _: "inputPeerUser", userId: me.id, accessHash: me.accessHash };
  assertEquals(api.handle({ _: "users.getUsers", id: [peer] }, caller()), [me]);
  const schema = api.requestSchema();
  for (const id of [SELF, peer, { _: "inputUserSelf" }]) {
    const request = { _: "users.getFullUser", id };
    assertEquals(schema.decode(schema.encode(request)), request);
    const entity = { _: "inputMessageEntityMentionName", offset: 0, length: 1, userId: id };
    assertEquals(schema.decode(schema.encode(entity)), entity);
    const message = { _: "messages.sendMessage", peer: SELF, message: "x", entities: [entity] };
    const { updates } = ask(api, { ...message, randomId: ++randomId });
    const sent = (updates as TlObject[]).at(-1)?.message as TlObject;
    assertEquals((sent.entities as TlObject[])[0].userId, me.id);
  }
  for (const id of [{ _: "peerUser", userId: 1n }, null, true, []]) {
    assertRefused(() => ask(api, { _: "users.getFullUser", id }), 400, "INPUT_FETCH_ERROR");
  }
});

Deno.test("account.getNotifySettings returns empty settings", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  const answer = ask(api, { _: "account.getNotifySettings", peer: { _: "inputNotifyUsers" } });
  assertEquals(answer, { _: "peerNotifySettings" });
});

Deno.test("users.getUsers returns oneself, others, and userEmpty for unknown users", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  const { userId, accessHash } = peerOf(api, "charles_b");
  const id = [
    { _: "inputUserSelf" },
    { _: "inputUser", userId, accessHash },
    { _: "inputUser", userId, accessHash: 1n },
    { _: "inputUser", userId: 99n, accessHash: 0n },
    { _: "inputUserEmpty" },
  ];
  const users = api.handle({ _: "users.getUsers", id }, caller()) as TlObject[];
  assertEquals(users.map((user) => [user._, user.id, user.phone]), [
    ["user", 11n, "9996621111"],
    ["user", 22n, undefined],
    ["userEmpty", 22n, undefined],
    ["userEmpty", 99n, undefined],
    ["userEmpty", 0n, undefined],
  ]);
});

Deno.test("users.getFullUser returns oneself and others, and refuses unknown users", () => {
  const { api } = fixture(ACCOUNTS);
  signIn(api);
  const full = ask(api, { _: "users.getFullUser", id: { _: "inputUserSelf" } });
  assertEquals((full.fullUser as TlObject).id, 11n);
  assertEquals((full.users as TlObject[])[0].self, true);
  const nobody = { _: "users.getFullUser", id: { _: "inputUserEmpty" } };
  assertRefused(() => ask(api, nobody), 400, "USER_ID_INVALID");
});

Deno.test("account.updateStatus returns true", () => {
  const { api } = fixture();
  signIn(api);
  assertEquals(api.handle({ _: "account.updateStatus", offline: true }, caller()), true);
});

Deno.test("accounts have different ids and access hashes", () => {
  const { api } = fixture();
  const one = signIn(api).user as TlObject;
  const bot = botSignIn(api, OTHER).user as TlObject;
  assertNotEquals(one.accessHash, bot.accessHash);
  assert(one.id !== bot.id);
});
