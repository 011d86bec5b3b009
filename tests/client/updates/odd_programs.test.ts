/** Programs that take updates in odd ways: in a flood, again and again, without a place, late. */
import { Client, ConnectionError, type Message, StringSession, type Update } from "../../../mod.ts";
import { OwnMessages } from "../../../src/client/updates/own_messages.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { settled } from "../../helpers/fake_clock.ts";
import { longTest, runs } from "../../helpers/long.ts";
import { ADA_PHONE, numbers, textsOf, UpdatesWorld } from "./updates_world.ts";

/** The client lets 1000 messages wait. */
const FLOOD = runs(1100, 3200);

for (const wait of [true, false]) {
  const test = wait ? Deno.test : longTest;
  test(`An echo bot in a flood never hears its own answers (wait: ${wait})`, async () => {
    await using world = new UpdatesWorld();
    const { client } = await world.ada();
    const got: Message[] = [];
    let sent = 0;
    const send = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await world.bob.send("@ada_l", String(++sent));
    };
    client.on("message", async (message) => {
      got.push(message);
      assert(got.length <= 5000, "it answers itself");
      if (sent < FLOOD) await send(4); // no room is left for the answer
      await message.reply(`echo ${message.text}`);
    }, { wait });
    await world.clock.advance(1000);
    for (let i = 0; i < FLOOD / 1000 - 1; i++) {
      await send(1000);
      await settled();
    }
    await world.until(() => got.length >= sent, 600_000, 1000);
    await world.clock.advance(30_000);
    assertEquals(got.filter(({ outgoing }) => outgoing).length, 0);
    assertEquals(textsOf(got), numbers(1, sent));
  });
}

Deno.test("Handlers that are added and taken off a hundred times leave nothing", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  for (let i = 0; i < 100; i++) {
    client.on("message", () => got.push("wrong"))();
    if (i % 10 === 0) await world.clock.advance(100);
  }
  client.on("message", ({ text }) => void got.push(text));
  for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
  await world.until(() => got.length >= 3);
  await world.clock.advance(2000);
  assertEquals(got, numbers(1, 3));
  assert(world.clock.sleepers < 10, `${world.clock.sleepers} sleep`);
  const calls = world.calls.filter((call) => call.startsWith("updates.")).length;
  assert(calls < 50, `${calls} calls`);
});

Deno.test("A handler may add a handler and a loop; they get the next updates", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const inner: string[] = [];
  const looped: string[] = [];
  let isFirst = true;
  client.on("message", () => {
    if (!isFirst) return;
    isFirst = false;
    client.on("message", ({ text }) => void inner.push(text));
    void (async () => {
      for await (const update of client.updates()) {
        if (update.kind === "message") looped.push(update.message.text);
      }
    })();
  });
  await world.clock.advance(1000);
  for (const text of numbers(1, 4)) {
    await world.bob.send("@ada_l", text);
    await world.clock.advance(100);
  }
  assertEquals([inner, looped], [numbers(2, 4), numbers(2, 4)]);
});

Deno.test("on() and updates() of a disconnected client do not connect it", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  await world.wait(client.disconnect());
  const got: Message[] = [];
  client.on("message", (message) => void got.push(message));
  const yielded: Update[] = [];
  await world.wait((async () => {
    for await (const update of client.updates()) yielded.push(update);
  })());
  await world.clock.advance(60_000);
  assertEquals([client.connected, yielded.length], [false, 0]);
  await world.wait(client.connect());
  await world.clock.advance(1000);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
});

Deno.test("A client with a string session misses nothing while it lives", async () => {
  await using world = new UpdatesWorld();
  const { apiId, apiHash, clientOptions } = world.telegram;
  const { clock } = world;
  const client = new Client(new StringSession(), apiId, apiHash, { ...clientOptions, clock });
  await world.wait(client.start({ phoneNumber: ADA_PHONE, phoneCode: () => "22222" }));
  const got: Message[] = [];
  client.on("message", (message) => void got.push(message));
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
  await world.wait(client.disconnect());
  await world.bob.send("@ada_l", "2");
  await world.wait(client.connect());
  await world.until(() => got.length === 2);
  await world.wait(client.disconnect());
  assertEquals(textsOf(got), numbers(1, 2));
});

Deno.test("A client that cannot connect at first takes updates later", async () => {
  await using world = new UpdatesWorld();
  const first = await world.ada();
  await world.wait(first.client.disconnect());
  let fails = 3;
  const flaky = world.run(first.kept(), {
    connectionRetries: 0,
    dial: (address, options) => {
      if (fails-- > 0) return Promise.reject(new ConnectionError("Cannot connect: no network"));
      return world.telegram.dial(address, options);
    },
  });
  const got: Message[] = [];
  flaky.client.on("message", (message) => void got.push(message));
  await world.clock.advance(60_000);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
  const warnings = flaky.logged.filter((line) => line.includes("Cannot receive updates"));
  assertEquals(warnings.length, 3);
});

Deno.test("The own messages that have not come are remembered, up to a limit", () => {
  const own = new OwnMessages();
  const message = (id: number): Api.updateNewMessage => ({
    _: "updateNewMessage",
    message: { _: "messageEmpty", id },
    pts: id,
    ptsCount: 1,
  });
  const answer = (id: number): Api.updates => ({
    _: "updates",
    updates: [{ _: "updateMessageID", id: id + 1, randomId: 1n }, message(id)],
    users: [],
    chats: [],
    date: 0,
    seq: 0,
  });
  for (let id = 1; id <= 25_000; id++) own.see(11n, answer(id));
  assertEquals(own.size, 10_000);
  const take = (id: number, userId = 11n): boolean => own.take(userId, message(id));
  assertEquals([take(15_000), take(15_001, 22n), take(15_001)], [false, false, true]);
  assertEquals([take(15_001), take(25_001)], [false, false]);
  assertEquals([own.take(11n, { _: "gap" }), own.size], [false, 9999]);
});
