import { bytesToHex } from "../../../../src/crypto/mod.ts";
import type { OfflineApi } from "../../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals, assertNotEquals } from "../../../helpers/assert.ts";
import {
  API,
  ask,
  assertRefused,
  botSignIn,
  caller,
  fixture,
  PHONE,
  PHONE_2FA,
  signIn,
  START,
} from "../fixture.ts";

const PHONE_DEVICE = caller({ authKeyId: "a1" });
const SHOWER = caller({
  authKeyId: "c3",
  device: { deviceModel: "A screen", systemVersion: "9", appVersion: "1" },
});
const ELSEWHERE = caller({ authKeyId: "d4", dcId: 1 });

function exportToken(api: OfflineApi, by = SHOWER, exceptIds: bigint[] = []): TlObject {
  return ask(api, { _: "auth.exportLoginToken", ...API, exceptIds }, by);
}

function accept(api: OfflineApi, token: unknown, by = PHONE_DEVICE): TlObject {
  return ask(api, { _: "auth.acceptLoginToken", token }, by);
}

function importToken(api: OfflineApi, token: unknown, by = SHOWER): TlObject {
  return ask(api, { _: "auth.importLoginToken", token }, by);
}

Deno.test("auth.exportLoginToken returns a new token each time, valid for 30 seconds", () => {
  const { api } = fixture();
  const [first, second] = [exportToken(api), exportToken(api)];
  assertEquals([first._, first.expires], ["auth.loginToken", START + 30]);
  const hex = (token: TlObject) => bytesToHex(token.token as Uint8Array);
  assertNotEquals(hex(first), hex(second));
});

Deno.test("auth.exportLoginToken signs in with an accepted token", () => {
  const { api } = fixture();
  signIn(api, PHONE, PHONE_DEVICE);
  const pushed: [string, TlObject][] = [];
  api.onUpdates = (authKeyId, updates) => pushed.push([authKeyId, updates]);
  const { token } = exportToken(api);
  const seen = accept(api, token);
  assertEquals([seen._, seen.deviceModel, seen.apiId], ["authorization", "A screen", 12345]);
  assertEquals(pushed.map(([key, { update }]) => [key, update]), [
    ["c3", { _: "updateLoginToken" }],
  ]);
  const { _, authorization } = exportToken(api);
  assertEquals(_, "auth.loginTokenSuccess");
  assertEquals(((authorization as TlObject).user as TlObject).phone, PHONE.slice(1));
  assertEquals(api.authorizations(PHONE).map(({ hash }) => hash).at(1), seen.hash);
  assertEquals(exportToken(api)._, "auth.loginToken"); // a token is valid once
});

Deno.test("auth.exportLoginToken asks for the password of the account", () => {
  const { api } = fixture();
  api.signIn(PHONE_2FA, PHONE_DEVICE);
  const { token } = exportToken(api);
  assertEquals(accept(api, token).passwordPending, true);
  for (let time = 0; time < 2; time++) {
    assertRefused(() => exportToken(api), 401, "SESSION_PASSWORD_NEEDED");
  }
  assertEquals(ask(api, { _: "account.getPassword" }, SHOWER).hasPassword, true);
});

Deno.test("auth.importLoginToken signs in on the data center of the account", () => {
  const { api } = fixture();
  signIn(api, PHONE, PHONE_DEVICE);
  const { token } = exportToken(api, ELSEWHERE);
  accept(api, token);
  const migrate = exportToken(api, ELSEWHERE);
  assertEquals([migrate._, migrate.dcId], ["auth.loginTokenMigrateTo", 2]);
  assertEquals(importToken(api, migrate.token, ELSEWHERE)._, "auth.loginTokenMigrateTo");
  assertEquals(importToken(api, migrate.token)._, "auth.loginTokenSuccess");
  assertRefused(() => importToken(api, migrate.token), 400, "AUTH_TOKEN_ALREADY_ACCEPTED");
});

Deno.test("auth.importLoginToken accepts a token from one key only", () => {
  const { api } = fixture();
  api.signIn(PHONE_2FA, PHONE_DEVICE);
  const { token } = exportToken(api, ELSEWHERE);
  accept(api, token);
  assertRefused(() => importToken(api, token), 401, "SESSION_PASSWORD_NEEDED");
  const other = caller({ authKeyId: "f6" });
  assertRefused(() => importToken(api, token, other), 400, "AUTH_TOKEN_ALREADY_ACCEPTED");
  assertRefused(() => importToken(api, token), 401, "SESSION_PASSWORD_NEEDED");
});

Deno.test("auth.acceptLoginToken refuses unknown, expired, accepted and excepted tokens", () => {
  const all = fixture();
  const { api } = all;
  signIn(api, PHONE, PHONE_DEVICE);
  const [me] = api.handle({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] }, PHONE_DEVICE) as [
    TlObject,
  ];
  assertRefused(() => accept(api, new Uint8Array(32)), 400, "AUTH_TOKEN_INVALIDX");
  const { token: known } = exportToken(api, SHOWER, [me.id as bigint]);
  assertRefused(() => accept(api, known), 400, "AUTH_TOKEN_EXCEPTION");
  const { token } = exportToken(api);
  accept(api, token);
  assertRefused(() => accept(api, token), 400, "AUTH_TOKEN_ALREADY_ACCEPTED");
  const { token: old } = exportToken(api, caller({ authKeyId: "f6" }));
  all.now += 30;
  assertRefused(() => accept(api, old), 400, "AUTH_TOKEN_EXPIRED");
  assertRefused(() => importToken(api, old), 400, "AUTH_TOKEN_EXPIRED");
});

Deno.test("auth.importLoginToken refuses unknown tokens, and tokens that are not accepted", () => {
  const { api } = fixture();
  assertRefused(() => importToken(api, new Uint8Array(32)), 400, "AUTH_TOKEN_INVALIDX");
  assertRefused(() => importToken(api, exportToken(api).token), 400, "AUTH_TOKEN_INVALID");
});

Deno.test("the methods of login tokens refuse bots, and accepting requires a sign-in", () => {
  const { api } = fixture();
  const { token } = exportToken(api);
  assertRefused(() => accept(api, token), 401, "AUTH_KEY_UNREGISTERED");
  botSignIn(api, PHONE_DEVICE);
  assertRefused(() => accept(api, token), 400, "BOT_METHOD_INVALID");
  assertRefused(() => exportToken(api, PHONE_DEVICE), 400, "BOT_METHOD_INVALID");
  const request = { _: "auth.exportLoginToken", ...API, apiHash: "0", exceptIds: [] };
  assertRefused(() => ask(api, request, SHOWER), 400, "API_ID_INVALID");
});
