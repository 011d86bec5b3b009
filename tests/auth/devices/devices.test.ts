import { Client, SignInError, StringSession } from "../../../mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { BOT_TOKEN, clientOf, CODE, PHONE } from "../../helpers/sign_in_flows.ts";

const DAY = 86_400_000;

interface World extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly clock: FakeClock;
  /** A client that has been signed in for two days. */
  readonly old: Client;
  /** A client that signed in just now. */
  readonly fresh: Client;
  /** What the old client was told. */
  readonly updates: Api.Update[];
}

async function world(): Promise<World> {
  const clock = new FakeClock(Date.now());
  const telegram = new OfflineTelegram({ clock });
  const updates: Api.Update[] = [];
  const onUpdates = (one: Api.Updates): void => {
    if (one._ === "updateShort") updates.push(one.update);
  };
  const old = clientOf(telegram, { clock, deviceModel: "Old", onUpdates });
  await old.start({ phoneNumber: PHONE, phoneCode: CODE });
  const session = old.session.save();
  await old.disconnect(); // or pings would be due
  await clock.advance(2 * DAY);
  const again = clientOf(
    telegram,
    { clock, deviceModel: "Old", onUpdates },
    new StringSession(session),
  );
  await again.getMe();
  const fresh = clientOf(telegram, {
    clock,
    deviceModel: "Fresh",
    systemVersion: "9",
    appVersion: "1.2",
  });
  await fresh.start({ phoneNumber: PHONE, phoneCode: CODE });
  return {
    telegram,
    clock,
    old: again,
    fresh,
    updates,
    async [Symbol.asyncDispose]() {
      await Promise.all([again.disconnect(), fresh.disconnect()]);
      await telegram.close();
    },
  };
}

async function reasonOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, SignInError)).reason;
}

Deno.test("devices.list() describes each device, and marks the current one", async () => {
  await using all = await world();
  const devices = await all.old.devices.list();
  assertEquals(
    devices.map(({ deviceModel, isCurrent }) => [deviceModel, isCurrent]),
    [["Old", true], ["Fresh", false]],
  );
  const [, fresh] = devices;
  assertEquals([fresh.systemVersion, fresh.appVersion, fresh.apiId], ["9", "1.2", 12345]);
  assertEquals(fresh.createdAt.getTime(), Math.floor(all.clock.now() / 1000) * 1000);
  assertEquals([fresh.acceptsCalls, fresh.acceptsSecretChats], [true, true]);
  assertEquals(
    (await all.fresh.devices.list()).map(({ isCurrent }) => isCurrent),
    [false, true],
  );
});

Deno.test("devices.confirm() confirms a new device that an update announced", async () => {
  await using all = await world();
  const { devices } = all.old;
  const told = all.updates.find(({ _ }) => _ === "updateNewAuthorization");
  assert(told?._ === "updateNewAuthorization" && told.unconfirmed);
  assertEquals([told.device, (await devices.list())[1].hash], ["Fresh", told.hash]);
  assert((await devices.list())[1].isUnconfirmed);
  await devices.confirm(told.hash);
  assert(!(await devices.list())[1].isUnconfirmed);
});

Deno.test("devices.terminate() signs out one device, which finds out when it calls", async () => {
  await using all = await world();
  const [, fresh] = await all.old.devices.list();
  await all.old.devices.terminate(fresh);
  assertEquals((await all.old.devices.list()).length, 1);
  assert(!await all.fresh.isAuthorized());
  assert(await all.old.isAuthorized());
  assertEquals(await reasonOf(() => all.old.devices.terminate(fresh.hash)), "deviceUnknown");
});

Deno.test("devices.terminateOthers() signs out all devices but this one", async () => {
  await using all = await world();
  const { telegram, clock } = all;
  await using third = clientOf(telegram, { clock });
  await third.start({ phoneNumber: PHONE, phoneCode: CODE });
  await all.old.devices.terminateOthers();
  assertEquals((await all.old.devices.list()).map(({ isCurrent }) => isCurrent), [true]);
  assert(!await third.isAuthorized());
});

Deno.test("a device that signed in today cannot end others or set the limit", async () => {
  await using all = await world();
  const { devices } = all.fresh;
  const [old] = await devices.list();
  assertEquals(await reasonOf(() => devices.terminate(old)), "tooFresh");
  assertEquals(await reasonOf(() => devices.terminateOthers()), "tooFresh");
  assertEquals(await reasonOf(() => devices.setInactivityLimit(30)), "tooFresh");
  assert(await all.old.isAuthorized());
});

Deno.test("devices.setInactivityLimit() sets the days until devices sign out", async () => {
  await using all = await world();
  const { devices } = all.old;
  assertEquals(await devices.getInactivityLimit(), 183);
  await devices.setInactivityLimit(30);
  assertEquals(await devices.getInactivityLimit(), 30);
  for (const days of [0, 367]) {
    assertEquals(await reasonOf(() => devices.setInactivityLimit(days)), "daysInvalid");
  }
});

Deno.test("devices.configure() sets what a device accepts, and keeps other settings", async () => {
  await using all = await world();
  const { devices } = all.old;
  const [, fresh] = await devices.list();
  await devices.configure(fresh, { acceptsCalls: false });
  const takes = async () => {
    const [, { acceptsCalls, acceptsSecretChats }] = await devices.list();
    return [acceptsCalls, acceptsSecretChats];
  };
  assertEquals(await takes(), [false, true]);
  await devices.configure(fresh, { acceptsCalls: true, acceptsSecretChats: false });
  assertEquals(await takes(), [true, false]);
  assertEquals(await reasonOf(() => devices.configure(1n, {})), "deviceUnknown");
  assertEquals(await reasonOf(() => devices.confirm(1n)), "deviceUnknown");
});

Deno.test("devices lists websites, and ends one website or all of them", async () => {
  await using all = await world();
  const { devices } = all.old;
  assertEquals(await devices.listWeb(), []);
  for (const domain of ["a.example", "b.example", "c.example"]) {
    all.telegram.api.addWebsite(PHONE, domain, BOT_TOKEN);
  }
  const [first] = await devices.listWeb();
  assertEquals([first.domain, first.botId], ["a.example", 777n]);
  await devices.terminateWeb(first);
  assertEquals((await devices.listWeb()).map(({ domain }) => domain), ["b.example", "c.example"]);
  assertEquals(await reasonOf(() => devices.terminateWeb(first)), "deviceUnknown");
  await devices.terminateAllWeb();
  assertEquals(await devices.listWeb(), []);
});

Deno.test("devices survive a lost connection, and are refused when signed out", async () => {
  await using all = await world();
  const { telegram } = all;
  const { api } = telegram;
  const handle = api.handle.bind(api);
  let isLost = false;
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    if (!isLost) telegram.dc().disconnectAll();
    isLost = true;
    return answer;
  };
  const [, fresh] = await all.old.devices.list();
  assertEquals(fresh.deviceModel, "Fresh");
  await all.old.devices.terminate(fresh);
  assertEquals(await reasonOf(() => all.fresh.devices.list()), "signedOut");
});

Deno.test("a bot has no devices to list", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.botSignIn(BOT_TOKEN);
  await assertRejects(() => client.devices.list(), Error, "BOT_METHOD_INVALID");
});
