/**
 * The home moves to another data center while other calls, users and failures come between.
 */
import {
  Client,
  type ClientOptions,
  ConnectionError,
  type Dial,
  MemorySession,
  type MethodCall,
  RpcError,
} from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";

const [PHONE, PHONE_AT_4] = ["+9996621111", "+9996624444"];
const [CODE, BOT] = ["22222", "777:TESTTOKEN"];
const SELF: MethodCall<"users.getUsers"> = { _: "users.getUsers", id: [{ _: "inputUserSelf" }] };
const NEAREST = { _: "help.getNearestDc" } as const;
const TO_4 = { code: 303, message: "USER_MIGRATE_4" };
const cluster = () =>
  new OfflineTelegram({
    dcs: [1, 2, 4],
    accounts: [{ phone: PHONE, code: CODE }, { phone: PHONE_AT_4, code: CODE, dcId: 4 }],
    bots: [{ token: BOT }],
  });
const clientOf = (
  t: OfflineTelegram,
  options: ClientOptions = {},
  session = new MemorySession(),
): Client<MemorySession> =>
  new Client(session, t.apiId, t.apiHash, { ...t.clientOptions, ...options });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("No call is made with the key of the user before, after a move that failed", async () => {
  await using telegram = cluster();
  const first = new MemorySession();
  {
    await using client = clientOf(telegram, {}, first);
    await client.start({ phoneNumber: PHONE, phoneCode: CODE });
    await client.invoke(SELF, { dcId: 4 });
  }
  let isDown = false;
  const dial: Dial = (address, signal) =>
    address.dcId === 4 && isDown
      ? Promise.reject(new ConnectionError("4 is down"))
      : telegram.clientOptions.dial(address, signal);
  const session = new MemorySession(first.state);
  await using client = clientOf(telegram, { dial, connectionRetries: 0 }, session);
  await client.connect();
  isDown = true;
  telegram.api.failNext("updates.getState", TO_4);
  await assertRejects(() => client.isAuthorized(), ConnectionError, "4 is down");
  isDown = false;
  await client.botSignIn(BOT);
  assertEquals((await client.invoke(SELF, { dcId: 4 }))[0].id, 777n);
});

Deno.test("A call to a data center that becomes the home leaves its key alone", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  await client.invoke(SELF, { dcId: 4 });
  telegram.api.failNext("help.getNearestDc", { code: 420, message: "FLOOD_WAIT_1" });
  const waiting = client.invoke(NEAREST, { dcId: 4 });
  await sleep(20);
  await client.signOut();
  const token = await client.requestLoginCode(PHONE_AT_4);
  const user = await client.signIn(token, CODE);
  await waiting;
  assert(user.kind === "user");
  assertEquals((await client.getMe())?.id, user.id);
});

Deno.test("A home that moves away and back keeps its connection for a call", async () => {
  await using telegram = cluster();
  const dialled: unknown[] = [];
  const dial: Dial = (address, signal) => {
    dialled.push(address.dcId);
    return telegram.clientOptions.dial(address, signal);
  };
  await using client = clientOf(telegram, { dial });
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  const before = dialled.length;
  const { api } = telegram;
  const handle = api.handle.bind(api);
  const answer = Promise.withResolvers<void>();
  api.handle = (request, caller) =>
    request._ === NEAREST._
      ? answer.promise.then(() => handle(request, caller))
      : handle(request, caller);
  const waiting = client.invoke(NEAREST);
  for (const message of ["USER_MIGRATE_4", "USER_MIGRATE_2"]) {
    api.failNext("help.getConfig", { code: 303, message });
    await client.invoke({ _: "help.getConfig" });
  }
  answer.resolve();
  assertEquals((await waiting)._, "nearestDc");
  assertEquals((await client.invoke(SELF))[0]._, "user");
  assertEquals(dialled.slice(before), [4]);
});

Deno.test("A call to a data center does not end the move there", async () => {
  await using telegram = cluster();
  const reached = Promise.withResolvers<void>(), open = Promise.withResolvers<void>();
  const streams: { close(): void }[] = [];
  let isSlow = false;
  const dial: Dial = async (address, signal) => {
    if (address.dcId === 4 && isSlow) {
      reached.resolve();
      await open.promise;
    }
    const stream = await telegram.clientOptions.dial(address, signal);
    if (address.dcId === 4) streams.push(stream);
    return stream;
  };
  await using client = clientOf(telegram, { dial });
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  await client.invoke(SELF, { dcId: 4 });
  await client.signOut();
  isSlow = true;
  for (const stream of streams) stream.close();
  await sleep(30);
  const login = client.requestLoginCode(PHONE_AT_4);
  await reached.promise;
  await sleep(20);
  const call = client.invoke(NEAREST, { dcId: 4 });
  await sleep(20);
  open.resolve();
  assertEquals((await login).kind, "login");
  assertEquals((await call).thisDc, 4);
});

Deno.test("A call that is made during a move waits for the new home", async () => {
  await using telegram = cluster();
  const reached = Promise.withResolvers<void>(), open = Promise.withResolvers<void>();
  let lag = 0;
  const dial: Dial = async (address, signal) => {
    if (address.dcId === 4) {
      reached.resolve();
      await open.promise;
    }
    const stream = await telegram.clientOptions.dial(address, signal);
    return {
      read: () => stream.read(),
      async write(bytes) {
        if (address.dcId === 2 && lag > 0) await sleep(lag);
        return await stream.write(bytes);
      },
      close: () => stream.close(),
    };
  };
  await using client = clientOf(telegram, { dial });
  await client.invoke(NEAREST);
  telegram.api.failNext("updates.getState", TO_4);
  const moved = client.isAuthorized();
  await reached.promise;
  lag = 2000;
  const call = client.invoke(NEAREST);
  await sleep(20);
  open.resolve();
  assertEquals((await call).thisDc, 4);
  await moved;
});

Deno.test("A call that names the home does not follow the account elsewhere", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  telegram.api.failNext("help.getNearestDc", TO_4);
  await assertRejects(() => client.invoke(NEAREST, { dcId: 2 }), RpcError, "USER_MIGRATE_4");
  telegram.api.failNext("auth.exportAuthorization", { code: 303, message: "USER_MIGRATE_1" });
  await assertRejects(() => client.invoke(SELF, { dcId: 4 }), RpcError, "USER_MIGRATE_1");
  assertEquals(client.session.state.dcId, 2);
  assert(await client.isAuthorized());
});
