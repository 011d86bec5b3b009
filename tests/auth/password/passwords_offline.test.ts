/**
 * Tests the 2FA password with a real client and the offline Telegram: sign-in, recovery and
 * management, also when the line is cut in each step.
 */

import {
  Client,
  ConnectionError,
  type PasswordToken,
  SignInError,
  StringSession,
} from "../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { CODE, EMAIL, IMPATIENT, PASSWORD, PHONE, type World, world } from "../offline_world.ts";
import { runs } from "../../helpers/long.ts";

async function reasonOf(step: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(step, SignInError)).reason;
}

/** Signs in as far as the password. */
async function enterCode(client: Client): Promise<PasswordToken> {
  const outcome = await client.signIn(await client.requestLoginCode(PHONE), CODE);
  assert(outcome.kind === "password");
  return outcome;
}

/** Signs in with the password, if there is one. */
async function signIn(client: Client, password = PASSWORD): Promise<void> {
  await client.start({ phoneNumber: PHONE, phoneCode: CODE, password });
}

Deno.test("checkPassword() takes the right password after a wrong one", async () => {
  await using state = await world({ password: PASSWORD, hint: "the usual" });
  const { client } = state;
  const token = await enterCode(client);
  assertEquals([token.hint, token.hasRecovery], ["the usual", false]);
  assertEquals(await reasonOf(() => client.checkPassword(token, "wrong")), "passwordInvalid");
  assertEquals((await client.checkPassword(token, PASSWORD)).phone, PHONE.slice(1));
  assertEquals(await client.isAuthorized(), true);
});

Deno.test("checkPassword() proves again when its parameters have become too old", async () => {
  await using state = await world({ password: PASSWORD });
  const { client, telegram } = state;
  const token = await enterCode(client);
  for (const message of ["SRP_ID_INVALID", "SRP_PASSWORD_CHANGED"]) {
    telegram.api.failNext("auth.checkPassword", { code: 400, message });
    assertEquals((await client.checkPassword(token, PASSWORD)).kind, "user");
  }
});

Deno.test("checkPassword() takes a password that was changed after the token", async () => {
  await using state = await world({ password: PASSWORD });
  const token = await enterCode(state.client);
  await using other = await secondDevice(state);
  await other.password.change(PASSWORD, "new");
  const error = await assertRejects(
    () => state.client.checkPassword(token, PASSWORD),
    SignInError,
  );
  assertEquals(error.reason, "passwordInvalid");
  assertEquals((await state.client.checkPassword(token, "new")).kind, "user");
});

/** A second device of the same account, signed in. */
async function secondDevice({ telegram }: World): Promise<Client> {
  const { apiId, apiHash, clientOptions } = telegram;
  const client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await signIn(client);
  return client;
}

Deno.test("Recovery by email replaces or removes a forgotten password at sign-in", async () => {
  for (const newPassword of [undefined, "new"]) {
    await using state = await world({ password: PASSWORD, recoveryEmail: EMAIL });
    const { client, telegram } = state;
    const token = await enterCode(client);
    const sent = await client.requestPasswordRecovery(token);
    assertEquals([token.hasRecovery, sent.emailPattern], [true, "a**@example.com"]);
    assertEquals(await reasonOf(() => client.checkRecoveryCode("000")), "codeInvalid");
    assertEquals(await reasonOf(() => client.checkRecoveryCode(" ")), "codeEmpty");
    const code = telegram.api.lastEmailCode(EMAIL) ?? "";
    await client.checkRecoveryCode(code);
    const user = await client.recoverPassword(token, code, { newPassword, hint: "h" });
    assertEquals(user.phone, PHONE.slice(1));
    const { isSet, hint } = await client.password.status();
    assertEquals([isSet, hint], newPassword === undefined ? [false, undefined] : [true, "h"]);
    await client.signOut();
    await signIn(client, newPassword);
  }
});

Deno.test("recoverPassword() makes the password again when the salt is too old", async () => {
  await using state = await world({ password: PASSWORD, recoveryEmail: EMAIL });
  const { client, telegram } = state;
  const token = await enterCode(client);
  await client.requestPasswordRecovery(token);
  // Another salt is offered, and the token's is void.
  await client.invoke({ _: "account.getPassword" });
  const code = telegram.api.lastEmailCode(EMAIL) ?? "";
  const user = await client.recoverPassword(token, code, { newPassword: "new" });
  assertEquals(user.kind, "user");
});

