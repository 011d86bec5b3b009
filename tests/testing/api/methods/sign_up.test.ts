/**
 * Signing up on the offline Telegram: https://core.telegram.org/method/auth.signUp
 */
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { signInRequest } from "../codes.ts";
import { ask, assertRefused, caller, fixture, sendCode, signIn } from "../fixture.ts";

const NEWCOMER = "+9996644444";

Deno.test("auth.signIn asks a number without an account to sign up with auth.signUp", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api, NEWCOMER);
  const answer = ask(api, signInRequest(phoneCodeHash, "44444", NEWCOMER));
  assertEquals(answer._, "auth.authorizationSignUpRequired");
  const names = { firstName: "Ada", lastName: "Lovelace" };
  const signUp = { _: "auth.signUp", phoneNumber: NEWCOMER, phoneCodeHash, ...names };
  const { user } = ask(api, signUp) as TlObject & { user: TlObject };
  assertEquals([user.firstName, user.lastName, user.phone], ["Ada", "Lovelace", "9996644444"]);
  assertEquals(ask(api, { _: "updates.getState" })._, "updates.state");
  assertEquals(signIn(api, NEWCOMER, caller({ authKeyId: "b2" }))._, "auth.authorization");
});

Deno.test("auth.signUp refuses a number whose code has not been entered", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api, NEWCOMER);
  const names = { firstName: "Ada", lastName: "" };
  const signUp = { _: "auth.signUp", phoneNumber: NEWCOMER, phoneCodeHash, ...names };
  assertRefused(() => ask(api, signUp), 400, "PHONE_CODE_INVALID");
  assertRefused(() => ask(api, { ...signUp, phoneCodeHash: "0" }), 400, "PHONE_CODE_EXPIRED");
});

Deno.test("auth.signUp refuses bad names, and a number that has an account by then", () => {
  const { api } = fixture();
  const phoneCodeHash = sendCode(api, NEWCOMER);
  ask(api, signInRequest(phoneCodeHash, "44444", NEWCOMER));
  const names = { firstName: "Ada", lastName: "" };
  const signUp = { _: "auth.signUp", phoneNumber: NEWCOMER, phoneCodeHash, ...names };
  assertRefused(() => ask(api, { ...signUp, firstName: " " }), 400, "FIRSTNAME_INVALID");
  assertRefused(() => ask(api, { ...signUp, firstName: "x".repeat(65) }), 400, "FIRSTNAME_INVALID");
  assertRefused(() => ask(api, { ...signUp, lastName: "x".repeat(65) }), 400, "LASTNAME_INVALID");
  assertRefused(() => ask(api, { ...signUp, phoneNumber: "x" }), 406, "PHONE_NUMBER_INVALID");
  api.addAccount({ phone: NEWCOMER });
  assertRefused(() => ask(api, signUp), 400, "PHONE_NUMBER_OCCUPIED");
});
