import { ConnectionError, type Dial, RpcError, StringSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";
import { lastMessage } from "../runtimes/scenario.ts";
import { BOT_TOKEN, clientOf, CODE, PASSWORD, PHONE } from "../helpers/sign_in_flows.ts";

const PHONE_AT_4 = "+9996624444";
const BOT_AT_4 = "444:TESTTOKEN";

function cluster(): OfflineTelegram {
  return new OfflineTelegram({
    dcs: [1, 2, 4],
    accounts: [{ phone: PHONE, code: CODE }, {
      phone: PHONE_AT_4,
      code: CODE,
      password: PASSWORD,
      dcId: 4,
    }],
    bots: [{ token: BOT_TOKEN }, { token: BOT_AT_4, dcId: 4 }],
  });
}

Deno.test("Client follows PHONE_MIGRATE to the account's data center and stays", async () => {
  await using telegram = cluster();
  let text: string;
  {
    await using client = clientOf(telegram);
    await client.connect();
    const login = await client.requestLoginCode(PHONE_AT_4);
    assertEquals(client.session.state.dcId, 4);
    const token = await client.signIn(login, CODE);
    assert(token.kind === "password");
    const user = await client.checkPassword(token, PASSWORD);
    assertEquals(client.session.state.user?.dcId, 4);
    assertEquals(client.session.state.user?.id, user.id);
    await client.sendMessage("me", "from 4");
    text = client.session.save();
  }
  const session = new StringSession(text);
  assertEquals(session.state.dcId, 4);
  await using client = clientOf(telegram, {}, session);
  assertEquals((await lastMessage(client))?.text, "from 4");
  assertEquals(telegram.dc(2).connectionCount, 0);
});

Deno.test("Client follows USER_MIGRATE to the bot's data center, and stays there", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  await client.start({ botAuthToken: BOT_AT_4 });
  assertEquals(client.session.state.dcId, 4);
  assertEquals(client.session.state.user, {
    id: 444n,
    isBot: true,
    username: "test_444_bot",
    dcId: 4,
  });
  await using restored = clientOf(telegram, {}, new StringSession(client.session.save()));
  assertEquals((await restored.getMe())?.id, 444n);
});

Deno.test("Client follows NETWORK_MIGRATE, and then PHONE_MIGRATE", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  telegram.api.failNext("auth.sendCode", { code: 303, message: "NETWORK_MIGRATE_1" });
  await client.requestLoginCode(PHONE_AT_4);
  assertEquals(client.session.state.dcId, 4);
  assertEquals(client.session.state.dcs.map((dc) => [dc.id, dc.authKey !== undefined]), [
    [2, true],
    [1, true],
    [4, true],
  ]);
});

Deno.test("Client keeps the session when it moves", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  const kept: unknown[] = [];
  client.session.save = () => {
    const { dcId, user } = client.session.state;
    kept.push([dcId, user?.id]);
    return "";
  };
  await client.start({ botAuthToken: BOT_AT_4 });
  assertEquals(kept, [[4, undefined], [4, 444n]]);
});

Deno.test("Client does not follow a server that sends it in circles", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  let next = 4;
  for (let i = 0; i < 10; i++) {
    telegram.api.failNext("updates.getState", { code: 303, message: `USER_MIGRATE_${next}` });
    next = 6 - next;
  }
  const error = await assertRejects(() => client.isAuthorized(), RpcError);
  assert(error.is("USER_MIGRATE"));
});

Deno.test("Client asks help.getConfig for the address of an unknown data center", async () => {
  const accounts = [{ phone: PHONE, code: CODE, dcId: 7 }];
  await using telegram = await OfflineTelegram.start({ dcs: [2, 7], accounts });
  const [first, seventh] = telegram.dcs;
  for (const given of [[first], undefined]) {
    const session = new StringSession();
    session.setDC(first.id, first.host, first.port);
    const options = { dcs: given, dial: undefined };
    let text: string;
    {
      await using client = clientOf(telegram, options, session);
      await client.start({ phoneNumber: PHONE, phoneCode: CODE });
      assertEquals(session.state.dcs.map(({ id, host, port }) => ({ id, host, port })), [
        first,
        seventh,
      ]);
      text = session.save();
    }
    await using restored = clientOf(telegram, options, new StringSession(text));
    assertEquals(await restored.isAuthorized(), true);
  }
});

