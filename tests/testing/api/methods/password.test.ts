/**
 * 2FA on the offline Telegram, with the proof that a client makes:
 * https://core.telegram.org/api/srp
 */
import { srpProof } from "../../../../src/crypto/entry.ts";
import type { OfflineApi } from "../../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assert, assertEquals, assertNotEquals } from "../../../helpers/assert.ts";
import { seededRandom } from "../../../helpers/seeded_random.ts";
import {
  ask,
  assertRefused,
  botSignIn,
  caller,
  fixture,
  PHONE,
  PHONE_2FA,
  signIn,
} from "../fixture.ts";

const GET_PASSWORD = { _: "account.getPassword" };

interface Algorithm extends TlObject {
  readonly g: number;
  readonly p: Uint8Array;
  readonly salt1: Uint8Array;
  readonly salt2: Uint8Array;
}

interface Password extends TlObject {
  readonly currentAlgo: Algorithm;
  readonly srpB: Uint8Array;
  readonly srpId: bigint;
}

function enterCode(api: OfflineApi): void {
  assertRefused(() => signIn(api, PHONE_2FA), 401, "SESSION_PASSWORD_NEEDED");
}

function check(state: TlObject, password: string): TlObject {
  const { currentAlgo: parameters, srpB, srpId } = state as Password;
  const proof = srpProof({ password, parameters, srpB, random: seededRandom(7) });
  return { _: "auth.checkPassword", password: { _: "inputCheckPasswordSRP", srpId, ...proof } };
}

Deno.test("auth.checkPassword with the right password signs in", () => {
  const { api } = fixture();
  enterCode(api);
  const answer = ask(api, check(ask(api, GET_PASSWORD), "hunter2"));
  assertEquals(answer._, "auth.authorization");
  assertEquals((answer.user as TlObject).phone, "9996622222");
  assertEquals(ask(api, { _: "updates.getState" })._, "updates.state");
});

Deno.test("account.getPassword returns the hint, g = 3, and new random numbers each time", () => {
  const { api } = fixture();
  enterCode(api);
  const [first, second] = [ask(api, GET_PASSWORD), ask(api, GET_PASSWORD)] as [Password, Password];
  assertEquals([first.hasPassword, first.hint, first.currentAlgo.g], [true, "the usual", 3]);
  assertEquals([first.currentAlgo.p.length, first.srpB.length], [256, 256]);
  assertEquals(first.currentAlgo, second.currentAlgo);
  assertNotEquals(first.srpId, second.srpId);
  assertNotEquals(first.srpB, second.srpB);
  assertNotEquals(first.secureRandom, second.secureRandom);
});

Deno.test("auth.checkPassword refuses a wrong password, and voids the challenge", () => {
  const { api } = fixture();
  enterCode(api);
  const state = ask(api, GET_PASSWORD);
  assertRefused(() => ask(api, check(state, "hunter3")), 400, "PASSWORD_HASH_INVALID");
  assertRefused(() => ask(api, check(state, "hunter2")), 400, "SRP_ID_INVALID");
  assertEquals(ask(api, check(ask(api, GET_PASSWORD), "hunter2"))._, "auth.authorization");
});

Deno.test("auth.checkPassword refuses an answer to an older or unknown challenge", () => {
  const { api } = fixture();
  enterCode(api);
  const old = ask(api, GET_PASSWORD);
  const latest = ask(api, GET_PASSWORD);
  assertRefused(() => ask(api, check(old, "hunter2")), 400, "SRP_ID_INVALID");
  const unknown = check({ ...latest, srpId: 1n }, "hunter2");
  assertRefused(() => ask(api, unknown), 400, "SRP_ID_INVALID");
});

Deno.test("auth.checkPassword refuses an answer to an expired challenge", () => {
  const state = fixture();
  enterCode(state.api);
  const challenge = ask(state.api, GET_PASSWORD);
  state.now += 600;
  assertRefused(() => ask(state.api, check(challenge, "hunter2")), 400, "SRP_ID_INVALID");
});

Deno.test("auth.checkPassword refuses the challenge of another auth key", () => {
  const { api } = fixture();
  enterCode(api);
  const other = caller({ authKeyId: "b2" });
  assertRefused(() => signIn(api, PHONE_2FA, other), 401, "SESSION_PASSWORD_NEEDED");
  const state = ask(api, GET_PASSWORD);
  assertRefused(() => ask(api, check(state, "hunter2"), other), 400, "SRP_ID_INVALID");
});

Deno.test("auth.checkPassword refuses an empty proof", () => {
  const { api } = fixture();
  enterCode(api);
  const empty = { _: "auth.checkPassword", password: { _: "inputCheckPasswordEmpty" } };
  assertRefused(() => ask(api, empty), 400, "PASSWORD_HASH_INVALID");
});

Deno.test("account.getPassword and auth.checkPassword refuse a key without a code", () => {
  const { api } = fixture();
  const empty = { _: "auth.checkPassword", password: { _: "inputCheckPasswordEmpty" } };
  assertRefused(() => ask(api, GET_PASSWORD), 401, "AUTH_KEY_UNREGISTERED");
  assertRefused(() => ask(api, empty), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("account.getPassword returns only newAlgo for an account without a password", () => {
  const { api } = fixture();
  signIn(api, PHONE);
  const state = ask(api, GET_PASSWORD);
  assert(!state.hasPassword && state.currentAlgo === undefined && state.srpId === undefined);
  assertEquals((state.newAlgo as Algorithm).salt1.length, 8);
});

Deno.test("account.getPassword refuses bots", () => {
  const { api } = fixture();
  botSignIn(api);
  assertRefused(() => ask(api, GET_PASSWORD), 400, "BOT_METHOD_INVALID");
});
