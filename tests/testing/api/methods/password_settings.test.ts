/**
 * Setting, changing and removing a 2FA password on the offline Telegram, with the refusals of each
 * method's page: https://core.telegram.org/api/srp
 */
import { concatBytes } from "../../../../src/crypto/mod.ts";
import { srpProof, srpVerifier } from "../../../../src/crypto/entry.ts";
import type { OfflineApi } from "../../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals, assertNotEquals } from "../../../helpers/assert.ts";
import {
  type Algorithm,
  EMAIL,
  EMPTY,
  fresh,
  GET,
  proof,
  random,
  UNKNOWN,
  update,
  without,
  withPassword,
} from "../passwords.ts";
import { ask, assertRefused, caller, PHONE, PHONE_2FA, signIn } from "../fixture.ts";

/** Changes a password as clients do: the proof and the new one come from one answer. */
function change(api: OfflineApi, password: string, to: string): unknown {
  const state = ask(api, GET);
  const { A, M1 } = srpProof({
    password,
    parameters: state.currentAlgo as Algorithm,
    srpB: state.srpB as Uint8Array,
    random,
  });
  const offered = state.newAlgo as Algorithm;
  const newAlgo = { ...offered, salt1: concatBytes(offered.salt1, random(32)) };
  return update(api, { _: "inputCheckPasswordSRP", srpId: state.srpId, A, M1 }, {
    _: "account.passwordInputSettings",
    newAlgo,
    newPasswordHash: srpVerifier(to, newAlgo),
    hint: "",
  });
}

Deno.test("account.updatePasswordSettings sets a password, which the next sign-in asks for", () => {
  const { api } = without();
  assertEquals(update(api, EMPTY, fresh(api, "new")), true);
  const state = ask(api, GET);
  assertEquals([state.hasPassword, state.hint, state.hasRecovery], [true, "a hint", undefined]);
  const other = caller({ authKeyId: "b2" });
  assertRefused(() => signIn(api, PHONE, other), 401, "SESSION_PASSWORD_NEEDED");
});

Deno.test("account.updatePasswordSettings changes a password", () => {
  const { api } = withPassword();
  const other = caller({ authKeyId: "b2" });
  assertRefused(() => signIn(api, PHONE_2FA, other), 401, "SESSION_PASSWORD_NEEDED");
  const late = { _: "auth.checkPassword", password: proof(api, "hunter2", other) };
  const newSettings = fresh(api, "new");
  const password = proof(api, "hunter2");
  // proof() requests the parameters again, which offers another salt.
  assertRefused(() => update(api, password, newSettings), 400, "NEW_SALT_INVALID");
  assertEquals(change(api, "hunter2", "new"), true);
  assertRefused(() => ask(api, late, other), 400, "SRP_PASSWORD_CHANGED");
  const answer = ask(api, { ...late, password: proof(api, "new", other) }, other);
  assertEquals(answer._, "auth.authorization");
});

Deno.test("account.updatePasswordSettings accepts only the last offered salt, extended", () => {
  const { api } = without();
  const salts = (offered: Uint8Array): Uint8Array[] => [
    offered,
    new Uint8Array(40),
    concatBytes(offered, random(31)),
    concatBytes(offered, random(33)),
  ];
  for (let i = 0; i < 4; i++) {
    const offered = ask(api, GET).newAlgo as Algorithm;
    const newAlgo = { ...offered, salt1: salts(offered.salt1)[i] };
    const newPasswordHash = srpVerifier("new", newAlgo);
    const settings = { _: "account.passwordInputSettings", newAlgo, newPasswordHash, hint: "" };
    assertRefused(() => update(api, EMPTY, settings), 400, "NEW_SALT_INVALID");
  }
  const outdated = fresh(api, "new");
  ask(api, GET);
  assertRefused(() => update(api, EMPTY, outdated), 400, "NEW_SALT_INVALID");
});

Deno.test("account.updatePasswordSettings refuses another group, salt2 or bad verifier", () => {
  const { api } = without();
  const refused = (settings: TlObject) =>
    assertRefused(() => update(api, EMPTY, settings), 400, "NEW_SETTINGS_INVALID");
  refused(fresh(api, "new", { g: 4 }));
  refused(fresh(api, "new", { salt2: new Uint8Array(16) }));
  for (const newPasswordHash of [new Uint8Array(255), new Uint8Array(256)]) {
    refused({ ...fresh(api, "new"), newPasswordHash });
  }
  refused({ ...fresh(api, "new"), newAlgo: UNKNOWN });
  refused({
    ...fresh(api, "new"),
    newSecureSettings: {
      _: "secureSecretSettings",
      secureAlgo: { _: "securePasswordKdfAlgoUnknown" },
      secureSecret: new Uint8Array(),
      secureSecretId: 0n,
    },
  });
});

