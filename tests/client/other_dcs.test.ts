import {
  Client,
  type ClientOptions,
  ConnectionError,
  MemorySession,
  type MethodCall,
  RpcError,
} from "../../mod.ts";
import { authKeyId, bytesToHex } from "../../src/crypto/mod.ts";
import { systemClock } from "../../src/runtime/mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";

const DCS = [1, 2, 4];
const PHONE = "+9996621111";
const TOKEN = "777:TESTTOKEN";
const SELF: MethodCall<"users.getUsers"> = { _: "users.getUsers", id: [{ _: "inputUserSelf" }] };

interface World extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly client: Client<MemorySession>;
  /**
   * The methods that came to Telegram and are about transferring the authorization, with their data
   * centers.
   */
  readonly transfers: string[];
}

async function world(
  options: OfflineTelegramOptions = {},
  session = new MemorySession(),
  clientOptions: ClientOptions = {},
): Promise<World> {
  const telegram = new OfflineTelegram({ dcs: DCS, ...options });
  const transfers: string[] = [];
  const { api } = telegram;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    if (/Authorization$/.test(request._)) transfers.push(`${request._}@${caller.dcId}`);
    return handle(request, caller);
  };
  const { apiId, apiHash } = telegram;
  const all = { ...telegram.clientOptions, ...clientOptions };
  const client = await Client.open(session, apiId, apiHash, all);
  return {
    telegram,
    client,
    transfers,
    async [Symbol.asyncDispose]() {
      await client.disconnect();
      await telegram.close();
    },
  };
}

/** The id of the client's key at a data center, in hex. */
function keyAt({ session }: Client<MemorySession>, dcId: number): string {
  const dc = session.state.dcs.find((dc) => dc.id === dcId);
  assert(dc?.authKey !== undefined);
  return bytesToHex(authKeyId(dc.authKey));
}

const TRANSFER_TO_4 = ["auth.exportAuthorization@2", "auth.importAuthorization@4"];

Deno.test("invoke({ dcId }) calls another data center as the signed-in user", async () => {
  await using all = await world();
  const { client, transfers } = all;
  const me = await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  const [there] = await client.invoke(SELF, { dcId: 4 });
  assertEquals(there.id, me.id);
  assertEquals(transfers, TRANSFER_TO_4);
  assertEquals((await client.invoke({ _: "help.getConfig" }, { dcId: 4 })).thisDc, 4);
  assertEquals((await client.invoke({ _: "help.getConfig" })).thisDc, 2);
  assertEquals((await client.invoke({ _: "help.getConfig" }, { dcId: 2 })).thisDc, 2);
});

Deno.test("invoke({ dcId }) transfers the authorization once for many calls", async () => {
  await using all = await world();
  const { client, transfers } = all;
  await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  const calls = Array.from({ length: 8 }, () => client.invoke(SELF, { dcId: 4 }));
  assertEquals(new Set((await Promise.all(calls)).map(([me]) => me.id)).size, 1);
  await client.invoke(SELF, { dcId: 4 });
  assertEquals(transfers, TRANSFER_TO_4);
  await client.invoke(SELF, { dcId: 1 });
  assertEquals(transfers.slice(2), ["auth.exportAuthorization@2", "auth.importAuthorization@1"]);
});

Deno.test("invoke({ dcId }) transfers no authorization where none is needed", async () => {
  await using all = await world();
  const nearest = await all.client.invoke({ _: "help.getNearestDc" }, { dcId: 4 });
  assertEquals([nearest.thisDc, all.transfers], [4, []]);
});

Deno.test("invoke({ dcId }) fails as the home does when nobody is signed in", async () => {
  await using all = await world();
  const error = await assertRejects(() => all.client.invoke(SELF, { dcId: 4 }), RpcError);
  assertEquals([error.code, error.errorMessage], [401, "AUTH_KEY_UNREGISTERED"]);
  await all.client.botSignIn(TOKEN);
  assertEquals((await all.client.invoke(SELF, { dcId: 4 }))[0].id, 777n);
});

Deno.test("invoke({ dcId }) reuses the key and authorization of an earlier client", async () => {
  await using all = await world();
  const { client, telegram, transfers } = all;
  await client.botSignIn(TOKEN);
  await client.invoke(SELF, { dcId: 4 });
  const { apiId, apiHash, clientOptions } = telegram;
  const session = new MemorySession(client.session.state);
  await client.disconnect();
  await using next = await Client.open(session, apiId, apiHash, clientOptions);
  await next.invoke(SELF, { dcId: 4 });
  assertEquals(transfers.slice(1), TRANSFER_TO_4);
});

