import { ConnectionError, RpcError, SignInError } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { BOT_TOKEN, clientOf, PHONE } from "../helpers/sign_in_flows.ts";

const NEAREST = { _: "help.getNearestDc" } as const;

Deno.test("Client sleeps through a FLOOD_WAIT up to the threshold", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock });
  await client.connect();
  for (const seconds of [1, 30, 59]) {
    telegram.api.failNext(NEAREST._, { code: 420, message: `FLOOD_WAIT_${seconds}` });
    let answered = false;
    const answer = client.invoke(NEAREST).then((nearest) => {
      answered = true;
      return nearest;
    });
    await clock.asleepFor(seconds * 1000);
    await clock.advance(seconds * 1000 - 1);
    assertEquals(await client.isAuthorized(), false, "other calls go on meanwhile");
    assertEquals(answered, false);
    await clock.advance(1);
    assertEquals((await answer)._, "nearestDc");
  }
});

Deno.test("Client throws a FLOOD_WAIT above the threshold, with its seconds", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  for (
    const [floodSleepThreshold, seconds] of [[undefined, 61], [0, 1], [10, 86400]] as const
  ) {
    await using client = clientOf(telegram, { clock, floodSleepThreshold });
    telegram.api.failNext(NEAREST._, { code: 420, message: `FLOOD_WAIT_${seconds}` });
    const error = await assertRejects(() => client.invoke(NEAREST), RpcError);
    assertEquals([error.code, error.seconds, error.method], [420, seconds, NEAREST._]);
  }
});

Deno.test("A step of a sign-in reports the duration of a long flood", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock });
  telegram.api.failNext("auth.sendCode", { code: 420, message: "FLOOD_WAIT_86400" });
  const error = await assertRejects(() => client.requestLoginCode(PHONE), SignInError);
  assertEquals([error.reason, error.seconds], ["flood", 86400]);
});

Deno.test("Client calls again after a failure within Telegram", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock });
  for (
    const [code, message] of [
      [500, "RPC_CALL_FAIL"],
      [500, "RPC_MCGET_FAIL"],
      [500, "INTERDC_2_CALL_ERROR"],
      [500, "WORKER_BUSY_TOO_LONG_RETRY"],
      [500, "AUTH_KEY_UNSYNCHRONIZED"],
      [-503, "Timeout"],
    ] as const
  ) {
    telegram.api.failNext(NEAREST._, { code, message, times: 2 });
    const answer = client.invoke(NEAREST);
    for (let i = 0; i < 2; i++) {
      await clock.asleepFor(1000);
      await clock.advance(1000);
    }
    assertEquals((await answer)._, "nearestDc", message);
  }
});

Deno.test("Client fails after requestRetries", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock, requestRetries: 2 });
  telegram.api.failNext(NEAREST._, { code: 500, message: "RPC_CALL_FAIL", times: 3 });
  const refused = assertRejects(() => client.invoke(NEAREST), RpcError, "RPC_CALL_FAIL");
  for (let i = 0; i < 2; i++) {
    await clock.asleepFor(1000);
    await clock.advance(1000);
  }
  await refused;
  assertEquals((await client.invoke(NEAREST))._, "nearestDc", "the three failures are used up");
});

Deno.test("Client does not repeat a call that Telegram refuses for good", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock });
  for (
    const [code, message] of [[400, "PEER_ID_INVALID"], [403, "CHAT_WRITE_FORBIDDEN"], [
      500,
      "AUTH_RESTART",
    ]] as const
  ) {
    telegram.api.failNext(NEAREST._, { code, message });
    const error = await assertRejects(() => client.invoke(NEAREST), RpcError);
    assertEquals([error.code, error.errorMessage], [code, message]);
  }
});

Deno.test("disconnect() ends a call that sleeps through a flood", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock });
  telegram.api.failNext(NEAREST._, { code: 420, message: "FLOOD_WAIT_30" });
  const answer = client.invoke(NEAREST);
  await clock.asleepFor(30_000);
  await client.disconnect();
  await assertRejects(() => answer, ConnectionError, "disconnected");
  assertEquals(clock.sleepers, 0);
});

Deno.test("A call that sleeps through a flood can be given up", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock });
  telegram.api.failNext(NEAREST._, { code: 420, message: "FLOOD_WAIT_30" });
  const controller = new AbortController();
  const answer = client.invoke(NEAREST, { signal: controller.signal });
  await clock.asleepFor(30_000);
  controller.abort(new Error("enough"));
  await assertRejects(() => answer, Error, "enough");
  assert((await client.botSignIn(BOT_TOKEN)).isBot, "the client stays usable");
});
