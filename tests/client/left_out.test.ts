import { completed } from "../../src/client/completed_call.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { apiSchema, TlError, type TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { clientOf, PHONE } from "../helpers/sign_in_flows.ts";

const ME = { _: "inputPeerSelf" } as const;

/** Returns the request of a call as it is sent. */
async function sent(request: TlObject): Promise<TlObject> {
  let last = 0;
  const random = (length: number) => new Uint8Array(length).fill(++last);
  try {
    apiSchema().encode(request);
    return request;
  } catch (error) {
    const whole = await completed(request, random, error);
    apiSchema().encode(whole);
    return whole;
  }
}

Deno.test("Client.invoke() sends what a call leaves out: offsets, hash, random id", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  for (const message of ["One", "Two"]) {
    await client.invoke({ _: "messages.sendMessage", peer: ME, message });
  }
  const history = await client.invoke({ _: "messages.getHistory", peer: ME, limit: 10 });
  assert("messages" in history);
  const texts = history.messages.map((message) => message._ === "message" && message.message);
  assertEquals(texts.slice(0, 2), ["Two", "One"]);
  const dialogs = await client.invoke({ _: "messages.getDialogs", limit: 10 }, { dcId: 2 });
  assert("dialogs" in dialogs && dialogs.dialogs.length > 0);
});

Deno.test("A call that is complete is sent as it is", async () => {
  const request = { _: "messages.sendMessage", peer: ME, message: "", randomId: 5n };
  assert(await sent(request) === request);
});

Deno.test("A stated value is kept, also among parameters that are left out", async () => {
  const request = { _: "messages.getHistory", peer: ME, limit: 5, offsetId: 7, hash: 9n };
  assertEquals(await sent(request), {
    ...request,
    offsetDate: 0,
    addOffset: 0,
    maxId: 0,
    minId: 0,
  });
});

Deno.test("A random id that is left out is the same however often the call is sent", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  await using client = clientOf(telegram, { clock });
  await client.start({ phoneNumber: PHONE, phoneCode: "22222" });
  const { api } = telegram;
  const ids: unknown[] = [];
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    if (request._ === "messages.sendMessage") ids.push(request.randomId);
    return handle(request, caller);
  };
  api.failNext("messages.sendMessage", { code: 500, message: "RPC_CALL_FAIL" });
  const sent = client.invoke({ _: "messages.sendMessage", peer: ME, message: "Hi" });
  await clock.asleepFor(1000);
  await clock.advance(1000);
  await sent;
  assert(ids.length === 2 && typeof ids[0] === "bigint" && ids[0] !== 0n);
  assertEquals(ids[0], ids[1]);
});

Deno.test("Forwarding gets a random id for each message", async () => {
  const request = { _: "messages.forwardMessages", fromPeer: ME, toPeer: ME, id: [1, 2, 3] };
  const { randomId } = await sent(request);
  assertEquals(new Set(randomId as bigint[]).size, 3);
});

for (
  const [what, request, path] of [
    ["a peer", { _: "messages.getHistory", limit: 1 }, "messages.getHistory.peer"],
    ["a limit", { _: "messages.getHistory", peer: ME }, "messages.getHistory.limit"],
    [
      "how much to delete",
      { _: "messages.deleteHistory", peer: ME },
      "messages.deleteHistory.maxId",
    ],
    ["a session's id", { _: "account.resetAuthorization" }, "account.resetAuthorization.hash"],
    ["a field of an object", { _: "messages.getPeerDialogs", peers: [{}] }, undefined],
  ] as const
) {
  Deno.test(`A call without ${what} is an error, not a guess`, async () => {
    const error = await assertRejects(() => sent(request as unknown as TlObject), TlError);
    if (path !== undefined) assertEquals(error.path, path);
  });
}