Deno.test("invoke({ dcId }) takes the authorization again when it was lost there", async () => {
  await using all = await world();
  const { client, telegram, transfers } = all;
  await client.botSignIn(TOKEN);
  await client.invoke(SELF, { dcId: 4 });
  telegram.api.forgetAuthKey(4, keyAt(client, 4));
  assertEquals((await client.invoke(SELF, { dcId: 4 }))[0].id, 777n);
  assertEquals(transfers.slice(3), TRANSFER_TO_4);
});

Deno.test("invoke({ dcId }) calls as the user who signed in last", async () => {
  await using all = await world();
  const { client, transfers } = all;
  await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  await client.invoke(SELF, { dcId: 4 });
  await client.botSignIn(TOKEN);
  assertEquals((await client.invoke(SELF, { dcId: 4 }))[0].id, 777n);
  assertEquals(transfers.slice(3), TRANSFER_TO_4);
});

Deno.test("invoke({ dcId }) uses the last sign-in, also after a call without one", async () => {
  await using all = await world();
  const { client } = all;
  await client.invoke({ _: "help.getNearestDc" }, { dcId: 4 });
  await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  const [person] = await client.invoke(SELF, { dcId: 4 });
  assertEquals(person.id, (await client.getMe())?.id);
  await client.botSignIn(TOKEN);
  assertEquals((await client.invoke(SELF, { dcId: 4 }))[0].id, 777n);
});

Deno.test("invoke({ dcId }) does not use keys of somebody who was signed in before", async () => {
  await using all = await world();
  const { client, telegram } = all;
  await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  await client.invoke(SELF, { dcId: 4 });
  const { apiId, apiHash, clientOptions } = telegram;
  const session = new MemorySession(client.session.state);
  await client.disconnect();
  await using next = await Client.open(session, apiId, apiHash, clientOptions);
  await next.botSignIn(TOKEN);
  assertEquals((await next.invoke(SELF, { dcId: 4 }))[0].id, 777n);
});

Deno.test("invoke({ dcId }) exports again when the bytes were refused, four times", async () => {
  await using all = await world();
  const { client, telegram, transfers } = all;
  await client.botSignIn(TOKEN);
  const stale = { code: 400, message: "AUTH_BYTES_INVALID" };
  telegram.api.failNext("auth.importAuthorization", stale);
  await client.invoke(SELF, { dcId: 4 });
  assertEquals(transfers.slice(1), [...TRANSFER_TO_4, ...TRANSFER_TO_4]);
  telegram.api.failNext("auth.importAuthorization", { ...stale, times: 5 });
  const error = await assertRejects(() => client.invoke(SELF, { dcId: 1 }), RpcError);
  assertEquals(error.errorMessage, "AUTH_BYTES_INVALID");
  assertEquals((await client.invoke(SELF, { dcId: 1 }))[0].id, 777n); // the next call tries anew
});

for (
  const [method, message] of [
    ["auth.exportAuthorization", "DC_ID_INVALID"],
    ["auth.importAuthorization", "USER_ID_INVALID"],
  ]
) {
  Deno.test(`invoke({ dcId }) passes on ${message} of ${method}`, async () => {
    await using all = await world();
    await all.client.botSignIn(TOKEN);
    all.telegram.api.failNext(method, { code: 400, message });
    const error = await assertRejects(() => all.client.invoke(SELF, { dcId: 4 }), RpcError);
    assertEquals([error.method, error.errorMessage], [method, message]);
  });
}

Deno.test("invoke({ dcId }) survives connections lost during the transfer", async () => {
  await using all = await world();
  const { client, telegram } = all;
  await client.botSignIn(TOKEN);
  const { api } = telegram;
  const handle = api.handle;
  const lost = new Set<string>();
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    if (!lost.has(request._) && /Authorization$/.test(request._)) {
      lost.add(request._);
      telegram.dc(caller.dcId).disconnectAll();
    }
    return answer;
  };
  assertEquals((await client.invoke(SELF, { dcId: 4 }))[0].id, 777n);
  assertEquals([...lost], ["auth.exportAuthorization", "auth.importAuthorization"]);
});

Deno.test("invoke({ dcId }) ends when aborted, and other waiting calls continue", async () => {
  await using all = await world();
  const { client } = all;
  await client.botSignIn(TOKEN);
  const controller = new AbortController();
  const given = client.invoke(SELF, { dcId: 4, signal: controller.signal });
  const other = client.invoke(SELF, { dcId: 4 });
  controller.abort(new Error("enough"));
  await assertRejects(() => given, Error, "enough");
  assertEquals((await other)[0].id, 777n);
});

