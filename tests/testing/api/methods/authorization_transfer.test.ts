/**
 * Carrying an authorization to another data center, and ending it, on the offline Telegram:
 * https://core.telegram.org/api/datacenter
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { ask, assertRefused, caller, fixture, PHONE, signIn } from "../fixture.ts";

Deno.test("auth.logOut ends the authorization, and refuses a second call", () => {
  const { api } = fixture();
  signIn(api);
  assertEquals(ask(api, { _: "auth.logOut" })._, "auth.loggedOut");
  assertRefused(() => ask(api, { _: "updates.getState" }), 401, "AUTH_KEY_UNREGISTERED");
  assertRefused(() => ask(api, { _: "auth.logOut" }), 401, "AUTH_KEY_UNREGISTERED");
});

function transfer(api: ReturnType<typeof fixture>["api"]): TlObject {
  const exported = ask(api, { _: "auth.exportAuthorization", dcId: 1 });
  return { _: "auth.importAuthorization", id: exported.id, bytes: exported.bytes };
}

const ELSEWHERE = caller({ dcId: 1, authKeyId: "c3" });

Deno.test("auth.importAuthorization signs in a key of another data center", () => {
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

Deno.test("auth.exportAuthorization refuses the current data center and unknown ones", () => {
  const { api } = fixture();
  signIn(api);
  for (const dcId of [2, 0, 9]) {
    const request = { _: "auth.exportAuthorization", dcId };
    assertRefused(() => ask(api, request), 400, "DC_ID_INVALID");
  }
});

Deno.test("auth.exportAuthorization refuses a key that is signed out", () => {
  const { api } = fixture();
  const request = { _: "auth.exportAuthorization", dcId: 1 };
  assertRefused(() => ask(api, request), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("auth.importAuthorization accepts bytes once, soon, from the right caller", () => {
  const state = fixture();
  const { api } = state;
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
  state.now += 60;
  refused(late);
  const signedOut = transfer(api);
  ask(api, { _: "auth.logOut" });
  refused(signedOut);
});
