/** client.on(): handlers of updates, when they are called, and what their errors do. */
import { Client, MemorySession, type Message, type Update } from "../../../mod.ts";
import { assert, assertEquals, assertRejects, assertThrows } from "../../helpers/assert.ts";
import { settled } from "../../helpers/fake_clock.ts";
import { ADA_PHONE, BOT_TOKEN, numbers, textsOf, UpdatesWorld } from "./updates_world.ts";

Deno.test("on() before start() gets the messages that come after the sign-in", async () => {
  await using world = new UpdatesWorld();
  const { client } = world.run();
  const got: Message[] = [];
  client.on("message", (message) => void got.push(message));
  await world.signIn(client, ADA_PHONE);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
  assertEquals(textsOf(got), numbers(1, 1));
  assertEquals([got[0].sender?.title, got[0].outgoing], ["Bob", false]);
});

Deno.test("on() of a signed-in client misses no message of the same turn", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: Message[] = [];
  client.on("message", (message) => void got.push(message));
  for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
  await world.until(() => got.length === 3);
  assertEquals(textsOf(got), numbers(1, 3));
});

Deno.test("Several handlers get each update, each handler of its event", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  client.on("message", ({ text }) => void got.push(`a ${text}`));
  client.on("message", ({ text }) => void got.push(`b ${text}`));
  client.on("edit", ({ text }) => void got.push(`edit ${text}`));
  client.on("delete", ({ ids }) => void got.push(`delete ${ids.length}`));
  const raw: string[] = [];
  client.on("raw", ({ _ }) => void raw.push(_));
  await world.clock.advance(1000);
  const sent = await world.bob.send("@ada_l", "1");
  await world.bob.edit(sent, "2");
  await world.bob.delete(sent);
  await world.until(() => got.length === 4);
  assertEquals(got, ["a 1", "b 1", "edit 2", "delete 1"]);
  const named = ["updateNewMessage", "updateEditMessage", "updateDeleteMessages"];
  assertEquals(raw.filter((name) => named.includes(name)), named);
});

Deno.test("The same function added twice is called twice, and taken off once", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  let calls = 0;
  const handler = (): void => void calls++;
  const off = client.on("message", handler);
  client.on("message", handler);
  await world.bob.send("@ada_l", "1");
  await world.until(() => calls === 2);
  off();
  off();
  await world.bob.send("@ada_l", "2");
  await world.clock.advance(1000);
  assertEquals(calls, 3);
});

Deno.test("The next update waits for a handler, unless it was added with wait: false", async () => {
  for (const wait of [true, false]) {
    await using world = new UpdatesWorld();
    const { client } = await world.ada();
    const begun: string[] = [];
    const turn = Promise.withResolvers<void>();
    client.on("message", async ({ text }) => {
      begun.push(text);
      await turn.promise;
    }, { wait });
    for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
    await world.clock.advance(5000);
    assertEquals(begun, wait ? ["1"] : numbers(1, 3));
    turn.resolve();
    await world.until(() => begun.length === 3);
    assertEquals(begun, numbers(1, 3));
  }
});

Deno.test("A handler that throws or rejects is logged, and the next updates come", async () => {
  await using world = new UpdatesWorld();
  const { client, session, logged } = await world.ada();
  const got: string[] = [];
  client.on("message", ({ text }) => {
    got.push(text);
    if (text === "1") throw new Error("thrown by the program");
    if (text === "2") return Promise.reject(new Error("rejected by the program"));
    // An object with then() is a promise as well.
    if (text === "3") {
      return { then: (_: unknown, no: (why: Error) => void) => no(new Error("3rd")) };
    }
  });
  for (const text of numbers(1, 4)) await world.bob.send("@ada_l", text);
  await world.until(() => got.length === 4);
  await world.clock.advance(2000);
  assertEquals(got, numbers(1, 4));
  for (const text of ["thrown by the program", "rejected by the program", "3rd"]) {
    assertEquals(logged.filter((line) => line.includes(text)).length, 1, text);
  }
  assert(session.updates.savedAt.length > 0, "a failed handler has consumed its update");
});

Deno.test("A handler's error is uncaught in a program without a logger", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada({ logger: undefined });
  const uncaught: unknown[] = [];
  const listen = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    uncaught.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", listen);
  try {
    const error = new Error("of the program");
    client.on("message", () => {
      throw error;
    });
    await world.bob.send("@ada_l", "1");
    await world.until(() => uncaught.length > 0);
    assertEquals(uncaught, [error]);
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
  }
});