Deno.test("invoke({ dcId }) reports unknown data centers and disconnected clients", async () => {
  await using all = await world();
  const { client } = all;
  const unknown = () => client.invoke({ _: "help.getConfig" }, { dcId: 9 });
  await assertRejects(unknown, ConnectionError, 'data center "9"');
  await client.disconnect();
  const closed = () => client.invoke({ _: "help.getConfig" }, { dcId: 4 });
  await assertRejects(closed, ConnectionError, "disconnected");
});

Deno.test("invoke({ dcId }) passes on a call's refusal, and transfers nothing", async () => {
  await using all = await world();
  const { client, telegram, transfers } = all;
  await client.botSignIn(TOKEN);
  telegram.api.failNext("help.getNearestDc", { code: 400, message: "TEST_REFUSED" });
  const error = await assertRejects(
    () => client.invoke({ _: "help.getNearestDc" }, { dcId: 4 }),
    RpcError,
  );
  assertEquals([error.code, error.errorMessage], [400, "TEST_REFUSED"]);
  assertEquals(transfers, ["auth.importBotAuthorization@2"]);
});

Deno.test("invoke({ dcId }) asks again for an address that was missing at first", async () => {
  await using telegram = new OfflineTelegram({ dcs: DCS });
  const { apiId, apiHash, clientOptions } = telegram;
  const dcs = clientOptions.dcs?.filter(({ id }) => id === 2);
  const options = { ...clientOptions, dcs };
  await using client = await Client.open(new MemorySession(), apiId, apiHash, options);
  telegram.api.failNext("help.getConfig", { code: 400, message: "TEST_REFUSED" });
  const calling = () => client.invoke({ _: "help.getNearestDc" }, { dcId: 4 });
  await assertRejects(calling, RpcError, "TEST_REFUSED");
  assertEquals((await calling()).thisDc, 4);
});

/** A client with a connection to its home, DC 2, and one to DC 4, and the packets that it got. */
async function withTwo(): Promise<World & { readonly packets: number[] }> {
  const packets: number[] = [];
  const all = await world({
    onPacket: ({ direction, dcId }) => void (direction === "out" && packets.push(dcId)),
  });
  await all.client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  await all.client.invoke(SELF, { dcId: 4 });
  await all.client.invoke({ _: "help.getConfig" }, { dcId: 4 });
  return { ...all, packets };
}

Deno.test("invoke({ dcId }) wants no updates: they come from the home only", async () => {
  await using all = await withTwo();
  const { client, telegram, packets } = all;
  const came = Promise.withResolvers<string>();
  client.on("message", ({ text }) => came.resolve(text));
  await client.invoke({ _: "updates.getState" });
  packets.length = 0;
  await telegram.person("+9996622222").send(PHONE, "Hello");
  assertEquals(await came.promise, "Hello");
  assertEquals(new Set(packets), new Set([2]));
});

Deno.test("a data center that becomes the home sends updates from the first call on", async () => {
  await using all = await withTwo();
  const { client, telegram } = all;
  telegram.api.failNext("help.getNearestDc", { code: 303, message: "USER_MIGRATE_4" });
  assertEquals((await client.invoke({ _: "help.getNearestDc" })).thisDc, 4);
  const came = Promise.withResolvers<string>();
  client.on("message", ({ text }) => came.resolve(text));
  await client.invoke({ _: "updates.getState" });
  await telegram.person("+9996622222").send(PHONE, "Hello");
  assertEquals(await came.promise, "Hello");
});

Deno.test("disconnect() closes the connections to all data centers", async () => {
  await using all = await world();
  const { client, telegram } = all;
  for (const dcId of DCS) await client.invoke({ _: "help.getConfig" }, { dcId });
  assert(DCS.every((dcId) => telegram.dc(dcId).connectionCount === 1));
  await client.disconnect();
  await telegram.close();
  assertEquals(DCS.map((dcId) => telegram.dc(dcId).connectionCount), [0, 0, 0]);
});

Deno.test("invoke({ dcId }) renews a key and authorization that the DC forgot", async () => {
  let later = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };
  await using all = await world({}, new MemorySession(), { clock });
  const { client, telegram } = all;
  await client.botSignIn(TOKEN);
  await client.invoke(SELF, { dcId: 4 });
  later = 61_000; // a younger key may just not have reached all servers
  telegram.dc(4).forgetKeys();
  telegram.dc(4).disconnectAll();
  assertEquals((await client.invoke(SELF, { dcId: 4 }))[0].id, 777n);
});
