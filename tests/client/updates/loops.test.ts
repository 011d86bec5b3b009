/** client.updates(): the loop over the updates, and everything that ends it. */
import { Client, MemorySession, RpcError, type Update } from "../../../mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { settled } from "../../helpers/fake_clock.ts";
import { ADA_PHONE, numbers, textsOf, UpdatesWorld } from "./updates_world.ts";

/** Collects the updates of a loop until it ends. */
async function collect(loop: AsyncIterable<Update>, into: Update[] = []): Promise<Update[]> {
  for await (const update of loop) into.push(update);
  return into;
}

Deno.test("updates() yields the updates in order, and ends at disconnect()", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: Update[] = [];
  const over = collect(client.updates(), got);
  for (const text of numbers(1, 30)) await world.bob.send("@ada_l", text);
  await world.until(() => textsOf(got).length === 30);
  await world.wait(client.disconnect());
  await world.wait(over, 1000);
  assertEquals(textsOf(got), numbers(1, 30));
  for (const update of got) {
    if (update.kind !== "message") continue;
    const { message } = update;
    assertEquals([message.chat.title, message.sender?.username], ["Bob", "bobby"]);
    assertEquals(update.peer(22n)?.title, "Bob");
  }
});

Deno.test("A loop that is left has not consumed its last update", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  const take = async (count: number, leave: "break" | "throw"): Promise<void> => {
    for await (const update of client.updates()) {
      if (update.kind !== "message") continue;
      got.push(update.message.text);
      if (--count > 0) continue;
      if (leave === "break") return;
      throw new Error("enough");
    }
  };
  const first = take(3, "break");
  for (const text of numbers(1, 5)) await world.bob.send("@ada_l", text);
  await world.wait(first);
  assertEquals(got, numbers(1, 3));
  await world.clock.advance(1000);
  await assertRejects(() => world.wait(take(2, "throw")), Error, "enough");
  assertEquals(got, [...numbers(1, 3), "3", "4"]);
  await world.wait(take(2, "break"));
  assertEquals(got.slice(-2), ["4", "5"]);
});

Deno.test("A loop that begins as another one was left loses nothing", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  const one = async (): Promise<void> => {
    for await (const update of client.updates()) {
      if (update.kind !== "message") continue;
      got.push(update.message.text);
      return;
    }
  };
  const first = one();
  for (const text of numbers(1, 2)) await world.bob.send("@ada_l", text);
  await world.wait((async () => {
    await first;
    await one();
    await one();
  })());
  assertEquals(got, ["1", "1", "1"]);
});

Deno.test("A handler gets all updates, also when a loop beside it is left", async () => {
  for (const end of ["break", "abort", "abort at rest"] as const) {
    await using world = new UpdatesWorld();
    const { client } = await world.ada();
    const handled: string[] = [];
    const looped: string[] = [];
    client.on("message", ({ text }) => void handled.push(text));
    const controller = new AbortController();
    const loop = (async () => {
      for await (const update of client.updates({ signal: controller.signal })) {
        if (update.kind !== "message") continue;
        looped.push(update.message.text);
        if (update.message.text !== "2") continue;
        if (end === "break") break;
        if (end === "abort") controller.abort(new Error("aborted"));
      }
    })();
    loop.catch(() => {});
    await world.clock.advance(1000);
    for (const text of numbers(1, 5)) await world.bob.send("@ada_l", text);
    await world.clock.advance(1000);
    controller.abort(new Error("aborted"));
    for (const text of numbers(6, 8)) await world.bob.send("@ada_l", text);
    await world.until(() => handled.length === 8);
    if (end === "break") await loop;
    else await assertRejects(() => loop, Error, "aborted");
    assertEquals(handled, numbers(1, 8), end);
    assertEquals(looped, end === "abort at rest" ? numbers(1, 5) : numbers(1, 2), end);
  }
});

Deno.test("A signal ends a loop, at rest and at work, and before it begins", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const controller = new AbortController();
  const atRest = collect(client.updates({ signal: controller.signal }));
  await world.clock.advance(1000);
  controller.abort(new Error("over"));
  await assertRejects(() => world.wait(atRest, 1000), Error, "over");
  const { signal } = controller;
  await assertRejects(() => world.wait(collect(client.updates({ signal })), 1000), Error, "over");
  // Another loop can begin now.
  const got: Update[] = [];
  const over = collect(client.updates(), got);
  await world.bob.send("@ada_l", "1");
  await world.until(() => textsOf(got).length === 1);
  await world.wait(client.disconnect());
  await over;
});