Deno.test("A handler that never ends blocks the others, and not disconnect()", async () => {
  await using world = new UpdatesWorld();
  const { client, kept } = await world.ada();
  const got: string[] = [];
  client.on("message", ({ text }) => {
    got.push(text);
    return new Promise(() => {});
  });
  for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
  await world.clock.advance(5000);
  assertEquals(got, ["1"]);
  await world.wait(client.disconnect(), 1000);
  const next = world.run(kept());
  const again: Message[] = [];
  next.client.on("message", (message) => void again.push(message));
  await world.until(() => again.length === 3);
  assertEquals(textsOf(again), numbers(1, 3), "what was not consumed comes again");
});

Deno.test("A handler that takes itself off is called once; a later one gets the rest", async () => {
  for (const isAsync of [false, true]) {
    await using world = new UpdatesWorld();
    const { client } = await world.ada();
    await world.wait(client.sendMessage("me", "warm"));
    const got: string[] = [];
    const off = client.on("message", ({ text }) => {
      off();
      got.push(text);
      return isAsync ? world.clock.sleep(300) : undefined;
    });
    for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
    await world.until(() => got.length === 1);
    await world.clock.advance(2000);
    assertEquals(got, ["1"]);
    client.on("message", ({ text }) => void got.push(text));
    await world.until(() => got.length >= 3);
    await world.clock.advance(2000);
    assertEquals(got, numbers(1, 3), "each once");
  }
});

Deno.test("A handler that another one has taken off is not called any more", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  client.on("message", () => {
    off();
    got.push("first");
  });
  const off = client.on("message", () => void got.push("second"));
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length > 0);
  await world.clock.advance(1000);
  assertEquals(got, ["first"]);
});

Deno.test("A handler may reply, and the reply is not delivered to it", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  client.on("message", async (message) => {
    got.push(message.text);
    await message.reply(`echo ${message.text}`);
  });
  for (const text of numbers(1, 20)) await world.bob.send("@ada_l", text);
  await world.until(() => world.bob.received.length === 20);
  await world.clock.advance(2000);
  assertEquals(got, numbers(1, 20));
  assertEquals(world.bob.received.map(({ text }) => text), numbers(1, 20).map((n) => `echo ${n}`));
  assertEquals(world.bob.received[4].replyToId !== undefined, true);
  assertEquals(world.count("updates.getDifference"), 1, "own messages make no gap");
});

Deno.test("A handler may disconnect the client", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  let over: Promise<void> | undefined;
  client.on("message", () => over = client.disconnect());
  await world.bob.send("@ada_l", "1");
  await world.until(() => over !== undefined);
  await world.wait(over ?? Promise.reject(new Error("not called")), 1000);
  await client.closed;
});

Deno.test("Handlers stay over disconnect() and connect(), and miss nothing", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: Message[] = [];
  client.on("message", (message) => void got.push(message));
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
  await world.wait(client.disconnect());
  for (const text of numbers(2, 4)) await world.bob.send("@ada_l", text);
  await world.clock.advance(10_000);
  assertEquals(got.length, 1);
  await world.wait(client.connect());
  await world.until(() => got.length === 4);
  assertEquals(textsOf(got), numbers(1, 4));
});

Deno.test("A message goes to the other client of the account, not to the sender", async () => {
  await using world = new UpdatesWorld();
  const phone = await world.ada();
  const laptop = await world.ada();
  const got: Record<string, Message[]> = { phone: [], laptop: [] };
  phone.client.on("message", (message) => void got.phone.push(message));
  laptop.client.on("message", (message) => void got.laptop.push(message));
  await world.clock.advance(2000);
  await world.wait(phone.client.sendMessage("@bobby", "from the phone"));
  await world.wait(phone.client.sendMessage("me", "to myself"));
  await world.until(() => got.laptop.length === 2);
  await world.clock.advance(2000);
  assertEquals(textsOf(got.laptop), ["from the phone", "to myself"]);
  assertEquals(got.laptop.map(({ outgoing }) => outgoing)[0], true);
  assertEquals(got.laptop[0].chat.title, "Bob");
  assertEquals(textsOf(got.phone), []);
});

