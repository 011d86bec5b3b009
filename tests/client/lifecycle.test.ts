import {
  Client,
  ConnectionError,
  type KeyValueStore,
  MemorySession,
  RpcError,
  SignInError,
  StoreSession,
  StringSession,
  TelegramClient,
} from "../../mod.ts";
import type { Dial } from "../../src/net/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals } from "../helpers/assert.ts";
import { lastMessage } from "../runtimes/scenario.ts";
import { BOT_TOKEN, clientOf, CODE, PHONE } from "../helpers/sign_in_flows.ts";

/** A store of texts in memory. */
class MemoryStore extends Map<string, string> implements KeyValueStore {}

Deno.test("TelegramClient is Client", () => assertStrictEquals(TelegramClient, Client));

Deno.test("connect() connects once, however often it is called", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  assertEquals(client.connected, false);
  await Promise.all([client.connect(), client.connect()]);
  await client.connect();
  assertEquals(client.connected, true);
  assertEquals(telegram.dc().connectionCount, 1);
});

Deno.test("disconnect() can be called at any time, and twice", async () => {
  await using telegram = new OfflineTelegram();
  const client = clientOf(telegram);
  await client.disconnect(); // never connected
  await client.connect();
  await Promise.all([client.disconnect(), client.destroy()]);
  await client.disconnect();
  assertEquals(client.connected, false);
});

Deno.test("disconnect() in the middle of connecting ends that", async () => {
  await using telegram = new OfflineTelegram();
  const client = clientOf(telegram);
  const connecting = client.connect();
  const failed = assertRejects(() => connecting, ConnectionError, "disconnected");
  await client.disconnect();
  await failed;
  assertEquals(client.connected, false);
});

for (const waiting of ["the session is loaded", "a connection is made"] as const) {
  Deno.test(`Every step can be aborted while ${waiting}; the client stays usable`, async () => {
    await using telegram = new OfflineTelegram();
    const first = clientOf(telegram);
    const token = (await first.requestLoginCode(PHONE)).save();
    await first.disconnect();
    const gate = Promise.withResolvers<void>();
    class Slow extends StringSession {
      override load(): Promise<void> {
        return gate.promise;
      }
    }
    const isLoading = waiting === "the session is loaded";
    const session = new (isLoading ? Slow : StringSession)(first.session.save());
    const { dial } = telegram.clientOptions;
    const slowly: Dial = (address, signal) => gate.promise.then(() => dial(address, signal));
    await using client = clientOf(telegram, isLoading ? {} : { dial: slowly }, session);
    const steps: ((signal: AbortSignal) => Promise<unknown>)[] = [
      (signal) => client.connect({ signal }),
      (signal) => client.resumeLogin(token, { signal }),
      (signal) => client.requestLoginCode(PHONE, { signal }),
      (signal) => client.start({ phoneNumber: PHONE, phoneCode: CODE, signal }),
      (signal) => client.botSignIn(BOT_TOKEN, { signal }),
      (signal) => client.interactiveLogin(BOT_TOKEN, { signal }),
      (signal) => client.qrLogin({ signal }).result,
      (signal) => client.invoke({ _: "help.getConfig" }, { signal, dcId: 2 }),
    ];
    for (const step of steps) {
      const controller = new AbortController();
      const stepping = step(controller.signal);
      setTimeout(() => controller.abort(new Error("enough")));
      await assertRejects(() => stepping, Error, "enough");
      await assertRejects(() => step(AbortSignal.abort(new Error("enough"))), Error, "enough");
    }
    gate.resolve();
    const login = await client.resumeLogin(token);
    assert(login.kind === "login");
    assertEquals((await client.signIn(login, CODE)).kind, "user");
  });
}

Deno.test("A disconnected client can be connected again, and is still signed in", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  await client.botSignIn(BOT_TOKEN);
  await client.disconnect();
  await client.connect();
  assertEquals((await client.getMe())?.id, 777n);
  void client.disconnect();
  await client.connect(); // as soon as the disconnecting is done
  assertEquals(client.connected, true);
  assertEquals(await client.isAuthorized(), true);
});

Deno.test("A call before connect() connects", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  assertEquals(await client.isAuthorized(), false);
  assertEquals(client.connected, true);
});

Deno.test("Pending and later calls fail with a ConnectionError after disconnect()", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  await client.connect();
  const waiting = assertRejects(() => client.isAuthorized(), ConnectionError, "disconnected");
  await client.disconnect();
  await waiting;
  for (
    const call of [
      () => client.isAuthorized(),
      () => client.getMe(),
      () => client.invoke({ _: "help.getConfig" }),
      () => client.sendMessage("me", "Hello!"),
      () => client.requestLoginCode(PHONE),
      () => client.signOut(),
    ]
  ) await assertRejects(call, ConnectionError, "Call connect() first");
});

