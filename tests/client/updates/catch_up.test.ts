/** client.catchUp(): what came since the last run, and then the end. */
import { Client, type Message, StringSession, type Update } from "../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { numbers, type Running, textsOf, UpdatesWorld } from "./updates_world.ts";

/** Runs catchUp() to its end. */
async function catchUp({ client }: Running, signal?: AbortSignal): Promise<Update[]> {
  const got: Update[] = [];
  for await (const update of client.catchUp({ signal })) got.push(update);
  return got;
}

/** Ada, who has run once before, and is offline. */
async function offline(world: UpdatesWorld): Promise<Running> {
  const ada = await world.ada();
  await world.clock.advance(5000);
  assertEquals(textsOf(await world.wait(catchUp(ada))), []);
  await world.wait(ada.client.disconnect());
  return ada;
}

Deno.test("catchUp() yields what came since the last run, ends, and keeps the state", async () => {
  await using world = new UpdatesWorld();
  let ada = await offline(world);
  for (let day = 0; day < 3; day++) {
    const texts = numbers(day * 10 + 1, day * 10 + 7);
    for (const text of texts) await world.bob.send("@ada_l", text);
    await world.clock.advance(60_000);
    const next = world.run(ada.kept());
    assertEquals(textsOf(await world.wait(catchUp(next))), texts);
    // It is saved before the end, without disconnect(): such programs are frozen or killed.
    assert(next.session.updates.savedAt.length > 0);
    const last = world.run(next.kept());
    assertEquals(textsOf(await world.wait(catchUp(last))), []);
    await world.wait(next.client.disconnect());
    await world.wait(last.client.disconnect());
    ada = next;
  }
});

Deno.test("catchUp() waits for channels, groups and slices", async () => {
  await using world = new UpdatesWorld({ limits: { slice: 3 } });
  const { bob } = world;
  const group = await bob.createGroup("Group", { members: ["@ada_l"] });
  const channels = await Promise.all(
    numbers(1, 12).map((title) => bob.createSupergroup(title, { members: ["@ada_l"] })),
  );
  const ada = await offline(world);
  for (const text of numbers(1, 10)) await bob.send(group, text);
  for (const channel of channels) await bob.send(channel, "in a supergroup");
  await world.clock.advance(5000);
  const got = textsOf(await world.wait(catchUp(world.run(ada.kept())))).filter(Boolean);
  const inGroup = got.filter((text) => text !== "in a supergroup");
  assertEquals([inGroup, got.length], [numbers(1, 10), 22]);
});

Deno.test("catchUp() does not end while the difference fails: it tries again", async () => {
  await using world = new UpdatesWorld();
  const ada = await offline(world);
  for (const text of numbers(1, 4)) await world.bob.send("@ada_l", text);
  const next = world.run(ada.kept(), { requestRetries: 0 });
  const error = { code: 500, message: "HISTORY_GET_FAILED", times: 3 };
  world.telegram.api.failNext("updates.getDifference", error);
  assertEquals(textsOf(await world.wait(catchUp(next))), numbers(1, 4));
});

Deno.test("catchUp() does not end while a channel's difference fails", async () => {
  await using world = new UpdatesWorld();
  const channel = await world.bob.createSupergroup("Super", { members: ["@ada_l"] });
  const ada = await offline(world);
  for (const text of numbers(1, 4)) await world.bob.send(channel, text);
  const next = world.run(ada.kept(), { requestRetries: 0 });
  const error = { code: 500, message: "HISTORY_GET_FAILED", times: 3 };
  world.telegram.api.failNext("updates.getChannelDifference", error);
  assertEquals(textsOf(await world.wait(catchUp(next))).filter(Boolean), numbers(1, 4));
});