Deno.test("A bot gets messages, presses and inline queries, and answers them", async () => {
  await using world = new UpdatesWorld();
  const { client } = world.run();
  client.on(
    "message",
    (message) =>
      message.reply("Choose", {
        buttons: [[{ text: "Yes", data: "y" }], [{ text: "No", data: "n" }]],
      }),
  );
  client.on("callback", async (press) => {
    await press.answer(`${press.sender.title}: ${press.data}`, { alert: true });
    await press.edit("Thanks");
  });
  client.on("inlineQuery", (query) => query.answer([{ title: "T", text: query.query }]));
  await world.wait(client.start({ botAuthToken: BOT_TOKEN }));
  await world.clock.advance(1000);
  await world.bob.send("@test_777_bot", "/start");
  const question = await world.wait(world.bob.nextMessage());
  assertEquals(question.buttons, [["Yes"], ["No"]]);
  const answer = await world.wait(world.bob.press(question, "No"));
  assertEquals(answer, { text: "Bob: n", alert: true });
  assertEquals((await world.wait(world.bob.nextEdit())).text, "Thanks");
  const [result] = await world.wait(world.bob.inline("@test_777_bot", "tea"));
  assertEquals([result.title, result.text], ["T", "tea"]);
});

Deno.test("on() refuses unknown events, options and handlers", () => {
  const client = new Client(new MemorySession(), 1, "0123456789abcdef0123456789abcdef");
  const handler = (): void => {};
  assertThrows(() => client.on("mesage" as "message", handler), TypeError, 'to "mesage"');
  assertThrows(() => client.on("message", undefined as never), TypeError, "of type undefined");
  const options = { once: true } as object;
  assertThrows(() => client.on("message", handler, options), TypeError, '"once" is not known');
  const notBoolean = { wait: 1 } as object;
  assertThrows(
    () => client.on("message", handler, notBoolean),
    TypeError,
    "wait is of type number",
  );
});

Deno.test("A client without handlers does not load the state, nor save it", async () => {
  await using world = new UpdatesWorld();
  const { session } = await world.ada();
  let loads = 0;
  session.updates.onLoad = () => void loads++;
  await world.bob.send("@ada_l", "1");
  await world.clock.advance(20 * 60_000);
  assertEquals([loads, session.updates.savedAt.length], [0, 0]);
  assertEquals(world.count("updates.getState") + world.count("updates.getDifference"), 0);
});

Deno.test("A client at rest only fetches the difference each quarter of an hour", async () => {
  await using world = new UpdatesWorld();
  const { client, session } = await world.ada();
  const got: Update[] = [];
  client.on("raw", (_, update) => void got.push(update));
  await world.clock.advance(10_000);
  const saves = session.updates.savedAt.length;
  const calls = world.count("updates.getDifference");
  await world.clock.advance(14 * 60_000);
  assertEquals(world.count("updates.getDifference"), calls);
  assertEquals(session.updates.savedAt.length, saves, "nothing changed: nothing is saved");
  await world.clock.advance(60_000);
  assertEquals(world.count("updates.getDifference"), calls + 1);
  await settled();
  assertEquals(got.filter(({ kind }) => kind === "message"), []);
});

Deno.test("updates() and catchUp() refuse options that are not known", async () => {
  const client = new Client(new MemorySession(), 1, "0123456789abcdef0123456789abcdef");
  const options = { sginal: 1 } as object;
  await assertRejects(() => client.updates(options).next(), TypeError, '"sginal" is not known');
  await assertRejects(() => client.catchUp(options).next(), TypeError, '"sginal" is not known');
  await assertRejects(() => client.updates(5 as never).next(), TypeError, "are of type number");
});

Deno.test("Own messages do not come back while handlers change", async () => {
  await using world = new UpdatesWorld();
  const { client, session } = await world.ada();
  const got: Message[] = [];
  const on = (): () => void => client.on("message", (message) => void got.push(message));
  const send = (text: string): Promise<Message> => world.wait(client.sendMessage("me", text));
  let off = on();
  await world.clock.advance(5000);
  // The end of the first handler waits for the store.
  session.updates.onSave = () => world.clock.sleep(3000);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
  off();
  await send("while nobody takes updates");
  off = on();
  await send("before the store has answered");
  await world.wait(client.invoke({
    _: "messages.sendMessage",
    peer: { _: "inputPeerSelf" },
    message: "to the home by its number",
    randomId: 1n,
  }, { dcId: session.state.dcId }));
  await world.bob.send("@ada_l", "2");
  await world.until(() => got.length > 1);
  await world.clock.advance(10_000);
  assertEquals(textsOf(got), ["1", "2"]);
  off();
});