Deno.test("A second loop is refused, and the first one goes on", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: Update[] = [];
  const over = collect(client.updates(), got);
  await world.clock.advance(100);
  const says = "another loop takes them";
  await assertRejects(() => world.wait(collect(client.updates())), TypeError, says);
  await assertRejects(() => world.wait(collect(client.catchUp())), TypeError, says);
  await world.bob.send("@ada_l", "1");
  await world.until(() => textsOf(got).length === 1);
  await world.wait(client.disconnect());
  await over;
});

Deno.test("A loop may disconnect its client; its update was not consumed", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  const loop = async (): Promise<void> => {
    for await (const update of client.updates()) {
      if (update.kind !== "message") continue;
      got.push(update.message.text);
      if (got.length < 4) await world.wait(client.disconnect(), 1000);
    }
  };
  const first = loop();
  await world.clock.advance(500);
  for (const text of numbers(1, 2)) await world.bob.send("@ada_l", text);
  await world.wait(first);
  for (let i = 0; i < 2; i++) {
    await world.wait(client.connect());
    await world.wait(loop());
  }
  assertEquals(got, ["1", "1", "1"]);
});

Deno.test("A loop goes on over cut connections and lost sessions", async () => {
  await using world = new UpdatesWorld();
  const { client, cut } = await world.ada();
  const got: Update[] = [];
  const over = collect(client.updates(), got);
  await world.clock.advance(1000);
  let sent = 0;
  for (let round = 0; round < 12; round++) {
    await world.bob.send("@ada_l", String(++sent));
    if (round % 3 === 0) cut();
    if (round % 3 === 1) world.telegram.dc().forgetSessions();
    if (round % 6 === 2) world.telegram.dc().expireSalts();
    await world.bob.send("@ada_l", String(++sent));
    await world.clock.advance(round % 2 === 0 ? 10_000 : 10);
  }
  await world.until(() => textsOf(got).length >= sent, 30 * 60_000, 5000);
  await world.wait(client.disconnect());
  await over;
  assertEquals(textsOf(got), numbers(1, sent));
});

Deno.test("A loop gets groups, supergroups and channels, with chats and senders", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const { bob } = world;
  const group = await bob.createGroup("Group", { members: ["@ada_l"] });
  const supergroup = await bob.createSupergroup("Super", { members: ["@ada_l"] });
  const channel = await bob.createChannel("News", { members: ["@ada_l"] });
  const got: Update[] = [];
  const over = collect(client.updates(), got);
  await world.clock.advance(1000);
  for (const text of numbers(1, 3)) {
    for (const chat of [group, supergroup, channel]) await bob.send(chat, text);
  }
  const texts = (): string[] => textsOf(got).filter((text) => text !== "");
  await world.until(() => texts().length === 9);
  const seen = got.flatMap((update) => {
    if (update.kind !== "message" || update.message.text === "") return [];
    const { chat, sender, text } = update.message;
    return [`${text} ${chat.kind} ${chat.title} ${sender?.title}`];
  });
  for (const text of numbers(1, 3)) {
    assert(seen.includes(`${text} group Group Bob`), seen.join());
    assert(seen.includes(`${text} supergroup Super Bob`), seen.join());
    assert(seen.includes(`${text} channel News undefined`), seen.join());
  }
  for (const update of got) {
    if (update.kind === "message" && update.message.chat.kind !== "channel") {
      await world.wait(update.message.reply("ok"));
    }
  }
  await world.wait(client.disconnect());
  await over;
});

Deno.test("A loop that nobody runs holds nothing: the process of a client can end", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const loop = client.updates();
  await settled();
  await loop.return();
  await world.wait(client.disconnect());
  assertEquals(world.clock.sleepers, 0);
});

