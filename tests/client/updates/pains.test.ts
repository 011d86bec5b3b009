/**
 * What people have reported of the updates of other libraries, each by its issue, where no other
 * test has the same case. tests/updates/pains.test.ts has those of the boxes.
 */
import type { Message } from "../../../mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals } from "../../helpers/assert.ts";
import { BOT_TOKEN, numbers, textsOf, UpdatesWorld } from "./updates_world.ts";

Deno.test("MTKruto: a bot gets what was written while it was away", async () => {
  await using world = new UpdatesWorld();
  const first = world.run();
  first.client.on("message", () => {});
  await world.wait(first.client.start({ botAuthToken: BOT_TOKEN }));
  await world.bob.send("@test_777_bot", "/start");
  await world.clock.advance(2000);
  await world.wait(first.client.disconnect());
  for (const text of numbers(1, 9)) await world.bob.send("@test_777_bot", text);

  const got: Message[] = [];
  const second = world.run(first.kept());
  second.client.on("message", (message) => void got.push(message));
  await world.until(() => got.length === 9);
  assertEquals(textsOf(got), numbers(1, 9));
});

Deno.test("mtcute#149: an updateChannel without its channel stops nothing", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const raw: string[] = [];
  const got: Message[] = [];
  client.on("raw", ({ _ }) => void raw.push(_));
  client.on("message", (message) => void got.push(message));
  await world.clock.advance(1000);
  const update: Api.Update = { _: "updateChannel", channelId: 404n };
  const packet = { updates: [update], users: [], chats: [], date: 0, seq: 0 };
  await world.telegram.dc().pushToAll({ _: "updates", ...packet });
  await world.bob.send("@ada_l", "Hello");
  await world.until(() => got.length === 1);
  assertEquals([raw[0], textsOf(got)], ["updateChannel", ["Hello"]]);
});

Deno.test("Telethon#4279: the messages of an album come one by one", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: Message[] = [];
  client.on("message", (message) => void got.push(message));
  await world.bob.send("@ada_l", "Hello");
  await world.until(() => got.length === 1);
  const { raw } = got[0];
  const { pts, date } = await world.wait(client.invoke({ _: "updates.getState" }));
  const updates = [1, 2, 3].map((part): Api.Update => ({
    _: "updateNewMessage",
    message: { ...raw as Api.message, id: 100 + part, groupedId: 5n, message: `${part}` },
    pts: pts + part,
    ptsCount: 1,
  }));
  const packet = { updates, users: [], chats: [], date, seq: 0 };
  await world.telegram.dc().pushToAll({ _: "updates", ...packet });
  await world.until(() => got.length === 4);
  const parts = got.slice(1).map(({ groupedId, text }) => `${groupedId} ${text}`);
  assertEquals(parts, ["5 1", "5 2", "5 3"]);
});
