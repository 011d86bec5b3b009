/**
 * Tests start() from beginning to end with a real client: cut lines, aborted questions, and a key
 * that is used twice.
 */

import {
  Client,
  ConnectionError,
  type LoginAnswers,
  MemorySession,
  SignInError,
} from "../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { CODE, PASSWORD, PHONE, world } from "../offline_world.ts";

/** What start() calls, in this order, each with the questions that come before it. */
const ASKED_BEFORE: Readonly<Record<string, string[]>> = {
  "auth.sendCode": ["phone"],
  "auth.signIn": ["phone", "code"],
  "account.getPassword": ["phone", "code"],
  "auth.checkPassword": ["phone", "code", "password"],
};
const METHODS = Object.keys(ASKED_BEFORE);

/** Right answers, and which questions were asked. */
function person(): { asked: string[]; answers: LoginAnswers } {
  const asked: string[] = [];
  const answer = (question: string, text: string) => (): string => {
    asked.push(question);
    return text;
  };
  const answers: LoginAnswers = {
    phoneNumber: answer("phone", PHONE),
    phoneCode: answer("code", CODE),
    password: answer("password", PASSWORD),
    onError: (error) => void asked.push(error.message),
  };
  return { asked, answers };
}

for (const [method, before] of Object.entries(ASKED_BEFORE)) {
  Deno.test(`start() repeats no question when the line is cut in ${method}`, async () => {
    await using state = await world({ password: PASSWORD });
    const { asked, answers } = person();
    state.cutAfter(method);
    const user = await state.client.start(answers);
    assertEquals(user.phone, PHONE.slice(1));
    assertEquals(asked, ["phone", "code", "password"]);
    for (const one of METHODS) assertEquals(state.calls.filter((call) => call === one).length, 1);
  });

  Deno.test(`start() fails with a ConnectionError when the line is lost in ${method}`, async () => {
    await using state = await world({ password: PASSWORD });
    const { asked, answers } = person();
    state.loseAfter(method);
    await assertRejects(() => state.client.start(answers), ConnectionError);
    assertEquals(asked, before);
  });
}

Deno.test("start() drops a question when aborted, and can be started again", async () => {
  await using state = await world({ password: PASSWORD });
  for (const question of ["phoneNumber", "phoneCode", "password"] as const) {
    const controller = new AbortController();
    const { answers } = person();
    const never = () => {
      controller.abort(new Error("enough"));
      return new Promise<string>(() => {});
    };
    const { signal } = controller;
    const starting = () => state.client.start({ ...answers, [question]: never, signal });
    await assertRejects(starting, Error, "enough");
  }
  assertEquals((await state.client.start(person().answers)).kind, "user");
});

Deno.test("start() and other waiting sign-ins end when the client disconnects", async () => {
  for (const question of ["phoneNumber", "phoneCode", "password"] as const) {
    await using state = await world({ password: PASSWORD });
    const { client } = state;
    const never = () => {
      void client.disconnect();
      return new Promise<string>(() => {});
    };
    const starting = () => client.start({ ...person().answers, [question]: never });
    await assertRejects(starting, ConnectionError, "disconnected");
  }
  await using state = await world();
  const { client } = state;
  const ask = () => {
    void client.disconnect();
    return new Promise<string>(() => {});
  };
  const asker = { say() {}, askLine: ask, askHidden: ask };
  await assertRejects(() => client.interactiveLogin(undefined, { ask: asker }), ConnectionError);
  await client.connect();
  const askPasskey = () => {
    void client.disconnect();
    return new Promise<never>(() => {});
  };
  await assertRejects(() => client.passkeys.signIn(askPasskey), ConnectionError, "disconnected");
});

Deno.test("a resumed sign-in continues when the line is cut, with the same code", async () => {
  await using state = await world({ password: PASSWORD });
  const { apiId, apiHash, clientOptions } = state.telegram;
  const saved = (await state.client.requestLoginCode(PHONE)).save();
  const session = new MemorySession(state.client.session.state);
  await state.client.disconnect();
  await using next = new Client(session, apiId, apiHash, { ...clientOptions, retryDelay: 1 });
  state.calls.length = 0;
  const login = await next.resumeLogin(saved);
  assert(login.kind === "login");
  state.cutAfter("auth.signIn");
  const token = await next.signIn(login, CODE);
  assert(token.kind === "password");
  const resumed = await next.resumeLogin(token.save());
  assert(resumed.kind === "password");
  state.cutAfter("auth.checkPassword");
  assertEquals((await next.checkPassword(resumed, PASSWORD)).kind, "user");
  assertEquals(state.calls.filter((call) => call === "auth.sendCode"), []);
});

/**
 * What Telegram may answer to any call, with the reason that a program is given: none of it is
 * tried again.
 */
const FATAL: [code: number, message: string, reason: string][] = [
  [406, "AUTH_KEY_DUPLICATED", "authKeyDuplicated"],
  [406, "UPDATE_APP_TO_LOGIN", "appOutdated"],
  [401, "USER_DEACTIVATED_BAN", "accountDeactivated"],
  [420, "FLOOD_WAIT_3600", "flood"],
];

for (const [code, message, reason] of FATAL) {
  Deno.test(`start() throws ${reason} at once when Telegram answers ${message}`, async () => {
    await using state = await world({ password: PASSWORD });
    for (const method of METHODS) {
      const { asked, answers } = person();
      state.calls.length = 0;
      state.telegram.api.failNext(method, { code, message });
      const error = await assertRejects(() => state.client.start(answers), SignInError);
      assertEquals([error.reason, error.errorMessage], [reason, message]);
      assertEquals(state.calls.filter((call) => call === method).length, 1);
      assertEquals(asked.filter((one) => one.startsWith("Cannot")), []);
    }
  });
}

Deno.test("start() finds the user of a step whose answer was lost, and asks nothing", async () => {
  await using state = await world();
  const { client, telegram } = state;
  const token = await client.requestLoginCode(PHONE);
  const handle = telegram.api.handle.bind(telegram.api);
  telegram.api.handle = (request, caller) => {
    telegram.api.handle = handle;
    try {
      return handle(request, caller);
      // As when a server of Telegram's is started anew: the call comes again, to one that knows
      // nothing of it.
    } finally {
      telegram.dc().forgetSessions();
      telegram.dc().disconnectAll();
    }
  };
  const error = await assertRejects(() => client.signIn(token, CODE), SignInError);
  assertEquals(error.reason, "codeExpired");
  const { asked, answers } = person();
  assertEquals((await client.start(answers)).phone, PHONE.slice(1));
  assertEquals(asked, []);
});