Deno.test("A password without a recovery email cannot be recovered", async () => {
  await using state = await world({ password: PASSWORD });
  const { client } = state;
  const token = await enterCode(client);
  assertEquals(await reasonOf(() => client.requestPasswordRecovery(token)), "recoveryUnavailable");
  assertEquals(await reasonOf(() => client.recoverPassword(token, "123456")), "codeExpired");
  assertEquals(await reasonOf(() => client.password.requestReset()), "passwordNeeded");
});

Deno.test("password.set(), change() and remove() affect the next sign-in", async () => {
  await using state = await world();
  const { client } = state;
  await signIn(client);
  const { password } = client;
  assertEquals((await password.status()).isSet, false);
  assertEquals(await password.set("first", { hint: "1" }), { status: "done" });
  assertEquals((await password.status()).hint, "1");
  assertEquals(await reasonOf(() => password.set("the second")), "passwordNeeded");
  assertEquals(await reasonOf(() => password.change("wrong", "the second")), "passwordInvalid");
  assertEquals(await password.change("first", "the second"), { status: "done" });
  await client.signOut();
  const wrong = await reasonOf(() => signIn(client, "first"));
  assertEquals(wrong, "passwordInvalid");
  await signIn(client, "the second");
  await client.password.setHint("the second", "2");
  assertEquals((await client.password.status()).hint, "2");
  await client.password.remove("the second");
  assertEquals((await client.password.status()).isSet, false);
  await client.signOut();
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
});

Deno.test("client.password reports a missing password, and refuses empty ones", async () => {
  await using state = await world();
  const { client, calls } = state;
  await signIn(client);
  const { password } = client;
  for (
    const step of [
      () => password.change("a", "b"),
      () => password.remove("a"),
      () => password.setHint("a", "b"),
      () => password.recoveryEmail("a"),
      () => password.setRecoveryEmail("a", EMAIL),
      () => password.requestRecovery(),
      () => password.requestReset(),
    ]
  ) assertEquals(await reasonOf(step), "passwordNotSet");
  assertEquals(await reasonOf(() => password.cancelReset()), "passwordResetMissing");
  assertEquals(await reasonOf(() => password.set("")), "passwordEmpty");
  const same = () => password.set("secret", { hint: "secret" });
  assertEquals(await reasonOf(same), "passwordSettingsInvalid");
  assertEquals(await reasonOf(() => password.set("x", { recoveryEmail: "x" })), "emailInvalid");
  assertEquals(calls.includes("account.updatePasswordSettings"), false);
});

Deno.test("A recovery email is confirmed, resent, cancelled and removed", async () => {
  await using state = await world();
  const { client, telegram } = state;
  await signIn(client);
  const { password } = client;
  const change = await password.set("first", { recoveryEmail: EMAIL });
  assertEquals(change, { status: "emailUnconfirmed", codeLength: 6 });
  const waiting = await password.status();
  assertEquals([waiting.isSet, waiting.unconfirmedEmailPattern], [false, "a**@example.com"]);
  await password.resendRecoveryEmailCode();
  assertEquals(await reasonOf(() => password.confirmRecoveryEmail("x")), "codeInvalid");
  assertEquals(await reasonOf(() => password.confirmRecoveryEmail("")), "codeEmpty");
  await password.confirmRecoveryEmail(telegram.api.lastEmailCode(EMAIL) ?? "");
  const set = await password.status();
  assertEquals([set.isSet, set.hasRecoveryEmail], [true, true]);
  assertEquals(await password.recoveryEmail("first"), EMAIL);
  await password.setRecoveryEmail("first", "other@example.com");
  await password.cancelRecoveryEmail();
  for (
    const step of [
      () => password.confirmRecoveryEmail("123456"),
      () => password.resendRecoveryEmailCode(),
      () => password.cancelRecoveryEmail(),
    ]
  ) assertEquals(await reasonOf(step), "codeExpired");
  assertEquals(await password.setRecoveryEmail("first", ""), { status: "done" });
  assertEquals(await password.recoveryEmail("first"), undefined);
});

Deno.test("A signed-in user recovers a forgotten password", async () => {
  await using state = await world({ password: PASSWORD, recoveryEmail: EMAIL });
  const { client, telegram } = state;
  await signIn(client);
  const { emailPattern } = await client.password.requestRecovery();
  assertEquals(emailPattern, "a**@example.com");
  const code = telegram.api.lastEmailCode(EMAIL) ?? "";
  await client.password.checkRecoveryCode(code);
  await client.password.recover(code, { newPassword: "new" });
  assertEquals(await client.password.change("new", "newer"), { status: "done" });
});

