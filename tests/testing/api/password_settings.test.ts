// Setting, changing, recovering and resetting a 2FA password on the offline Telegram, with the refusals that each method's
// page names: https://core.telegram.org/api/srp

import { concatBytes } from "../../../src/crypto/mod.ts";
import { srpProof, srpVerifier } from "../../../src/crypto/entry.ts";
import type { OfflineApi } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { assertEquals, assertNotEquals } from "../../helpers/assert.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";
import {
  ask,
  assertRefused,
  caller,
  type Fixture,
  fixture,
  PHONE,
  PHONE_2FA,
  signIn,
} from "./fixture.ts";

const EMAIL = "ada@example.com";
const GET = { _: "account.getPassword" };
const EMPTY = { _: "inputCheckPasswordEmpty" };
const UNKNOWN = { _: "passwordKdfAlgoUnknown" };
const random = seededRandom(11);

interface Algorithm extends TlObject {
  readonly g: number;
  readonly p: Uint8Array;
  readonly salt1: Uint8Array;
  readonly salt2: Uint8Array;
}

function proof(api: OfflineApi, password: string, by = caller()): TlObject {
  const state = ask(api, GET, by);
  const parameters = state.currentAlgo as Algorithm;
  const { A, M1 } = srpProof({ password, parameters, srpB: state.srpB as Uint8Array, random });
  return { _: "inputCheckPasswordSRP", srpId: state.srpId, A, M1 };
}

/** What a client sends a new password as, with the parameters that were offered last. */
function fresh(
  api: OfflineApi,
  password: string,
  changes: Partial<Algorithm> = {},
): TlObject {
  const offered = ask(api, GET).newAlgo as Algorithm;
  const newAlgo = { ...offered, salt1: concatBytes(offered.salt1, random(32)), ...changes };
  const newPasswordHash = srpVerifier(password, newAlgo);
  return { _: "account.passwordInputSettings", newAlgo, newPasswordHash, hint: "a hint" };
}

function update(api: OfflineApi, password: TlObject, newSettings: TlObject): unknown {
  return api.handle({ _: "account.updatePasswordSettings", password, newSettings }, caller());
}

/** Changes a password as clients do: both halves from one answer. */
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

/** Somebody who is signed in and has no password. */
function without(): Fixture {
  const state = fixture();
  signIn(state.api);
  return state;
}

/** Somebody who is signed in and has the password hunter2. */
function withPassword(recoveryEmail?: string, resetPeriod?: number): Fixture {
  const account = { phone: PHONE_2FA, code: "22222", password: "hunter2", recoveryEmail };
  const state = fixture({ accounts: [account], resetPeriod });
  assertRefused(() => signIn(state.api, PHONE_2FA), 401, "SESSION_PASSWORD_NEEDED");
  ask(state.api, { _: "auth.checkPassword", password: proof(state.api, "hunter2") });
  return state;
}

Deno.test("account.updatePasswordSettings sets a password, which signing in asks for then", () => {
  const { api } = without();
  assertEquals(update(api, EMPTY, fresh(api, "new")), true);
  const state = ask(api, GET);
  assertEquals([state.hasPassword, state.hint, state.hasRecovery], [true, "a hint", undefined]);
  const other = caller({ authKeyId: "b2" });
  assertRefused(() => signIn(api, PHONE, other), 401, "SESSION_PASSWORD_NEEDED");
});

Deno.test("account.updatePasswordSettings changes a password, and says so to who proves the old one", () => {
  const { api } = withPassword();
  const other = caller({ authKeyId: "b2" });
  assertRefused(() => signIn(api, PHONE_2FA, other), 401, "SESSION_PASSWORD_NEEDED");
  const late = { _: "auth.checkPassword", password: proof(api, "hunter2", other) };
  const newSettings = fresh(api, "new");
  const password = proof(api, "hunter2");
  // The proof asked for the parameters once more, and with them came another salt.
  assertRefused(() => update(api, password, newSettings), 400, "NEW_SALT_INVALID");
  assertEquals(change(api, "hunter2", "new"), true);
  assertRefused(() => ask(api, late, other), 400, "SRP_PASSWORD_CHANGED");
  const answer = ask(api, { ...late, password: proof(api, "new", other) }, other);
  assertEquals(answer._, "auth.authorization");
});

