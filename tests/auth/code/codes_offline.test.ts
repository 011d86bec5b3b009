/**
 * Tests codes, login emails and sign-up with a real client and the offline Telegram, also when the
 * line is cut in each step.
 */

import { ConnectionError, SignInError, type User } from "../../../mod.ts";
import type { Delivery } from "../../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { CODE, EMAIL, IMPATIENT, PASSWORD, PHONE, type World, world } from "../offline_world.ts";

function assertUser(outcome: { kind: string }): asserts outcome is User {
  assertEquals(outcome.kind, "user");
}

/** The reason of the sign-in error that a step fails with. */
async function reasonOf(step: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(step, SignInError)).reason;
}

const WAYS: Delivery[] = [
  "app",
  "sms",
  "call",
  "flashCall",
  "missedCall",
  "fragment",
  "firebase",
  "smsWord",
  "smsPhrase",
];

for (const way of WAYS) {
  Deno.test(`A code that went by ${way} signs in, and the token says that it did`, async () => {
    await using state = await world({ codeWays: [way] });
    const token = await state.client.requestLoginCode(PHONE);
    assertEquals([token.deliveredBy, token.nextBy], [way, undefined]);
    assertUser(await state.client.signIn(token, CODE));
  });
}

Deno.test("resendCode() uses each way in turn, and reports when no way is left", async () => {
  await using state = await world({ codeWays: ["app", "sms", "flashCall"] });
  const { client } = state;
  let token = await client.requestLoginCode(PHONE);
  assertEquals([token.deliveredBy, token.nextBy, token.timeout], ["app", "sms", 60]);
  token = await client.resendCode(token);
  assertEquals([token.deliveredBy, token.nextBy], ["sms", "flashCall"]);
  token = await client.resendCode(token);
  assertEquals(token.delivery, { by: "flashCall", pattern: "22*" });
  assertEquals(await reasonOf(() => client.resendCode(token)), "codeNotSent");
  assertUser(await client.signIn(token, CODE));
});

Deno.test("cancelCode() voids the code, and reportMissingCode() does not", async () => {
  await using state = await world();
  const { client } = state;
  const token = await client.requestLoginCode(PHONE);
  await client.reportMissingCode(token, "01");
  await client.cancelCode(token);
  assertEquals(await reasonOf(() => client.signIn(token, CODE)), "codeExpired");
  assertEquals(await reasonOf(() => client.cancelCode(token)), "codeExpired");
  assertEquals(await reasonOf(() => client.reportMissingCode(token, "01")), "codeExpired");
  assertEquals(await reasonOf(() => client.resendCode(token)), "codeExpired");
});

Deno.test("A code that has to be paid for is sent once it is", async () => {
  await using state = await world({ codePrice: { currency: "EUR", amount: 150n } });
  const { client, telegram } = state;
  const token = await client.requestLoginCode(PHONE);
  assert(token.delivery.by === "paymentRequired");
  assertEquals([token.delivery.currency, token.delivery.amount], ["EUR", 150n]);
  assertEquals(await reasonOf(() => client.signIn(token, CODE)), "paymentRequired");
  assertEquals((await client.checkPaidCode(token, 7n)).deliveredBy, "paymentRequired");
  telegram.api.payForCode(PHONE, 7n);
  const paid = await client.checkPaidCode(token, 7n);
  assertUser(await client.signIn(paid, CODE));
});

Deno.test("start() reports that a code has a price before it asks for one", async () => {
  await using state = await world({ codePrice: { currency: "EUR", amount: 150n } });
  const phoneCode = () => Promise.reject(new Error("asked for a code"));
  const signingIn = () => state.client.start({ phoneNumber: PHONE, phoneCode });
  assertEquals(await reasonOf(signingIn), "paymentRequired");
});