Deno.test("A forgotten password is reset after a while, unless that is cancelled", async () => {
  await using state = await world({ password: PASSWORD });
  const { client } = state;
  await signIn(client);
  const pending = await client.password.requestReset();
  assert(pending.status === "pending");
  assertEquals((await client.password.status()).resetDate, pending.until);
  await client.password.cancelReset();
  assertEquals(await reasonOf(() => client.password.cancelReset()), "passwordResetMissing");
  const refused = await client.password.requestReset();
  assert(refused.status === "tooSoon" && refused.retryAt.getTime() > Date.now());
  await using soon = await world({ password: PASSWORD }, { resetPeriod: 0 });
  await signIn(soon.client);
  assertEquals((await soon.client.password.requestReset()).status, "pending");
  assertEquals(await soon.client.password.requestReset(), { status: "done" });
  assertEquals((await soon.client.password.status()).isSet, false);
});

Deno.test("start() asks again with the hint, and never repeats a wrong password", async () => {
  await using state = await world(
    { password: PASSWORD, hint: "the usual" },
    {},
    { clock: IMPATIENT },
  );
  const tries = ["wrong", "wrong", PASSWORD];
  const hints: unknown[] = [];
  const errors: unknown[] = [];
  await state.client.start({
    phoneNumber: PHONE,
    phoneCode: CODE,
    password(hint) {
      hints.push(hint);
      return tries.shift() ?? "";
    },
    onError: (error) => {
      errors.push((error as SignInError).reason);
    },
  });
  assertEquals(hints, ["the usual", "the usual", "the usual"]);
  assertEquals(errors, ["passwordInvalid", "passwordInvalid"]);
  // The wrong one once; the right one twice, as the wrong one had used up the parameters.
  const checks = state.calls.filter((call) => call === "auth.checkPassword");
  assertEquals(checks.length, 3);
});

Deno.test("client.password has a reason for each of Telegram's refusals", async () => {
  await using state = await world({ password: PASSWORD, recoveryEmail: EMAIL });
  const { client, telegram } = state;
  await signIn(client);
  const { password } = client;
  const change = () => password.change(PASSWORD, "new");
  const cases: [method: string, step: () => Promise<unknown>, name: string, reason: string][] = [
    ["account.updatePasswordSettings", change, "EMAIL_INVALID", "emailInvalid"],
    ["account.updatePasswordSettings", change, "NEW_SALT_INVALID", "passwordSettingsInvalid"],
    ["account.updatePasswordSettings", change, "NEW_SETTINGS_EMPTY", "passwordNotSet"],
    ["account.updatePasswordSettings", change, "NEW_SETTINGS_INVALID", "passwordSettingsInvalid"],
    ["account.updatePasswordSettings", change, "PASSWORD_HASH_INVALID", "passwordInvalid"],
    [
      "account.getPasswordSettings",
      () => password.recoveryEmail(PASSWORD),
      "PASSWORD_HASH_INVALID",
      "passwordInvalid",
    ],
    [
      "account.confirmPasswordEmail",
      () => password.confirmRecoveryEmail("1"),
      "EMAIL_HASH_EXPIRED",
      "codeExpired",
    ],
    [
      "auth.requestPasswordRecovery",
      () => password.requestRecovery(),
      "PASSWORD_RECOVERY_NA",
      "recoveryUnavailable",
    ],
    [
      "auth.checkRecoveryPassword",
      () => password.checkRecoveryCode("1"),
      "PASSWORD_RECOVERY_EXPIRED",
      "codeExpired",
    ],
    ["auth.recoverPassword", () => password.recover("1"), "CODE_EMPTY", "codeEmpty"],
    [
      "auth.recoverPassword",
      () => password.recover("1"),
      "NEW_SETTINGS_INVALID",
      "passwordSettingsInvalid",
    ],
    ["account.resetPassword", () => password.requestReset(), "PASSWORD_EMPTY", "passwordNotSet"],
    [
      "account.declinePasswordReset",
      () => password.cancelReset(),
      "RESET_REQUEST_MISSING",
      "passwordResetMissing",
    ],
  ];
  for (const [method, step, message, reason] of cases.slice(runs(3, 0))) {
    telegram.api.failNext(method, { code: 400, message });
    const error = await assertRejects(step, SignInError);
    assertEquals([error.reason, error.errorMessage], [reason, message]);
    assertEquals(error.message.includes(PASSWORD), false);
  }
  telegram.api.failNext("account.updatePasswordSettings", {
    code: 400,
    message: "EMAIL_UNCONFIRMED",
  });
  assertEquals(await change(), { status: "emailUnconfirmed", codeLength: undefined });
  for (const message of ["SRP_ID_INVALID", "SRP_PASSWORD_CHANGED"]) {
    telegram.api.failNext("account.updatePasswordSettings", { code: 400, message, times: 2 });
    assertEquals(await reasonOf(change), "passwordChanged");
  }
});