Deno.test("await using disconnects, and does not sign out", async () => {
  await using telegram = new OfflineTelegram();
  const session = new MemorySession();
  const { apiId, apiHash, clientOptions } = telegram;
  let outside: Client;
  {
    await using client = await Client.open(session, apiId, apiHash, clientOptions);
    await client.botSignIn(BOT_TOKEN);
    outside = client;
  }
  assertEquals(outside.connected, false);
  await using client = await Client.open(session, apiId, apiHash, clientOptions);
  assertEquals(await client.isAuthorized(), true);
});

Deno.test("Client.open() leaves nothing behind when it cannot connect", async () => {
  const { apiId, apiHash, clientOptions } = new OfflineTelegram();
  const dial = () => Promise.reject(new ConnectionError("Cannot connect: no network"));
  const options = { ...clientOptions, dial, connectionRetries: 0 };
  let closed = 0;
  const session = Object.assign(new MemorySession(), { close: () => void closed++ });
  await assertRejects(
    () => Client.open(session, apiId, apiHash, options),
    ConnectionError,
    "no net",
  );
  assertEquals(closed, 1);
});

Deno.test("Two clients of two accounts work at the same time", async () => {
  await using telegram = new OfflineTelegram();
  await using user = clientOf(telegram);
  await using bot = clientOf(telegram);
  const [one, two] = await Promise.all([
    user.start({ phoneNumber: PHONE, phoneCode: CODE }),
    bot.start({ botAuthToken: BOT_TOKEN }),
  ]);
  assertEquals([one.isBot, two.isBot], [false, true]);
  const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
  const [sent] = await Promise.all([
    Promise.all(texts.map((text) => user.sendMessage("me", text))),
    Promise.all(texts.map(() => bot.getMe())),
  ]);
  assertEquals(sent.map(({ text }) => text), texts);
});

Deno.test("Two clients of one account see the same messages", async () => {
  await using telegram = new OfflineTelegram();
  const [one, two] = [clientOf(telegram), clientOf(telegram)];
  for (const client of [one, two]) await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  await one.sendMessage("me", { message: "from the first" });
  assertEquals((await lastMessage(two))?.text, "from the first");
  await one.signOut();
  assertEquals([await one.isAuthorized(), await two.isAuthorized()], [false, true]);
  await Promise.all([one.disconnect(), two.disconnect()]);
});

Deno.test("isAuthorized() is false only if Telegram confirms it", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  assertEquals(await client.isAuthorized(), false);
  await client.botSignIn(BOT_TOKEN);
  assertEquals(await client.checkAuthorization(), true);
  for (const message of ["AUTH_KEY_UNREGISTERED", "SESSION_REVOKED", "USER_DEACTIVATED"]) {
    telegram.api.failNext("updates.getState", { code: 401, message });
    assertEquals(await client.isAuthorized(), false, message);
  }
  telegram.api.failNext("updates.getState", { code: 400, message: "SOMETHING_ELSE" });
  await assertRejects(() => client.isAuthorized(), RpcError, "SOMETHING_ELSE");
  telegram.api.failNext("updates.getState", { code: 406, message: "AUTH_KEY_DUPLICATED" });
  const error = await assertRejects(() => client.isAuthorized(), SignInError);
  assertEquals(error.reason, "authKeyDuplicated");
  await client.disconnect();
  await assertRejects(() => client.isAuthorized(), ConnectionError);
});

Deno.test("signOut() ends the session for good, here and at Telegram", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  const text = client.session.save();
  assertEquals(telegram.api.authorizations(PHONE).length, 1);
  await client.signOut();
  assertEquals(telegram.api.authorizations(PHONE).length, 0);
  assertEquals(client.session.state.user, undefined);
  assertEquals(await client.getMe(), undefined);
  await client.signOut(); // nobody is signed in: nothing happens
  await using restored = clientOf(telegram, {}, new StringSession(text));
  assertEquals(await restored.isAuthorized(), false);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  assertEquals(await client.isAuthorized(), true, "one can sign in again");
});

Deno.test("What was received as one user is gone when nobody or another signs in", async () => {
  await using telegram = new OfflineTelegram();
  const session = new StoreSession("me", new MemoryStore());
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(session, apiId, apiHash, clientOptions);
  const received = { pts: 1, qts: 1, date: 1, seq: 1 };
  const receive = async (): Promise<void> => {
    await client.start({ phoneNumber: PHONE, phoneCode: CODE });
    session.state.updates = received;
    await session.updates?.save("of the person");
  };
  await receive();
  await client.signIn(await client.requestLoginCode(PHONE), CODE); // the same user
  assertEquals(session.state.updates, received);
  assertEquals(await session.updates?.load(), "of the person");
  await client.botSignIn(BOT_TOKEN);
  assertEquals(session.state.updates, undefined);
  assertEquals(await session.updates?.load(), undefined);
  await client.signOut();
  await receive();
  await client.signOut();
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  assertEquals(session.state.updates, undefined);
  assertEquals(await session.updates?.load(), undefined);
});