Deno.test("Client reports a data center without a known address", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  telegram.api.failNext("updates.getState", { code: 303, message: "USER_MIGRATE_9" });
  await assertRejects(
    () => client.isAuthorized(),
    ConnectionError,
    'Cannot connect to data center "9": its address is unknown',
  );
  assertEquals(client.session.state.dcId, 2);
  assertEquals(await client.isAuthorized(), false, "it works on where it was");
});

Deno.test("Calls that are sent away together move once, and all are answered", async () => {
  await using telegram = cluster();
  await using client = clientOf(telegram);
  await client.connect();
  const call = () => client.requestLoginCode(PHONE_AT_4);
  const tokens = await Promise.all([call(), call(), call()]);
  assertEquals(tokens.map(({ kind }) => kind), ["login", "login", "login"]);
  assertEquals(client.session.state.dcId, 4);
  assertEquals(telegram.dc(4).connectionCount, 1);
});

Deno.test("Calls that migrate to an unknown data center move once, fast or slow", async () => {
  await using telegram = new OfflineTelegram({ dcs: [2, 7] });
  const dialled: (number | undefined)[] = [];
  const held: (() => void)[] = [];
  let isSlow = false;
  const dial: Dial = async (address, signal) => {
    dialled.push(address.dcId);
    const stream = await telegram.clientOptions.dial(address, signal);
    return {
      async read() {
        const chunk = await stream.read();
        if (isSlow && address.dcId === 2) await new Promise<void>((resolve) => held.push(resolve));
        return chunk;
      },
      write: (bytes) => stream.write(bytes),
      close: () => stream.close(),
    };
  };
  const [first] = telegram.dcs;
  const session = new StringSession();
  session.setDC(first.id, first.host, first.port);
  await using client = clientOf(telegram, { dcs: undefined, dial }, session);
  await client.invoke({ _: "help.getNearestDc" });
  isSlow = true;
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 2; i++) {
    telegram.api.failNext("help.getNearestDc", { code: 303, message: "USER_MIGRATE_7" });
    calls.push(client.invoke({ _: "help.getNearestDc" }));
    await settled();
  }
  const done = Promise.all(calls).finally(() => isSlow = false);
  while (isSlow) {
    held.shift()?.();
    await settled();
  }
  await done;
  assertEquals(dialled, [2, 7]);
});

Deno.test("A move that fails leaves the client and its session where they were", async () => {
  await using telegram = cluster();
  const [, second] = telegram.dcs;
  const dial: Dial = (address, signal) =>
    address.dcId === 4
      ? Promise.reject(new ConnectionError("Cannot connect: 4 is down"))
      : telegram.dial(address, signal);
  await using client = clientOf(telegram, { dial, connectionRetries: 0 });
  await client.botSignIn(BOT_TOKEN);
  const text = client.session.save();
  telegram.api.failNext("updates.getState", { code: 303, message: "USER_MIGRATE_4" });
  await assertRejects(() => client.isAuthorized(), ConnectionError, "4 is down");
  assertEquals([client.session.state.dcId, client.session.save()], [second.id, text]);
  assertEquals(await client.isAuthorized(), true);
});

Deno.test("disconnect() in the middle of a move leaves no connection open", async () => {
  await using telegram = cluster();
  const reached = Promise.withResolvers<void>();
  const dial: Dial = (address, signal) => {
    if (address.dcId === 4) reached.resolve();
    return telegram.dial(address, signal);
  };
  const client = clientOf(telegram, { dial });
  const failed = assertRejects(() => client.requestLoginCode(PHONE_AT_4), ConnectionError);
  await reached.promise;
  await client.disconnect();
  await failed;
  assertEquals([2, 4].map((id) => telegram.dc(id).connectionCount), [0, 0]);
});
