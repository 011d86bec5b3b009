/**
 * The certainty of a message: sendMessage() resolves with the message, or rejects with an error
 * that means that it was not sent, or with one that says that it may have been sent.
 */
import { ConnectionError, RpcError, UncertainSendError } from "../../mod.ts";
import { Schema } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";
import { BOB, MessagesWorld } from "../helpers/messages_world.ts";

const SEND = "messages.sendMessage";
/** Errors that mean "not sent", unless the message went out before. */
const REFUSALS = [
  { code: 400, message: "PEER_FLOOD" },
  { code: 400, message: "MESSAGE_TOO_LONG" },
];
const DUPLICATE = { code: 500, message: "RANDOM_ID_DUPLICATE" };

/** Loses all that the server writes from now on. */
function loseAnswers(world: MessagesWorld): void {
  world.onWrite = (from) => from === "client";
}

Deno.test("a message whose answer was lost with the session is sent once", async () => {
  for (const to of ["me", "@bobby"]) {
    await using world = new MessagesWorld();
    await world.signIn();
    await world.client.sendMessage(to, "0");
    loseAnswers(world);
    const sending = world.client.sendMessage(to, "1");
    await settled();
    world.telegram.dc().forgetSessions();
    world.onWrite = () => true;
    world.cut();
    const { id, text } = await world.wait(sending);
    assertEquals([id, text], [2, "1"]);
    assertEquals(world.texts(to === "me" ? undefined : BOB), ["0", "1"]);
    assertEquals(world.calls.filter((method) => method === SEND).length, 3, "it was asked twice");
  }
});

Deno.test("RANDOM_ID_DUPLICATE is waited out, and gives the message", async () => {
  for (const requestRetries of [0, 5]) {
    await using world = new MessagesWorld({ requestRetries });
    await world.signIn();
    world.telegram.api.failNext(SEND, { ...DUPLICATE, times: 6 });
    const start = world.clock.monotonic();
    assertEquals((await world.wait(world.client.sendMessage("me", "1"))).id, 1);
    assertEquals(world.texts(), ["1"]);
    const time = world.clock.monotonic() - start;
    assert(time >= 30_000 && time <= 31_000, `${time} ms`);
  }
});

Deno.test("a message that is in flight for too long may have been sent", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  world.telegram.api.failNext(SEND, { ...DUPLICATE, times: 7 });
  const sending = world.client.sendMessage("me", "1");
  const error = await assertRejects(() => world.wait(sending), UncertainSendError);
  assertInstanceOf(error.cause, RpcError);
  const again = { message: "1", randomId: error.randomId };
  const first = await world.client.sendMessage("me", again);
  assertEquals(await world.client.sendMessage("me", again), first);
  assertEquals(world.texts(), ["1"]);
});

Deno.test("a message is not sent if Telegram refuses it, or it never went out", async () => {
  await using world = new MessagesWorld({ giveUpAfter: 5 });
  await world.signIn();
  for (
    const [code, message] of [
      [400, "MESSAGE_TOO_LONG"],
      [403, "CHAT_WRITE_FORBIDDEN"],
      [420, "FLOOD_WAIT_3600"],
    ] as const
  ) {
    world.telegram.api.failNext(SEND, { code, message });
    await assertRejects(() => world.client.sendMessage("me", "1"), RpcError, message);
  }
  await world.clock.advance(10_000);
  world.isDown = true;
  world.cut();
  const late = world.client.sendMessage("me", "1");
  await assertRejects(() => world.wait(late, 500), ConnectionError, "Cannot reach DC 2 for 5 s");
  world.isDown = false;
  assertEquals(world.texts(), []);
});

Deno.test("a message may have been sent if the connection is lost for too long", async () => {
  await using world = new MessagesWorld({ giveUpAfter: 5 });
  await world.signIn();
  loseAnswers(world);
  const sending = world.client.sendMessage("me", "1");
  await settled();
  world.isDown = true;
  world.cut();
  const error = await assertRejects(() => world.wait(sending, 500), UncertainSendError);
  assertInstanceOf(error.cause, ConnectionError);
  assert(
    /^Cannot tell whether the message was sent: Cannot reach DC 2 .* Send it again with the random/
      .test(error.message),
    error.message,
  );
  assertEquals(world.texts(), ["1"], "it was");
  world.isDown = false;
  world.onWrite = () => true;
  const { randomId } = error;
  const sent = await world.wait(world.client.sendMessage("me", { message: "1", randomId }));
  assertEquals([sent.id, world.texts()], [1, ["1"]]);
});

