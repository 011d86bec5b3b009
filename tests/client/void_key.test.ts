/**
 * Telegram has ended a sign-in because two programs used it at once (AUTH_KEY_DUPLICATED): the
 * client says so once, forgets the keys, and can sign in again.
 */
import {
  Client,
  type ConnectionStatus,
  MemorySession,
  type MethodCall,
  RpcError,
  SignInError,
  SqliteSession,
  StringSession,
} from "../../mod.ts";
import { SessionDcBook } from "../../src/session/mod.ts";
import { AuthKey } from "../../src/mtproto/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";

const ANSWERS = { phoneNumber: "+9996621111", phoneCode: "22222" };
const SELF: MethodCall<"users.getUsers"> = { _: "users.getUsers", id: [{ _: "inputUserSelf" }] };
const GET_STATE = { _: "updates.getState" } as const;

function clientOf<S extends MemorySession>(telegram: OfflineTelegram, session: S): Client<S> {
  return new Client(session, telegram.apiId, telegram.apiHash, telegram.clientOptions);
}

/** Two other programs use the session of a client at once, until Telegram ends it. */
async function useElsewhere<S extends MemorySession>(
  telegram: OfflineTelegram,
  { session: { state } }: Client<S>,
): Promise<void> {
  await using one = clientOf(telegram, new MemorySession(structuredClone(state)));
  await using two = clientOf(telegram, new MemorySession(structuredClone(state)));
  const isRefused = (client: Client<MemorySession>): Promise<boolean> =>
    client.invoke(GET_STATE).then(() => false, () => true);
  for (let round = 0; !(await isRefused(one) || await isRefused(two)); round++) {
    assert(round < 100, "Telegram does not notice it");
  }
}

function keysIn({ state }: MemorySession): number {
  return state.dcs.filter(({ authKey }) => authKey !== undefined).length;
}

Deno.test("A client whose session another program used says so, and signs in again", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram, new StringSession());
  await client.start(ANSWERS);
  const before = client.session.save();
  await useElsewhere(telegram, client);
  const error = await assertRejects(() => client.invoke(GET_STATE), RpcError);
  assertEquals(
    error.message,
    'Cannot call "updates.getState": Telegram answered AUTH_KEY_DUPLICATED (406): two ' +
      "programs used this session at the same time. It is void for both: sign in again, and use " +
      "each session in one program (see docs/sessions.md).",
  );
  assertEquals([keysIn(client.session), client.session.state.user], [0, undefined]);
  await assertRejects(() => client.invoke(GET_STATE), RpcError, "AUTH_KEY_UNREGISTERED");
  await client.start(ANSWERS);
  assertEquals((await client.invoke(SELF)).length, 1);
  assert(client.session.save() !== before);
  // Another program is told the same, and can have a sign-in of its own.
  await using other = clientOf(telegram, new StringSession(before));
  const told = await assertRejects(() => other.start(ANSWERS), SignInError);
  assertEquals(told.reason, "authKeyDuplicated");
  await other.start(ANSWERS);
  await Promise.all([client.invoke(SELF), other.invoke(SELF), client.invoke(SELF)]);
  assertEquals(telegram.api.authorizations(ANSWERS.phoneNumber).length, 2);
});

Deno.test("Calls that are under way together get one error each, and one new key", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram, new MemorySession());
  await client.start(ANSWERS);
  await useElsewhere(telegram, client);
  const calls = Array.from({ length: 5 }, () => client.invoke(GET_STATE));
  for (const call of calls) await assertRejects(() => call, RpcError, "AUTH_KEY_DUPLICATED");
  const later = Array.from({ length: 5 }, () => client.invoke(GET_STATE));
  for (const call of later) await assertRejects(() => call, RpcError, "AUTH_KEY_UNREGISTERED");
  assertEquals(keysIn(client.session), 1);
});

Deno.test("The keys of all data centers are void together", async () => {
  await using telegram = new OfflineTelegram({ dcs: [2, 4] });
  await using client = clientOf(telegram, new MemorySession());
  await client.start(ANSWERS);
  await client.invoke(SELF, { dcId: 4 });
  assertEquals(keysIn(client.session), 2);
  await useElsewhere(telegram, client);
  await assertRejects(() => client.invoke(GET_STATE), RpcError, "AUTH_KEY_DUPLICATED");
  assertEquals(keysIn(client.session), 0);
  await client.start(ANSWERS);
  assertEquals((await client.invoke(SELF, { dcId: 4 })).length, 1);
});

Deno.test("A program that only listens is told by the status", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const options = { ...clientOptions, onUpdates: () => {} };
  await using client = new Client(new MemorySession(), apiId, apiHash, options);
  await client.start(ANSWERS);
  const closed = new Promise<ConnectionStatus>((resolve) =>
    client.on("status", (status) => status.state === "closed" && resolve(status))
  );
  await useElsewhere(telegram, client);
  await assertRejects(() => client.invoke(GET_STATE), RpcError, "AUTH_KEY_DUPLICATED");
  const status = await closed;
  assert(status.state === "closed" && status.reason?.message.includes("two programs used this"));
});

Deno.test("A program that ends with the error signs in again at its next start", async () => {
  await using telegram = new OfflineTelegram();
  const path = await Deno.makeTempFile({ suffix: ".session" });
  try {
    {
      await using client = clientOf(telegram, new SqliteSession(path));
      await client.start(ANSWERS);
      await useElsewhere(telegram, client);
      await assertRejects(() => client.invoke(GET_STATE), RpcError, "AUTH_KEY_DUPLICATED");
    }
    const session = new SqliteSession(path);
    await session.load();
    assertEquals([keysIn(session), session.state.user], [0, undefined]);
    await session.close();
    await using client = clientOf(telegram, new SqliteSession(path));
    await client.start(ANSWERS);
    assertEquals((await client.invoke(SELF)).length, 1);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("A connection that still has a forgotten key does not bring it back", () => {
  const session = new MemorySession();
  session.setDC(2, "dc2.offline", 443);
  const book = new SessionDcBook(session, { givenDcs: [], knownDcs: [], isTcp: true });
  const state = {
    authKey: new AuthKey(new Uint8Array(256).fill(7)),
    serverSalt: 1n,
    timeOffset: 0,
  };
  book.keep(2, state);
  book.forgetKeys();
  book.keep(2, { ...state, serverSalt: 2n });
  assertEquals(keysIn(session), 0);
  book.keep(2, { ...state, authKey: new AuthKey(new Uint8Array(256).fill(8)) });
  assertEquals(keysIn(session), 1);
});