Deno.test("Signed out elsewhere: the loop and closed reject, and handlers rest", async () => {
  await using world = new UpdatesWorld();
  const { client, logged } = await world.ada();
  const handled: string[] = [];
  client.on("message", ({ text }) => void handled.push(text));
  const over = collect(client.updates());
  over.catch(() => {});
  const closed = client.closed;
  closed.catch(() => {});
  await world.clock.advance(2000);
  for (const { dcId, authKeyId } of world.telegram.api.authorizations(ADA_PHONE)) {
    world.telegram.api.forgetAuthKey(dcId, authKeyId);
  }
  await world.bob.send("@ada_l", "1");
  const error = await assertRejects(() => world.wait(over, 20 * 60_000, 5000), RpcError);
  assertEquals(error.code, 401);
  await assertRejects(() => world.wait(closed), RpcError);
  assertEquals(handled, []);
  assert(logged.some((line) => line.includes("No more updates are received")), logged.join("\n"));
  const calls = world.count("updates.getDifference");
  await world.clock.advance(60 * 60_000);
  assertEquals(world.count("updates.getDifference"), calls, "no call after the end");
  // Another loop tells the same.
  await assertRejects(() => world.wait(collect(client.updates())), RpcError);
});

Deno.test("Signed out elsewhere with nobody to notice: an uncaught error", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada({ logger: undefined });
  const uncaught: unknown[] = [];
  const listen = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    uncaught.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", listen);
  try {
    client.on("message", () => {});
    await world.clock.advance(2000);
    const error = { code: 401, message: "SESSION_REVOKED" };
    world.telegram.api.failNext("updates.getDifference", error);
    await world.clock.advance(20 * 60_000);
    assertEquals(uncaught.map((one) => one instanceof RpcError && one.code), [401]);
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
  }
});

Deno.test("closed is watched for one life: after connect() an unseen end is uncaught", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada({ logger: undefined });
  const watched = client.closed;
  await world.wait(client.disconnect());
  await watched;
  const uncaught: unknown[] = [];
  const listen = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    uncaught.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", listen);
  try {
    client.on("message", () => {});
    await world.wait(client.connect());
    await world.clock.advance(2000);
    const error = { code: 401, message: "SESSION_REVOKED" };
    world.telegram.api.failNext("updates.getDifference", error);
    await world.until(() => uncaught.length > 0, 20 * 60_000, 5000);
    assertEquals(uncaught.map((one) => one instanceof RpcError && one.code), [401]);
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
  }
});

Deno.test("closed is another promise as soon as connect() is called", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const before = client.closed;
  const disconnected = client.disconnect();
  const connected = client.connect();
  let isOver = false;
  const closed = client.closed.then(() => isOver = true);
  await world.wait(disconnected);
  await before;
  await world.wait(connected);
  await world.wait(client.connect());
  assert(!isOver);
  await world.wait(client.disconnect());
  await closed;
  // A connect() that comes to nothing ends, too.
  const again = client.connect();
  const last = client.closed;
  await Promise.all([assertRejects(() => again), world.wait(client.disconnect()), last]);
});

Deno.test("After a 401 and a new sign-in, updates come, and closed begins anew", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  client.on("message", ({ text }) => void got.push(text));
  await world.clock.advance(2000);
  const before = client.closed;
  const ended = assertRejects(() => world.wait(before, 20 * 60_000, 5000), RpcError);
  for (const { dcId, authKeyId } of world.telegram.api.authorizations(ADA_PHONE)) {
    world.telegram.api.forgetAuthKey(dcId, authKeyId);
  }
  await ended;
  await assertRejects(() => client.closed, RpcError);
  await world.signIn(client);
  let isOver = false;
  const closed = client.closed.then(() => isOver = true);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
  assert(!isOver);
  await world.wait(client.disconnect());
  await closed;
});

Deno.test("signOut() in a handler ends closed; the next sign-in begins anew", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  client.on("message", async ({ text }) => {
    got.push(text);
    if (text === "stop") await client.signOut();
  });
  const closed = client.closed;
  await world.bob.send("@ada_l", "stop");
  await world.wait(closed);
  await client.closed;
  await world.signIn(client);
  let isOver = false;
  void client.closed.then(() => isOver = true);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 2);
  assert(!isOver);
});

Deno.test("signOut() in a loop over the updates ends the loop", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  const loop = (async () => {
    for await (const update of client.updates()) {
      if (update.kind !== "message") continue;
      got.push(update.message.text);
      await client.signOut();
    }
  })();
  await world.bob.send("@ada_l", "stop");
  await world.wait(loop);
  assertEquals(got, ["stop"]);
});