Deno.test("account.updatePasswordSettings requires a proof of the current password", () => {
  const { api } = withPassword();
  const nothing = { _: "account.passwordInputSettings" };
  assertRefused(() => update(api, EMPTY, nothing), 400, "PASSWORD_HASH_INVALID");
  assertRefused(() => update(api, proof(api, "wrong"), nothing), 400, "PASSWORD_HASH_INVALID");
  const used = proof(api, "hunter2");
  assertEquals(update(api, used, nothing), true);
  assertRefused(() => update(api, used, nothing), 400, "SRP_ID_INVALID");
  const none = without().api;
  assertRefused(() => update(none, EMPTY, nothing), 400, "NEW_SETTINGS_EMPTY");
  const srp = { _: "inputCheckPasswordSRP", srpId: 1n, A: new Uint8Array(), M1: new Uint8Array() };
  assertRefused(() => update(none, srp, nothing), 400, "PASSWORD_HASH_INVALID");
});

Deno.test("account.updatePasswordSettings removes a password and its recovery email", () => {
  const { api } = withPassword(EMAIL);
  const removal = {
    _: "account.passwordInputSettings",
    newAlgo: UNKNOWN,
    newPasswordHash: new Uint8Array(),
    hint: "",
  };
  assertEquals(update(api, proof(api, "hunter2"), removal), true);
  assertEquals(ask(api, GET).hasPassword, undefined);
  assertRefused(() => update(api, EMPTY, removal), 400, "NEW_SETTINGS_EMPTY");
  const recovery = { _: "auth.requestPasswordRecovery" };
  assertRefused(() => ask(api, recovery), 400, "PASSWORD_EMPTY");
});

Deno.test("account.updatePasswordSettings removes a password as Telethon and GramJS do", () => {
  const { api } = withPassword(EMAIL);
  const { newAlgo } = fresh(api, "none");
  const removal = {
    _: "account.passwordInputSettings",
    newAlgo,
    newPasswordHash: new Uint8Array(),
    hint: "no hint",
  };
  assertEquals(update(api, proof(api, "hunter2"), removal), true);
  assertEquals(ask(api, GET).hasPassword, undefined);
});

Deno.test("a recovery email and its password take effect when the email is confirmed", () => {
  const { api } = without();
  const settings = { ...fresh(api, "new"), email: EMAIL };
  assertRefused(() => update(api, EMPTY, settings), 400, "EMAIL_UNCONFIRMED_6");
  const waiting = ask(api, GET);
  assertEquals([waiting.hasPassword, waiting.emailUnconfirmedPattern], [
    undefined,
    "a**@example.com",
  ]);
  const confirm = (code: string) =>
    api.handle({ _: "account.confirmPasswordEmail", code }, caller());
  assertRefused(() => confirm(""), 400, "CODE_EMPTY");
  assertRefused(() => confirm("x"), 400, "CODE_INVALID");
  const first = api.lastEmailCode(EMAIL);
  assertEquals(api.handle({ _: "account.resendPasswordEmail" }, caller()), true);
  assertNotEquals(api.lastEmailCode(EMAIL), first);
  assertEquals(confirm(api.lastEmailCode(EMAIL) ?? ""), true);
  const state = ask(api, GET);
  assertEquals([state.hasPassword, state.hasRecovery, state.emailUnconfirmedPattern], [
    true,
    true,
    undefined,
  ]);
  const asked = { _: "account.getPasswordSettings", password: proof(api, "new") };
  assertEquals(ask(api, asked).email, EMAIL);
});

Deno.test("an unconfirmed recovery email can be cancelled, and a confirmed one removed", () => {
  const { api } = withPassword(EMAIL);
  const email = (email: string) =>
    update(api, proof(api, "hunter2"), { _: "account.passwordInputSettings", email });
  assertRefused(() => email("nonsense"), 400, "EMAIL_INVALID");
  assertEquals(email(EMAIL), true);
  assertRefused(() => email("new@example.com"), 400, "EMAIL_UNCONFIRMED_6");
  assertEquals(api.handle({ _: "account.cancelPasswordEmail" }, caller()), true);
  for (const method of ["account.cancelPasswordEmail", "account.resendPasswordEmail"]) {
    assertRefused(() => api.handle({ _: method }, caller()), 400, "EMAIL_HASH_EXPIRED");
  }
  const confirm = { _: "account.confirmPasswordEmail", code: "123456" };
  assertRefused(() => api.handle(confirm, caller()), 400, "EMAIL_HASH_EXPIRED");
  assertEquals(ask(api, GET).hasRecovery, true);
  assertEquals(email(""), true);
  assertEquals(ask(api, GET).hasRecovery, undefined);
});

Deno.test("account.getPasswordSettings requires a proof of the password", () => {
  const settings = (password: TlObject) => ({ _: "account.getPasswordSettings", password });
  const { api } = withPassword();
  const wrong = settings(proof(api, "wrong"));
  assertRefused(() => ask(api, wrong), 400, "PASSWORD_HASH_INVALID");
  assertRefused(() => ask(api, settings(EMPTY)), 400, "PASSWORD_HASH_INVALID");
  assertRefused(() => ask(without().api, settings(EMPTY)), 400, "PASSWORD_HASH_INVALID");
});