Deno.test("A code that went by email signs in", async () => {
  await using state = await world({ loginEmail: EMAIL });
  const token = await state.client.requestLoginCode(PHONE);
  assert(token.delivery.by === "email");
  assertEquals(token.delivery.emailPattern, "a**@example.com");
  assertEquals(await reasonOf(() => state.client.signIn(token, "11111")), "codeInvalid");
  assertUser(await state.client.signIn(token, CODE));
});

Deno.test("resetLoginEmail() reports the time of the reset, and a second request", async () => {
  await using state = await world({ loginEmail: EMAIL });
  const { client } = state;
  const token = await client.requestLoginCode(PHONE);
  const before = Date.now();
  const pending = await client.resetLoginEmail(token);
  assert(pending.delivery.by === "email" && pending.delivery.resetPendingDate !== undefined);
  const wait = (pending.delivery.resetPendingDate.getTime() - before) / 1000;
  assert(Math.abs(wait - 604_800) < 60, `${wait}`);
  assertEquals(await reasonOf(() => client.resetLoginEmail(pending)), "emailResetPending");
});

Deno.test("resetLoginEmail() returns the token of a code to the phone without a wait", async () => {
  await using state = await world({ loginEmail: EMAIL }, { resetPeriod: 0 });
  const { client } = state;
  const token = await client.resetLoginEmail(await client.requestLoginCode(PHONE));
  assertEquals(token.deliveredBy, "sms");
  assertEquals(await reasonOf(() => client.resetLoginEmail(token)), "emailNotSetUp");
  assertUser(await client.signIn(token, CODE));
});

Deno.test("A login email that Telegram demands is set up, and the code goes there", async () => {
  await using state = await world({ needsLoginEmail: true });
  const { client, telegram } = state;
  const token = await client.requestLoginCode(PHONE);
  assertEquals(await reasonOf(() => client.signIn(token, CODE)), "emailSetUpRequired");
  const throwaway = () => client.setUpLoginEmail(token, "ada@mailinator.com");
  assertEquals(await reasonOf(throwaway), "emailNotAllowed");
  assertEquals(await reasonOf(() => client.setUpLoginEmail(token, "ada@x")), "emailInvalid");
  const sent = await client.setUpLoginEmail(token, EMAIL);
  assertEquals(sent, { emailPattern: "a**@example.com", length: 6 });
  assertEquals(await reasonOf(() => client.verifyLoginEmail(token, "x")), "codeInvalid");
  const code = telegram.api.lastEmailCode(EMAIL) ?? "";
  const byEmail = await client.verifyLoginEmail(token, code);
  assertEquals(byEmail.deliveredBy, "email");
  assertUser(await client.signIn(byEmail, CODE));
});

Deno.test("start() sets up a login email, and asks again after a wrong answer", async () => {
  await using state = await world({ needsLoginEmail: true }, {}, { clock: IMPATIENT });
  const { client, telegram } = state;
  const addresses = ["nonsense", "ada@mailinator.com", EMAIL];
  const errors: string[] = [];
  let isFirst = true;
  const user = await client.start({
    phoneNumber: PHONE,
    phoneCode: CODE,
    emailAddress: () => addresses.shift() ?? "",
    emailCode({ length }) {
      assertEquals(length, 6);
      const code = isFirst ? "x" : telegram.api.lastEmailCode(EMAIL) ?? "";
      isFirst = false;
      return Promise.resolve(code);
    },
    onError: (error) => {
      assert(error instanceof SignInError);
      errors.push(error.reason);
    },
  });
  assertEquals(user.phone, PHONE.slice(1));
  assertEquals(errors, ["emailInvalid", "emailNotAllowed", "codeInvalid"]);
});

Deno.test("start() says which answers it lacks to set up a login email", async () => {
  await using state = await world({ needsLoginEmail: true });
  const signingIn = () => state.client.start({ phoneNumber: PHONE, phoneCode: CODE });
  assertEquals(await reasonOf(signingIn), "emailSetUpRequired");
});