/** Each step that talks, for somebody with a password and a recovery email who is signed in. */
const STEPS: Record<string, (world: World) => Promise<unknown>> = {
  "account.getPassword": ({ client }) => client.password.status(),
  "account.updatePasswordSettings": ({ client }) => client.password.change(PASSWORD, PASSWORD),
  "account.getPasswordSettings": ({ client }) => client.password.recoveryEmail(PASSWORD),
  "account.confirmPasswordEmail": async ({ client, telegram }) => {
    await client.password.setRecoveryEmail(PASSWORD, "new@example.com");
    await client.password.confirmRecoveryEmail(telegram.api.lastEmailCode("new@example.com") ?? "");
  },
  "account.resendPasswordEmail": async ({ client }) => {
    await client.password.setRecoveryEmail(PASSWORD, "newer@example.com");
    await client.password.resendRecoveryEmailCode();
  },
  "account.cancelPasswordEmail": async ({ client }) => {
    await client.password.setRecoveryEmail(PASSWORD, "newest@example.com");
    await client.password.cancelRecoveryEmail();
  },
  "account.resetPassword": ({ client }) => client.password.requestReset(),
  "account.declinePasswordReset": async ({ client }) => {
    await client.password.requestReset();
    await client.password.cancelReset();
  },
  "auth.checkPassword": async ({ client }) => {
    await client.signOut();
    await signIn(client);
  },
  "auth.requestPasswordRecovery": recover,
  "auth.checkRecoveryPassword": recover,
  "auth.recoverPassword": recover,
};

async function recover({ client, telegram }: World): Promise<void> {
  await client.signOut();
  const token = await enterCode(client);
  await client.requestPasswordRecovery(token);
  const code = telegram.api.lastEmailCode(EMAIL) ?? "";
  await client.checkRecoveryCode(code);
  await client.recoverPassword(token, code, { newPassword: PASSWORD });
}

for (const [method, step] of Object.entries(STEPS)) {
  Deno.test(`${method} survives a cut line, and fails when the line is lost`, async () => {
    await using state = await world({ password: PASSWORD, recoveryEmail: EMAIL });
    await signIn(state.client);
    state.calls.length = 0;
    state.cutAfter(method);
    await step(state);
    const before = state.calls.filter((call) => call === method).length;
    assert(before >= 1);
    await using lost = await world({ password: PASSWORD, recoveryEmail: EMAIL });
    await signIn(lost.client);
    lost.loseAfter(method);
    await assertRejects(() => step(lost), ConnectionError);
  });
}

Deno.test("Steps of client.password end when aborted; the client stays usable", async () => {
  await using state = await world({ password: PASSWORD, recoveryEmail: EMAIL });
  const { client, calls } = state;
  await signIn(client);
  const { password } = client;
  calls.length = 0;
  const options = { signal: AbortSignal.abort(new Error("enough")) };
  for (
    const step of [
      () => password.status(options),
      () => password.set("a", options),
      () => password.change(PASSWORD, "a", options),
      () => password.setHint(PASSWORD, "a", options),
      () => password.remove(PASSWORD, options),
      () => password.recoveryEmail(PASSWORD, options),
      () => password.setRecoveryEmail(PASSWORD, EMAIL, options),
      () => password.confirmRecoveryEmail("1", options),
      () => password.resendRecoveryEmailCode(options),
      () => password.cancelRecoveryEmail(options),
      () => password.requestRecovery(options),
      () => password.checkRecoveryCode("1", options),
      () => password.recover("1", {}, options),
      () => password.requestReset(options),
      () => password.cancelReset(options),
    ]
  ) await assertRejects(step, Error, "enough");
  assertEquals(calls, []);
  assertEquals((await password.status()).isSet, true);
});