Deno.test("The session is kept after signing in and signing out, with its key", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const kept: [user: bigint | undefined, hasKey: boolean][] = [];
  client.session.save = () => {
    const { user, dcs: [dc] } = client.session.state;
    kept.push([user?.id, dc.authKey?.length === 256]);
    return "";
  };
  const { id } = await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  assertEquals(kept, [[id, true]]);
  await client.signOut();
  assertEquals(kept, [[id, true], [undefined, true]]);
  await client.disconnect();
  const after = kept.slice(2).map(([user]) => user); // the salt may be kept once more
  assertEquals(after.filter((user) => user !== undefined), [], "a log-out is not undone");
});

Deno.test("The session is loaded before connecting, and closed when disconnecting", async () => {
  await using telegram = new OfflineTelegram();
  const happened: string[] = [];
  class LoggedSession extends MemorySession {
    override async load(): Promise<void> {
      await Promise.resolve();
      happened.push("load");
    }
    override close(): void {
      happened.push("close");
    }
  }
  const { apiId, apiHash, clientOptions } = telegram;
  const client = new Client(new LoggedSession(), apiId, apiHash, {
    ...clientOptions,
    dial(address, signal) {
      happened.push("dial");
      return telegram.dial(address, signal);
    },
  });
  await client.connect();
  await client.disconnect();
  assertEquals(happened, ["load", "dial", "close"]);
});

Deno.test("A session that fails to load fails the call; the next call retries", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  let broken = true;
  const session = Object.assign(new MemorySession(), {
    load() {
      if (broken) throw new Error("the disk is gone");
    },
  });
  await using client = new Client(session, apiId, apiHash, clientOptions);
  await assertRejects(() => client.connect(), Error, "the disk is gone");
  broken = false;
  await client.connect();
  assert(client.connected);
});

Deno.test("A session of any shape that fits will do: it need not extend anything", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  const session = { state: new MemorySession().state, load() {}, save: () => 42 };
  await using client = new Client(session, apiId, apiHash, clientOptions);
  await client.botSignIn(BOT_TOKEN);
  const saved: number = client.session.save();
  assertEquals(saved, 42);
});

Deno.test("An error of an update listener is harmless, at once or later", async () => {
  const failures: ((text: string) => unknown)[] = [
    (text) => {
      throw new Error(text);
    },
    (text) => Promise.reject(new Error(text)),
  ];
  for (const failure of failures) {
    await using telegram = new OfflineTelegram();
    const seen: string[] = [];
    const lines: string[] = [];
    const log = (line: string): void => void lines.push(line);
    await using one = clientOf(telegram);
    await using two = clientOf(telegram, {
      onUpdates(updates) {
        seen.push(updates._);
        return failure("not my day");
      },
      logger: { debug: log, info: log, warn: log, error: log },
      logLevel: "error",
    });
    for (const client of [one, two]) await client.start({ phoneNumber: PHONE, phoneCode: CODE });
    await one.sendMessage("me", "first");
    await one.sendMessage("me", "second");
    assertEquals(await two.isAuthorized(), true); // its answer comes after the updates
    assertEquals(seen.length, 2);
    assertEquals(
      lines.map((line) => line.split("\n")[0]),
      Array(2).fill("A listener failed: Error: not my day"),
    );
  }
});

Deno.test("each disconnect() tells why the session could not be saved", async () => {
  await using telegram = new OfflineTelegram();
  const store = new MemoryStore();
  const { apiId, apiHash, clientOptions } = telegram;
  const client = new Client(new StoreSession("me", store), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  store.set = () => {
    throw new Error("disk full");
  };
  for (let i = 0; i < 3; i++) await assertRejects(() => client.disconnect(), Error, "disk full");
});

Deno.test("an error without a text of a listener is logged, and ends nothing", async () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram, {
    logger: { debug: log, info: log, warn: log, error: log },
    logLevel: "error",
  });
  const off = client.on("status", () => {
    throw Object.create(null);
  });
  await client.connect();
  off();
  assertEquals(lines.length, 2); // connecting, connected
  assert(lines.every((line) => line.startsWith("A listener failed: ")), lines.join());
});

Deno.test("disconnect() also ends a connect() that waits for the disconnect() before", async () => {
  await using telegram = new OfflineTelegram();
  const client = clientOf(telegram);
  await client.connect();
  const first = client.disconnect();
  const connecting = assertRejects(() => client.connect(), ConnectionError, "was disconnected");
  await client.disconnect();
  await Promise.all([first, connecting]);
  assertEquals(client.status.state, "closed");
  await client.connect();
  assertEquals(client.status.state, "connected");
  await client.disconnect();
});