const NEWCOMER = "+9996644444";

Deno.test("signUp() makes an account that can sign in again", async () => {
  await using state = await world();
  const { client } = state;
  const token = await client.signIn(await client.requestLoginCode(NEWCOMER), "44444");
  assert(token.kind === "signUp" && token.termsOfService !== undefined);
  const names = { firstName: "x".repeat(65), acceptTerms: true } as const;
  assertEquals(await reasonOf(() => client.signUp(token, names)), "nameInvalid");
  const user = await client.signUp(token, { ...names, firstName: "Ada", lastName: "Lovelace" });
  assertEquals([user.firstName, user.lastName], ["Ada", "Lovelace"]);
  await client.signOut();
  const me = await client.start({ phoneNumber: NEWCOMER, phoneCode: "44444" });
  assertEquals(me.id, user.id);
});

Deno.test("start() signs up with firstAndLastNames, when the terms are accepted", async () => {
  await using state = await world();
  const shown: string[] = [];
  const user = await state.client.start({
    phoneNumber: NEWCOMER,
    phoneCode: "44444",
    firstAndLastNames: ["Ada", "Lovelace"],
    acceptTerms: ({ text }) => shown.push(text) > 0,
  });
  assertEquals([user.firstName, user.lastName], ["Ada", "Lovelace"]);
  assert(shown[0].startsWith("These are the terms"));
});

Deno.test("A step ends when its signal is aborted, and the client stays usable", async () => {
  await using state = await world();
  const { client } = state;
  const steps: ((signal: AbortSignal) => Promise<unknown>)[] = [
    (signal) => client.requestLoginCode(PHONE, { signal }),
    async (signal) => {
      const token = await client.requestLoginCode(PHONE);
      return await client.resendCode(token, { signal });
    },
    (signal) => client.start({ phoneNumber: PHONE, phoneCode: "11111", signal }),
  ];
  for (const [index, step] of steps.entries()) {
    const controller = new AbortController();
    const method = index === 1 ? "auth.resendCode" : "auth.sendCode";
    const { api } = state.telegram;
    const handle = api.handle;
    api.handle = (request, caller) => {
      if (request._ === method) controller.abort(new Error("enough"));
      return handle(request, caller);
    };
    await assertRejects(() => step(controller.signal), Error, "enough");
    api.handle = handle;
  }
  assertUser(await client.signIn(await client.requestLoginCode(PHONE), CODE));
});

Deno.test("Signing in and managing a password logs no secret, however much is logged", async () => {
  const lines: string[] = [];
  const write = (...parts: unknown[]): void => {
    lines.push(parts.map((part) => Deno.inspect(part)).join(" "));
  };
  const logger = { debug: write, info: write, warn: write, error: write };
  await using state = await world(
    { password: "hunter2", recoveryEmail: EMAIL },
    {},
    { logger, logLevel: "debug" },
  );
  const { client, telegram } = state;
  const token = await client.signIn(await client.requestLoginCode(PHONE), CODE);
  assert(token.kind === "password");
  await client.requestPasswordRecovery(token);
  const emailCode = telegram.api.lastEmailCode(EMAIL) ?? "";
  await client.recoverPassword(token, emailCode, { newPassword: "correct horse" });
  await client.password.setRecoveryEmail("correct horse", "ada@example.org");
  assert(lines.length > 0);
  const secrets = [PHONE.slice(1), CODE, "hunter2", "correct", emailCode, "ada@"];
  for (const line of lines) {
    for (const secret of secrets) assertEquals(line.includes(secret), false, line);
  }
});