Deno.test("catchUp() does not wait out a flood of an hour: the rest comes later", async () => {
  await using world = new UpdatesWorld();
  const channel = await world.bob.createSupergroup("Super", { members: ["@ada_l"] });
  const ada = await offline(world);
  await world.bob.send("@ada_l", "private");
  await world.bob.send(channel, "in a supergroup");
  const next = world.run(ada.kept());
  const error = { code: 420, message: "FLOOD_WAIT_3600" };
  world.telegram.api.failNext("updates.getChannelDifference", error);
  assertEquals(textsOf(await world.wait(catchUp(next), 60_000)), ["private"]);
  await world.wait(next.client.disconnect());
  const last = world.run(next.kept());
  const got = textsOf(await world.wait(catchUp(last), 60_000)).filter(Boolean);
  assertEquals(got, ["in a supergroup"]);
});

Deno.test("catchUp() waits for the program to work, and may answer", async () => {
  await using world = new UpdatesWorld();
  const ada = await offline(world);
  for (const text of numbers(1, 5)) await world.bob.send("@ada_l", text);
  const next = world.run(ada.kept());
  await world.wait((async () => {
    for await (const update of next.client.catchUp()) {
      if (update.kind === "message") await update.message.reply(`echo ${update.message.text}`);
    }
  })());
  assertEquals(world.bob.received.length, 5);
  await world.wait(next.client.disconnect());
  const last = textsOf(await world.wait(catchUp(world.run(next.kept()))));
  assertEquals(last, [], "own answers are no news");
});

Deno.test("catchUp() that is left keeps the rest for the next time", async () => {
  await using world = new UpdatesWorld();
  const ada = await offline(world);
  for (const text of numbers(1, 5)) await world.bob.send("@ada_l", text);
  const next = world.run(ada.kept());
  await world.wait((async () => {
    for await (const update of next.client.catchUp()) {
      if (update.kind === "message" && update.message.text === "3") break;
    }
  })());
  await world.wait(next.client.disconnect());
  assertEquals(textsOf(await world.wait(catchUp(world.run(next.kept())))), numbers(3, 5));
});

Deno.test("catchUp() beside a handler ends", async () => {
  await using world = new UpdatesWorld();
  const ada = await offline(world);
  for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
  const next = world.run(ada.kept());
  const handled: Message[] = [];
  next.client.on("message", (message) => void handled.push(message));
  const got = textsOf(await world.wait(catchUp(next), 60_000));
  assertEquals([got, textsOf(handled)], [numbers(1, 3), numbers(1, 3)]);
  await world.bob.send("@ada_l", "4");
  await world.until(() => handled.length === 4);
});

Deno.test("catchUp() is ended by a signal, and by disconnect()", async () => {
  for (const end of ["signal", "disconnect"]) {
    await using world = new UpdatesWorld();
    const ada = await offline(world);
    const next = world.run(ada.kept(), { requestRetries: 0 });
    const error = { code: 500, message: "HISTORY_GET_FAILED", times: 1000 };
    world.telegram.api.failNext("updates.getDifference", error);
    const controller = new AbortController();
    const over = catchUp(next, controller.signal);
    over.catch(() => {});
    await world.clock.advance(5000);
    if (end === "signal") {
      controller.abort(new Error("no more time"));
      await assertRejects(() => world.wait(over, 1000), Error, "no more time");
    } else {
      await world.wait(next.client.disconnect(), 1000);
      assertEquals(await world.wait(over, 1000), []);
    }
  }
});

Deno.test("catchUp() refuses a string session, and a session that is signed out", async () => {
  await using world = new UpdatesWorld();
  const { apiId, apiHash, clientOptions } = world.telegram;
  const { clock } = world;
  const options = { ...clientOptions, clock };
  const string = new Client(new StringSession(), apiId, apiHash, options);
  const says = "the session has no place";
  await assertRejects(() => world.wait(string.catchUp().next()), TypeError, says);
  await string.disconnect();
  const nobody = world.run();
  await assertRejects(() => world.wait(catchUp(nobody)), TypeError, "nobody is signed in");
  assertEquals(nobody.client.connected, true);
});
