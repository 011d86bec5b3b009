import { Client, MemorySession, StoreSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertNotEquals } from "../helpers/assert.ts";
import { CODE, PASSWORD, PHONE, PHONE_WITH_PASSWORD } from "../helpers/sign_in_flows.ts";

function clientOf(telegram: OfflineTelegram, session: MemorySession): Client<MemorySession> {
  const { apiId, apiHash, clientOptions } = telegram;
  return new Client(session, apiId, apiHash, clientOptions);
}

async function signInAndOut(telegram: OfflineTelegram, session: MemorySession): Promise<void> {
  await using client = clientOf(telegram, session);
  await client.start({
    phoneNumber: PHONE_WITH_PASSWORD,
    phoneCode: CODE,
    password: PASSWORD,
  });
  await client.signOut();
}

Deno.test("a future token replaces the code of the next sign-in, not the password", async () => {
  await using telegram = new OfflineTelegram();
  const session = new MemorySession();
  await signInAndOut(telegram, session);
  assertEquals(session.state.futureAuthTokens?.length, 1);
  const kept = new MemorySession({ ...session.state });
  await using client = clientOf(telegram, kept);
  const login = await client.requestLoginCode(PHONE_WITH_PASSWORD);
  assertEquals([login.deliveredBy, login.outcome?.kind], ["notNeeded", "password"]);
  assert(login.outcome?.kind === "password");
  await client.checkPassword(login.outcome, PASSWORD);
  assertEquals((await client.getMe())?.phone, PHONE_WITH_PASSWORD.slice(1));
});

Deno.test("the first call of a client loads the session and offers its token", async () => {
  await using telegram = new OfflineTelegram();
  const values = new Map<string, string>();
  const session = () =>
    new StoreSession("me", {
      get: (key) => values.get(key),
      set: (key, value) => void values.set(key, value),
      delete: (key) => void values.delete(key),
    });
  await signInAndOut(telegram, session());
  await using client = clientOf(telegram, session());
  const login = await client.requestLoginCode(PHONE_WITH_PASSWORD);
  assertEquals([login.deliveredBy, login.outcome?.kind], ["notNeeded", "password"]);
});

Deno.test("start() needs no code for somebody who left with a token", async () => {
  await using telegram = new OfflineTelegram();
  const session = new MemorySession();
  await signInAndOut(telegram, session);
  await using client = clientOf(telegram, session);
  const phoneCode = () => Promise.reject(new Error("asked for a code"));
  const user = await client.start({
    phoneNumber: PHONE_WITH_PASSWORD,
    phoneCode,
    password: PASSWORD,
  });
  assertEquals(user.phone, PHONE_WITH_PASSWORD.slice(1));
});

Deno.test("the next sign-in needs no input when the password was removed", async () => {
  await using telegram = new OfflineTelegram();
  const session = new MemorySession();
  await signInAndOut(telegram, session);
  await using other = clientOf(telegram, new MemorySession());
  await other.start({ phoneNumber: PHONE_WITH_PASSWORD, phoneCode: CODE, password: PASSWORD });
  await other.password.remove(PASSWORD);
  await using client = clientOf(telegram, session);
  const login = await client.requestLoginCode(PHONE_WITH_PASSWORD);
  assertEquals([login.deliveredBy, login.outcome?.kind], ["notNeeded", "user"]);
});

Deno.test("a token of somebody else does not sign in, and the code is sent", async () => {
  await using telegram = new OfflineTelegram();
  const session = new MemorySession();
  await signInAndOut(telegram, session);
  await using client = clientOf(telegram, session);
  const login = await client.requestLoginCode(PHONE);
  assertNotEquals(login.deliveredBy, "notNeeded");
  assertEquals((await client.signIn(login, CODE)).kind, "user");
});

Deno.test("twenty tokens are kept, the newest ones", async () => {
  await using telegram = new OfflineTelegram();
  const old = Array.from({ length: 20 }, (_, index) => Uint8Array.of(index));
  const session = new MemorySession({ futureAuthTokens: old });
  await signInAndOut(telegram, session);
  const { futureAuthTokens: tokens = [] } = session.state;
  assertEquals([tokens.length, tokens[0].length, tokens[19]], [20, 32, Uint8Array.of(18)]);
});
