/**
 * Tests that a session refuses the tokens of another session. Telegram would only say that their
 * code has expired.
 */

import { type Client, SignInError } from "../../../mod.ts";
import type { LoginToken, PasswordToken, SignUpToken } from "../../../src/auth/tokens/mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { clientOf, CODE, PASSWORD, PHONE_WITH_PASSWORD } from "../../helpers/sign_in_flows.ts";

const NEWCOMER = "+9996644444";
const LEFT = "+9996623333";
const RECOVERY = "ada@example.com";

interface Tokens {
  readonly login: LoginToken;
  /** Of somebody who left with a future auth token: no code is needed. */
  readonly notNeeded: LoginToken;
  readonly password: PasswordToken;
  readonly signUp: SignUpToken;
}

function offline(): OfflineTelegram {
  const withPassword = { code: CODE, password: PASSWORD, recoveryEmail: RECOVERY };
  return new OfflineTelegram({
    accounts: [{ phone: PHONE_WITH_PASSWORD, ...withPassword }, { phone: LEFT, ...withPassword }],
  });
}

/** Every kind of token, each saved and resumed where that can be done. */
async function tokensOf(client: Client): Promise<Tokens> {
  await client.start({ phoneNumber: LEFT, phoneCode: CODE, password: PASSWORD });
  await client.signOut();
  const notNeeded = await client.requestLoginCode(LEFT);
  assert(notNeeded.outcome !== undefined);
  const signUp = await client.signIn(await client.requestLoginCode(NEWCOMER), "44444");
  const login = await client.resumeLogin(
    (await client.requestLoginCode(PHONE_WITH_PASSWORD)).save(),
  );
  assert(signUp.kind === "signUp" && login.kind === "login");
  const password = await client.signIn(login, CODE);
  assert(password.kind === "password");
  return { login, notNeeded, password, signUp };
}

const STEPS: Readonly<Record<string, (client: Client, tokens: Tokens) => Promise<unknown>>> = {
  "signIn()": (client, { login }) => client.signIn(login, CODE),
  "signIn() without a code": (client, { notNeeded }) => client.signIn(notNeeded, ""),
  "resendCode()": (client, { login }) => client.resendCode(login),
  "cancelCode()": (client, { login }) => client.cancelCode(login),
  "reportMissingCode()": (client, { login }) => client.reportMissingCode(login, "01"),
  "checkPaidCode()": (client, { login }) => client.checkPaidCode(login, 1n),
  "setUpLoginEmail()": (client, { login }) => client.setUpLoginEmail(login, RECOVERY),
  "verifyLoginEmail()": (client, { login }) => client.verifyLoginEmail(login, CODE),
  "resetLoginEmail()": (client, { login }) => client.resetLoginEmail(login),
  "checkPassword()": (client, { password }) => client.checkPassword(password, PASSWORD),
  "requestPasswordRecovery()": (client, { password }) => client.requestPasswordRecovery(password),
  "recoverPassword()": (client, { password }) => client.recoverPassword(password, CODE),
  "signUp()": (client, { signUp }) => client.signUp(signUp, { firstName: "A", acceptTerms: true }),
  "resumeLogin()": (client, { login }) => client.resumeLogin(login.save()),
};

Deno.test("every step refuses a token of another session without a call", async (test) => {
  await using telegram = offline();
  await using owner = clientOf(telegram);
  const tokens = await tokensOf(owner);
  const { api } = telegram;
  const handle = api.handle.bind(api);
  const calls: string[] = [];
  api.handle = (request, caller) => {
    calls.push(request._);
    return handle(request, caller);
  };
  for (const [name, step] of Object.entries(STEPS)) {
    for (const isConnected of [false, true]) {
      await test.step(`${name}, ${isConnected ? "connected" : "not connected yet"}`, async () => {
        await using stranger = clientOf(telegram);
        if (isConnected) await stranger.connect();
        calls.length = 0;
        const error = await assertRejects(() => step(stranger, tokens), SignInError);
        assertEquals([error.reason, error.seconds], ["otherSession", undefined]);
        assertEquals(calls, []);
      });
    }
  }
  // With its own session each is as good as before.
  assertEquals((await owner.checkPassword(tokens.password, PASSWORD)).kind, "user");
});

Deno.test("a client that was not connected takes the tokens of its own session", async () => {
  await using telegram = offline();
  await using before = clientOf(telegram);
  const login = await before.requestLoginCode(PHONE_WITH_PASSWORD);
  await before.disconnect();
  await using after = clientOf(telegram, {}, before.session);
  assertEquals((await after.signIn(login, CODE)).kind, "password");
});