Deno.test("account.updatePasswordSettings takes the salt that was offered last, with 32 bytes more", () => {
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

Deno.test("account.updatePasswordSettings refuses another group, salt2 or a verifier that is none", () => {
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

Deno.test("account.updatePasswordSettings wants the present password, and only that", () => {
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

Deno.test("account.updatePasswordSettings removes a password also with the offered algorithm, as Telethon and GramJS have it", () => {
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

Deno.test("a recovery email holds once it is confirmed, and the password that came with it", () => {
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

Deno.test("a recovery email can be cancelled, refused and removed", () => {
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

Deno.test("account.getPasswordSettings wants the password", () => {
  const settings = (password: TlObject) => ({ _: "account.getPasswordSettings", password });
  const { api } = withPassword();
  const wrong = settings(proof(api, "wrong"));
  assertRefused(() => ask(api, wrong), 400, "PASSWORD_HASH_INVALID");
  assertRefused(() => ask(api, settings(EMPTY)), 400, "PASSWORD_HASH_INVALID");
  assertRefused(() => ask(without().api, settings(EMPTY)), 400, "PASSWORD_HASH_INVALID");
});

/** Somebody who has entered the code, and owes the password. */
function owing(recoveryEmail?: string): Fixture {
  const account = { phone: PHONE_2FA, code: "22222", password: "hunter2", recoveryEmail };
  const state = fixture({ accounts: [account] });
  assertRefused(() => signIn(state.api, PHONE_2FA), 401, "SESSION_PASSWORD_NEEDED");
  return state;
}

Deno.test("auth.recoverPassword signs in with the code of the recovery email, with and without a new password", () => {
  for (const password of [undefined, "new"]) {
    const { api } = owing(EMAIL);
    assertEquals(ask(api, GET).hasRecovery, true);
    const sent = ask(api, { _: "auth.requestPasswordRecovery" });
    assertEquals(sent, { _: "auth.passwordRecovery", emailPattern: "a**@example.com" });
    const code = api.lastEmailCode(EMAIL) ?? "";
    assertEquals(api.handle({ _: "auth.checkRecoveryPassword", code }, caller()), true);
    const newSettings = password === undefined ? undefined : fresh(api, password);
    const answer = ask(api, { _: "auth.recoverPassword", code, newSettings });
    assertEquals(answer._, "auth.authorization");
    assertEquals(ask(api, GET).hasPassword, password === undefined ? undefined : true);
    const again = { _: "auth.recoverPassword", code };
    assertRefused(() => ask(api, again), 400, "PASSWORD_RECOVERY_EXPIRED");
  }
});

Deno.test("auth.recoverPassword and checkRecoveryPassword refuse wrong, empty and old codes, and bad settings", () => {
  const { api } = owing(EMAIL);
  for (const method of ["auth.checkRecoveryPassword", "auth.recoverPassword"]) {
    const asked = (code: string) => () => api.handle({ _: method, code }, caller());
    assertRefused(asked("1"), 400, "PASSWORD_RECOVERY_EXPIRED");
    ask(api, { _: "auth.requestPasswordRecovery" });
    assertRefused(asked(""), 400, "CODE_EMPTY");
    assertRefused(asked("x"), 400, "CODE_INVALID");
    for (let i = 0; i < 4; i++) assertRefused(asked("x"), 400, "CODE_INVALID");
    assertRefused(asked(api.lastEmailCode(EMAIL) ?? ""), 400, "PASSWORD_RECOVERY_EXPIRED");
  }
  ask(api, { _: "auth.requestPasswordRecovery" });
  const code = api.lastEmailCode(EMAIL);
  const newSettings = { ...fresh(api, "new"), newPasswordHash: new Uint8Array(3) };
  const recovering = { _: "auth.recoverPassword", code, newSettings };
  assertRefused(() => ask(api, recovering), 400, "NEW_SETTINGS_INVALID");
});

Deno.test("auth.requestPasswordRecovery refuses an account without an email or a password, and strangers", () => {
  const request = { _: "auth.requestPasswordRecovery" };
  assertRefused(() => ask(owing().api, request), 400, "PASSWORD_RECOVERY_NA");
  assertRefused(() => ask(without().api, request), 400, "PASSWORD_EMPTY");
  assertRefused(() => ask(fixture().api, request), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("account.resetPassword removes a password when its time has come, unless it is declined", () => {
  const state = withPassword(undefined, 100);
  const { api } = state;
  const reset = () => ask(api, { _: "account.resetPassword" });
  const decline = () => api.handle({ _: "account.declinePasswordReset" }, caller());
  assertRefused(decline, 400, "RESET_REQUEST_MISSING");
  const untilDate = state.now + 100;
  for (let i = 0; i < 2; i++) {
    assertEquals(reset(), { _: "account.resetPasswordRequestedWait", untilDate });
  }
  assertEquals(ask(api, GET).pendingResetDate, untilDate);
  assertEquals(decline(), true);
  const retryDate = state.now + 86_400;
  assertEquals(reset(), { _: "account.resetPasswordFailedWait", retryDate });
  state.now += 86_400;
  assertEquals(reset()._, "account.resetPasswordRequestedWait");
  state.now += 100;
  assertEquals(reset(), { _: "account.resetPasswordOk" });
  assertRefused(reset, 400, "PASSWORD_EMPTY");
});

Deno.test("account.resetPassword is only for who is signed in, and a due reset lets a newcomer in", () => {
  const state = withPassword(undefined, 100);
  const { api } = state;
  assertRefused(
    () => ask(owing().api, { _: "account.resetPassword" }),
    401,
    "SESSION_PASSWORD_NEEDED",
  );
  ask(api, { _: "account.resetPassword" });
  state.now += 100;
  const answer = signIn(api, PHONE_2FA, caller({ authKeyId: "b2" }));
  assertEquals(answer._, "auth.authorization");
});