Deno.test("closed rejects when a call shows that Telegram has ended the sign-in", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const error = { code: 401, message: "AUTH_KEY_UNREGISTERED" };
  world.telegram.api.failNext("users.getUsers", error);
  const closed = client.closed;
  assertEquals(await world.wait(client.getMe()), undefined);
  await assertRejects(() => world.wait(closed), RpcError, "AUTH_KEY_UNREGISTERED");
});

Deno.test("A loop that a handler begins, which waits for it, says so", async () => {
  for (const name of ["catchUp", "updates"] as const) {
    await using world = new UpdatesWorld();
    const { client } = await world.ada();
    const errors: unknown[] = [];
    client.on("message", async ({ text }) => {
      if (text === "1") await collect(client[name]()).catch((error) => void errors.push(error));
    });
    for (const text of numbers(1, 2)) await world.bob.send("@ada_l", text);
    await world.until(() => errors.length === 1);
    const [error] = errors;
    assert(error instanceof TypeError && error.message.includes("add the handler with"), name);
  }
});

Deno.test("catchUp() waits for a handler at work, but for no longer than a minute", async () => {
  for (const isEndless of [false, true]) {
    await using world = new UpdatesWorld();
    const { client } = await world.ada();
    const got: Update[][] = [];
    const errors: string[] = [];
    const turn = Promise.withResolvers<void>();
    client.on("message", async ({ text }) => {
      if (text !== "1") return;
      await world.clock.sleep(1000);
      if (!isEndless) return await turn.promise;
      await collect(client.catchUp()).catch(({ message }) => void errors.push(message));
    });
    for (const text of numbers(1, 2)) await world.bob.send("@ada_l", text);
    await world.clock.advance(2000);
    if (!isEndless) void collect(client.catchUp()).then((updates) => got.push(updates));
    await world.clock.advance(50_000);
    assertEquals([got.length, errors.length], [0, 0]);
    turn.resolve();
    await world.clock.advance(11_000);
    assertEquals(got.map(textsOf), isEndless ? [] : [["2"]]);
    assertEquals(errors.map((text) => text.slice(0, 15)), isEndless ? ["Cannot catch up"] : []);
  }
});

Deno.test("catchUp() works in a handler for which nothing waits", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: Update[][] = [];
  client.on("message", async ({ text }) => {
    if (text === "1") got.push(await collect(client.catchUp()));
  }, { wait: false });
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
});

Deno.test("Handlers and loops that begin in the turn of connect() take updates", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  client.on("message", () => {})(); // so that the code is loaded
  await world.clock.advance(1000);
  await world.wait(client.disconnect());
  const got: string[] = [];
  client.on("message", ({ text }) => void got.push(text));
  const updates: Update[] = [];
  const connected = client.connect();
  const over = collect(client.updates(), updates);
  await world.wait(connected);
  await world.clock.advance(1000);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length + textsOf(updates).length === 2);
  await world.wait(client.disconnect());
  await over;
});

Deno.test("A bot whose session was ended signs in again, and nothing is thrown", async () => {
  const uncaught: unknown[] = [];
  const note = (event: ErrorEvent | PromiseRejectionEvent): void => {
    event.preventDefault();
    uncaught.push("error" in event ? event.error : event.reason);
  };
  globalThis.addEventListener("error", note);
  globalThis.addEventListener("unhandledrejection", note);
  const session = new MemorySession();
  for (let life = 0; life < 2; life++) {
    await using telegram = new OfflineTelegram(); // the second one does not know the key
    const { apiId, apiHash, clientOptions } = telegram;
    const client = new Client(session, apiId, apiHash, clientOptions);
    client.on("message", (message) => message.reply(message.text));
    await client.start({ botAuthToken: "777:TESTTOKEN" });
    const ada = telegram.person("+9996621111");
    await ada.send("@test_777_bot", "Hello");
    assertEquals((await ada.nextMessage()).text, "Hello");
    await client.disconnect();
  }
  globalThis.removeEventListener("error", note);
  globalThis.removeEventListener("unhandledrejection", note);
  assertEquals(uncaught, []);
});