Deno.test("a message may have been sent if disconnect() comes before the answer", async () => {
  const world = new MessagesWorld();
  await world.signIn();
  loseAnswers(world);
  const sending = world.client.sendMessage("me", "1");
  const failed = assertRejects(() => sending, UncertainSendError, "the client was disconnected");
  await settled();
  await world[Symbol.asyncDispose]();
  await failed;
});

Deno.test("messages that wait for a sleeping one are not sent after disconnect()", async () => {
  const world = new MessagesWorld();
  await world.signIn();
  world.telegram.api.failNext(SEND, { code: 420, message: "FLOOD_WAIT_30" });
  const sent = ["1", "2", "3"].map((text) => world.client.sendMessage("me", text));
  const ends = Promise.allSettled(sent);
  await settled();
  sent.push(world.client.sendMessage("me", "4"));
  const last = assertRejects(() => sent[3], ConnectionError, "disconnected");
  await settled();
  await world[Symbol.asyncDispose]();
  for (const end of await ends) {
    assert(end.status === "rejected");
    assertInstanceOf(end.reason, ConnectionError);
  }
  await last;
});

Deno.test("a message may have been sent if Telegram fails within each time", async () => {
  for (
    const last of [{ code: 500, message: "RPC_CALL_FAIL" }, { code: 420, message: "FLOOD_WAIT_99" }]
  ) {
    await using world = new MessagesWorld({ requestRetries: 1 });
    await world.signIn();
    world.telegram.api.failNext(SEND, { code: 500, message: "RPC_CALL_FAIL" });
    world.telegram.api.failNext(SEND, last);
    const sending = world.client.sendMessage("me", "1");
    const error = await assertRejects(() => world.wait(sending), UncertainSendError, last.message);
    assertInstanceOf(error.cause, RpcError);
  }
});

Deno.test("a message may have been sent if it was lost before an error", async () => {
  for (
    const refusal of [
      { code: 420, message: "SLOWMODE_WAIT_300" },
      ...REFUSALS,
    ]
  ) {
    await using world = new MessagesWorld();
    await world.signIn();
    loseAnswers(world);
    const sending = world.client.sendMessage("me", "1");
    await settled();
    world.telegram.api.failNext(SEND, refusal);
    world.telegram.dc().forgetSessions();
    world.onWrite = () => true;
    world.cut();
    await assertRejects(() => world.wait(sending), UncertainSendError, refusal.message);
    assertEquals(world.texts(), ["1"]);
  }
});

Deno.test("a message may have been sent if its session was forgotten before an error", async () => {
  for (
    const refusal of [
      { code: 420, message: "FLOOD_WAIT_300" },
      ...REFUSALS,
    ]
  ) {
    await using world = new MessagesWorld();
    await world.signIn();
    loseAnswers(world);
    const sending = world.client.sendMessage("me", "1");
    const failing = assertRejects(() => sending, UncertainSendError, refusal.message);
    await settled();
    world.telegram.api.failNext(SEND, refusal);
    world.telegram.dc().forgetSessions();
    world.onWrite = () => true;
    await world.client.invoke({ _: "help.getConfig" }); // over the same connection
    await failing;
    assertEquals(world.texts(), ["1"]);
  }
});

/** A schema in which the answer is of a constructor that no client knows. */
const UNKNOWN_ANSWER = `
unknown#1 = Updates;
---functions---
messages.sendMessage#2 = Updates;
`;

Deno.test("a message may have been sent if its first answer cannot be read", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  const { api } = world.telegram;
  const [handle, schemaFor] = [api.handle.bind(api), api.schemaFor.bind(api)];
  api.schemaFor = () => {
    api.schemaFor = schemaFor;
    return Schema.parse(UNKNOWN_ANSWER);
  };
  api.handle = (request, caller) => {
    handle(request, caller);
    api.handle = handle;
    api.failNext(SEND, { code: 400, message: "MESSAGE_TOO_LONG" });
    return { _: "unknown" };
  };
  const sending = world.client.sendMessage("me", "1");
  await assertRejects(() => world.wait(sending), UncertainSendError, "MESSAGE_TOO_LONG");
  assertEquals(world.texts(), ["1"]);
});

Deno.test("an aborted message rejects with the reason of the signal", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  loseAnswers(world);
  const controller = new AbortController();
  const sending = world.client.sendMessage("me", "1", { signal: controller.signal });
  await settled();
  controller.abort(new RangeError("enough"));
  await assertRejects(() => sending, RangeError, "enough");
});

Deno.test("a wrong randomId is refused", async () => {
  await using world = new MessagesWorld();
  for (const randomId of [0n, 5, "7"]) {
    const message = { message: "1", randomId: randomId as bigint };
    await assertRejects(
      () => world.client.sendMessage("me", message),
      TypeError,
      `its randomId is ${randomId}, expected a bigint, not 0`,
    );
  }
});
