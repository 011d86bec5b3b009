/** client.openChat(): channels whose updates Telegram does not push. */
import { RpcError } from "../../../mod.ts";
import { assertEquals, assertRejects } from "../../helpers/assert.ts";
import { type Running, UpdatesWorld } from "./updates_world.ts";

const METHOD = "updates.getChannelDifference";
/** How often Telegram wants to be asked, in seconds. */
const TIMEOUT = 5;

/** Returns a world. */
function world(): UpdatesWorld {
  return new UpdatesWorld({ limits: { channelTimeout: TIMEOUT } });
}

/** A public channel, and Ada, who has not joined it and takes messages. */
interface Scene {
  readonly ada: Running;
  readonly texts: string[];
  readonly post: (text: string) => Promise<unknown>;
}

async function begin(world: UpdatesWorld): Promise<Scene> {
  const news = await world.bob.createChannel("News", { username: "news_channel" });
  const ada = await world.ada();
  const texts: string[] = [];
  ada.client.on("message", ({ text }) => void texts.push(text));
  await world.clock.advance(1000);
  return { ada, texts, post: (text) => world.bob.send(news, text) };
}

Deno.test("openChat() brings what is posted in a channel that one has not joined", async () => {
  await using all = world();
  const { ada, texts, post } = await begin(all);
  await post("before");
  const watching = await all.wait(ada.client.openChat("@news_channel"));
  await all.until(() => all.count(METHOD) === 1);
  await post("one");
  await post("two");
  await all.until(() => texts.length === 2, 1000 * TIMEOUT + 100);
  assertEquals(texts, ["one", "two"]); // it begins from now

  watching.close();
  watching.close();
  const asked = all.count(METHOD);
  await post("three");
  await all.clock.advance(60_000);
  assertEquals([texts.length, all.count(METHOD)], [2, asked]);
});

Deno.test("openChat() asks as often as Telegram says, and no more after its signal", async () => {
  await using all = world();
  const { ada } = await begin(all);
  const controller = new AbortController();
  const { signal } = controller;
  await all.wait(ada.client.openChat("@news_channel", { signal }));
  await all.until(() => all.count(METHOD) === 1);
  await all.clock.advance(TIMEOUT * 4000 + 100);
  assertEquals(all.count(METHOD), 5);
  controller.abort(new Error("enough"));
  await all.clock.advance(60_000);
  assertEquals(all.count(METHOD), 5);
  const late = () => ada.client.openChat("@news_channel", { signal });
  await assertRejects(() => all.wait(late()), Error, "enough");
});

Deno.test("A chat that is opened twice is watched until it is closed twice", async () => {
  await using all = world();
  const { ada } = await begin(all);
  const first = await all.wait(ada.client.openChat("@news_channel"));
  {
    using _second = await all.wait(ada.client.openChat("@news_channel"));
    await all.until(() => all.count(METHOD) === 1);
  }
  await all.clock.advance(TIMEOUT * 1000 + 100);
  assertEquals(all.count(METHOD), 2);
  first.close();
  await all.clock.advance(60_000);
  assertEquals(all.count(METHOD), 2);
});

Deno.test("openChat() works before the first handler, and over a disconnect()", async () => {
  await using all = world();
  const { ada, post } = await begin(all);
  const { client } = await all.ada();
  await all.wait(ada.client.disconnect());
  await all.wait(client.openChat("@news_channel"));
  await all.clock.advance(60_000);
  assertEquals(all.count(METHOD), 0); // nobody takes updates
  const texts: string[] = [];
  client.on("message", ({ text }) => void texts.push(text));
  await all.until(() => all.count(METHOD) === 1);
  await post("one");
  await all.until(() => texts.length === 1);
  await all.wait(client.disconnect());
  const asked = all.count(METHOD);
  await post("two");
  await all.clock.advance(60_000);
  assertEquals(all.count(METHOD), asked);
  await all.wait(client.connect());
  await all.until(() => texts.length === 2);
  assertEquals(texts, ["one", "two"]);
});

Deno.test("openChat() takes any chat, and refuses what it does not know", async () => {
  await using all = world();
  const { ada } = await begin(all);
  using _private = await all.wait(ada.client.openChat("@bobby"));
  await all.clock.advance(60_000);
  assertEquals(all.count(METHOD), 0); // its updates come by themselves
  const misspelt = { Signal: undefined, sginal: 1 } as object;
  const opening = () => all.wait(ada.client.openChat("@news_channel", misspelt));
  await assertRejects(opening, TypeError, '"sginal" is not known');
  const unknown = () => all.wait(ada.client.openChat("@nobody_there"));
  await assertRejects(unknown, RpcError, "USERNAME_NOT_OCCUPIED");
});