/** Each step that calls Telegram, with its preparation. */
const STEPS: Record<string, { on: Parameters<typeof world>[0]; run: (w: World) => Promise<void> }> =
  {
    "auth.sendCode": {
      on: {},
      run: async ({ client }) => {
        assertUser(await client.signIn(await client.requestLoginCode(PHONE), CODE));
      },
    },
    "auth.resendCode": {
      on: { codeWays: ["sms", "call"] },
      run: async ({ client }) => {
        const token = await client.resendCode(await client.requestLoginCode(PHONE));
        assertEquals(token.deliveredBy, "call");
        assertUser(await client.signIn(token, CODE));
      },
    },
    "auth.cancelCode": {
      on: {},
      run: async ({ client }) => await client.cancelCode(await client.requestLoginCode(PHONE)),
    },
    "auth.reportMissingCode": {
      on: {},
      run: async ({ client }) =>
        await client.reportMissingCode(await client.requestLoginCode(PHONE), "01"),
    },
    "auth.checkPaidAuth": {
      on: { codePrice: { currency: "EUR", amount: 1n } },
      run: async ({ client, telegram }) => {
        const token = await client.requestLoginCode(PHONE);
        telegram.api.payForCode(PHONE, 1n);
        assertUser(await client.signIn(await client.checkPaidCode(token, 1n), CODE));
      },
    },
    "auth.signIn": {
      on: {},
      run: async ({ client }) => {
        assertUser(await client.signIn(await client.requestLoginCode(PHONE), CODE));
        assertEquals(await client.isAuthorized(), true);
      },
    },
    "auth.signUp": {
      on: {},
      run: async ({ client }) => {
        const token = await client.signIn(await client.requestLoginCode(NEWCOMER), "44444");
        assert(token.kind === "signUp");
        assertUser(await client.signUp(token, { firstName: "Ada", acceptTerms: true }));
      },
    },
    "account.sendVerifyEmailCode": { on: { needsLoginEmail: true }, run: setUpEmail },
    "account.verifyEmail": { on: { needsLoginEmail: true }, run: setUpEmail },
    "auth.resetLoginEmail": {
      on: { loginEmail: EMAIL },
      run: async ({ client }) => {
        const token = await client.resetLoginEmail(await client.requestLoginCode(PHONE));
        assert(token.delivery.by === "email" && token.delivery.resetPendingDate !== undefined);
      },
    },
  };

async function setUpEmail({ client, telegram }: World): Promise<void> {
  const token = await client.requestLoginCode(PHONE);
  await client.setUpLoginEmail(token, EMAIL);
  const code = telegram.api.lastEmailCode(EMAIL) ?? "";
  assertUser(await client.signIn(await client.verifyLoginEmail(token, code), CODE));
}

for (const [method, { on, run }] of Object.entries(STEPS)) {
  Deno.test(`${method} continues when the line is cut, and runs only once`, async () => {
    await using state = await world(on);
    state.cutAfter(method);
    await run(state);
    assertEquals(state.calls.filter((call) => call === method).length, 1);
  });

  Deno.test(`${method} fails with a ConnectionError when the line is lost for good`, async () => {
    await using state = await world(on);
    state.loseAfter(method);
    await assertRejects(() => run(state), ConnectionError);
  });

  Deno.test(`${method} fails when Telegram limits attempts, and can be repeated`, async () => {
    await using state = await world(on);
    state.telegram.api.failNext(method, { code: 420, message: "FLOOD_WAIT_300" });
    const error = await assertRejects(() => run(state), SignInError);
    assertEquals([error.reason, error.seconds], ["flood", 300]);
    await run(state);
  });
}

Deno.test("A sign-in advises a 2FA password only to users without one", async () => {
  for (const password of [undefined, PASSWORD]) {
    await using state = await world({ password, otherwiseReloginDays: 7 });
    const user = await state.client.start({ phoneNumber: PHONE, phoneCode: CODE, password });
    const days = password === undefined ? 7 : undefined;
    assertEquals(user.authorization?.setupPasswordRequired, days !== undefined);
    assertEquals(user.authorization?.otherwiseReloginDays, days);
    assertEquals((await state.client.getMe())?.authorization, undefined);
  }
});
