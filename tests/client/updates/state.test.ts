/** The kept state of the updates: when it is saved, and what a new process finds. */
import type { Message, Update } from "../../../mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { settled } from "../../helpers/fake_clock.ts";
import { runs } from "../../helpers/long.ts";
import {
  BOB_PHONE,
  numbers,
  type Running,
  SeenSession,
  textsOf,
  UpdatesWorld,
} from "./updates_world.ts";

/** Collects the messages of a client. */
function listen({ client }: Running): Message[] {
  const got: Message[] = [];
  client.on("message", (message) => void got.push(message));
  return got;
}

Deno.test("The state is saved at most once a second, and at disconnect()", async () => {
  await using world = new UpdatesWorld();
  const ada = await world.ada();
  const got = listen(ada);
  const { savedAt } = ada.session.updates;
  await world.clock.advance(3000);
  const before = savedAt.length;
  for (let i = 0; i < 100; i++) {
    await world.bob.send("@ada_l", String(i));
    await world.clock.advance(100);
  }
  assertEquals(got.length, 100);
  assert(savedAt.length - before <= 11, `${savedAt.length - before} savings in 10 s`);
  assert(savedAt.length - before >= 9, `${savedAt.length - before} savings in 10 s`);
  for (const [i, at] of savedAt.entries()) {
    if (i > 0) assert(at - savedAt[i - 1] >= 1000, `${savedAt}`);
  }
  await world.bob.send("@ada_l", "last");
  await world.until(() => got.length === 101, 500, 10);
  const pts = ada.session.updates.pts;
  await world.wait(ada.client.disconnect());
  assert((ada.session.updates.pts ?? 0) > (pts ?? 0), "saved at the end");
});

Deno.test("The state is kept apart from the secrets of the session", async () => {
  await using world = new UpdatesWorld();
  const ada = await world.ada();
  listen(ada);
  const before = JSON.stringify(ada.session.state.updates ?? null);
  await world.bob.send("@ada_l", "1");
  await world.clock.advance(5000);
  assertEquals(JSON.stringify(ada.session.state.updates ?? null), before);
  assertEquals(JSON.parse(ada.session.updates.text ?? "").self, "11");
});

Deno.test("A new process gets what came meanwhile, in order, each once", async () => {
  await using world = new UpdatesWorld();
  const first = await world.ada();
  const got = listen(first);
  for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
  await world.until(() => got.length === 3);
  await world.wait(first.client.disconnect());
  for (const text of numbers(4, 9)) await world.bob.send("@ada_l", text);
  const second = world.run(first.kept());
  const more = listen(second);
  await world.until(() => more.length === 6);
  await world.clock.advance(5000);
  assertEquals(textsOf(more), numbers(4, 9));
});

Deno.test("A killed process loses nothing, and repeats no more than a second", async () => {
  // Each message takes the handler 400 ms: the process dies in the middle of one, and between two.
  for (let moment = 0; moment <= 4000; moment += 190) {
    await using world = new UpdatesWorld();
    const first = await world.ada();
    const done: string[] = [];
    const handle = (running: Running): void => {
      let isDead = false;
      running.client.on("message", async ({ text }) => {
        await world.clock.sleep(400);
        if (!isDead) done.push(text);
      });
      const { kill } = running;
      Object.assign(running, {
        kill: () => {
          isDead = true;
          kill();
        },
      });
    };
    handle(first);
    await world.clock.advance(1000);
    for (const text of numbers(1, 6)) await world.bob.send("@ada_l", text);
    await world.clock.advance(moment);
    const session = first.kept();
    first.kill();
    const second = world.run(session);
    handle(second);
    for (const text of numbers(7, 8)) await world.bob.send("@ada_l", text);
    await world.until(() => done.includes("8"));
    await world.clock.advance(3000);
    assertEquals([...new Set(done)], numbers(1, 8), `at ${moment}: ${done}`);
    // The state is at most a second old: so many handlers may have ended in it.
    assert(done.length <= 8 + 3, `at ${moment}: ${done}`);
  }
});

Deno.test("A process that is killed soon after a new supergroup misses nothing in it", async () => {
  for (const lifetime of [300, 1500, 3000, 4900]) {
    await using world = new UpdatesWorld();
    const first = await world.ada();
    listen(first);
    await world.clock.advance(2000);
    const chat = await world.bob.createSupergroup("Super", { members: ["@ada_l"] });
    await world.bob.send(chat, "1");
    await world.clock.advance(lifetime);
    const session = first.kept();
    first.kill();
    for (const text of numbers(2, 4)) await world.bob.send(chat, text);
    const second = world.run(session);
    const got = listen(second);
    await world.until(() => textsOf(got).includes("4"));
    await world.clock.advance(3000);
    const texts = textsOf(got).filter((text) => text !== "" && text !== "1");
    assertEquals(texts, numbers(2, 4), `after ${lifetime} ms: ${second.logged}`);
  }
});

Deno.test("A consumer that stops at the third of five: the next process begins there", async () => {
  for (const isThirdDone of [false, true]) {
    await using world = new UpdatesWorld();
    const first = await world.ada();
    const got: string[] = [];
    const loop = (async () => {
      for await (const update of first.client.updates()) {
        if (update.kind !== "message") continue;
        got.push(update.message.text);
        if (got.length === (isThirdDone ? 4 : 3)) break;
      }
    })();
    await world.clock.advance(1000);
    for (const text of numbers(1, 5)) await world.bob.send("@ada_l", text);
    await world.wait(loop);
    await world.wait(first.client.disconnect());
    const more = listen(world.run(first.kept()));
    const expected = numbers(isThirdDone ? 4 : 3, 5);
    await world.until(() => more.length === expected.length);
    await world.clock.advance(2000);
    assertEquals(textsOf(more), expected);
  }
});

/** More than wait for the program at once. */
const MANY = runs(2500, 10_000);

Deno.test(`${MANY} missed messages are all delivered, in order, in bounded memory`, async () => {
  await using world = new UpdatesWorld({ limits: { slice: 100 } });
  const first = await world.ada();
  listen(first);
  await world.clock.advance(2000);
  await world.wait(first.client.disconnect());
  for (let i = 1; i <= MANY; i++) await world.bob.send("@ada_l", String(i));
  const second = world.run(first.kept());
  const got: string[] = [];
  let calls = 0;
  second.client.on("message", async ({ text }) => {
    got.push(text);
    if (got.length % 500 === 0) await world.clock.sleep(10);
    calls = Math.max(calls, world.count("updates.getDifference") * 100 - got.length);
  });
  await world.until(() => got.length >= MANY, 600_000, 1000);
  assertEquals(got, numbers(1, MANY));
  assert(calls <= 1500, `${calls} messages were fetched ahead of the handler`);
});

/** More than wait for a handler. */
const ASLEEP = runs(1200, 10_000);

Deno.test(`A handler that sleeps while ${ASLEEP} messages come gets all later`, async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  const awake = Promise.withResolvers<void>();
  client.on("message", async ({ text }) => {
    got.push(text);
    await awake.promise;
  });
  await world.clock.advance(1000);
  for (let i = 1; i <= ASLEEP; i++) {
    await world.bob.send("@ada_l", String(i));
    if (i % 100 === 0) await settled();
  }
  await world.clock.advance(5000);
  assertEquals(got, ["1"]);
  awake.resolve();
  await world.until(() => got.length >= ASLEEP, 600_000, 1000);
  await world.clock.advance(2000);
  assertEquals(got, numbers(1, ASLEEP));
});

const FLOOD = runs(1100, 3000);

Deno.test("An echo bot under a flood answers each message once, and never itself", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  let got = 0;
  client.on("message", async (message) => {
    got++;
    await message.reply(`echo ${message.text}`);
  });
  await world.clock.advance(1000);
  for (let i = 1; i <= FLOOD; i++) {
    await world.bob.send("@ada_l", String(i));
    if (i % 1000 === 0) await settled();
  }
  await world.until(() => world.bob.received.length >= FLOOD, 600_000, 1000);
  await world.clock.advance(20_000);
  assertEquals(got, FLOOD);
  assertEquals(
    world.bob.received.map(({ text }) => text),
    numbers(1, FLOOD).map((n) => `echo ${n}`),
  );
});

Deno.test("A damaged state, or one of another account: from now, with a warning", async () => {
  const texts = ["", "{", "null", "[]", "{}", '{"version":99}', '{"version":1,"self":"99"}'];
  for (const text of texts) {
    await using world = new UpdatesWorld();
    const first = await world.ada();
    await world.bob.send("@ada_l", "missed");
    await world.wait(first.client.disconnect());
    const session = new SeenSession(world.clock, text);
    session.state = first.session.state;
    const second = world.run(session);
    const got = listen(second);
    await world.until(() => world.count("updates.getDifference") > 0);
    await world.clock.advance(1000);
    await world.bob.send("@ada_l", "1");
    await world.until(() => got.length > 0);
    assertEquals(textsOf(got), ["1"], text);
    assert(second.logged.some((line) => line.includes("begin from now")), second.logged.join());
    assert(session.updates.pts !== undefined, "it is replaced");
  }
});

Deno.test("A store that does not answer at first delays the updates, and loses none", async () => {
  await using world = new UpdatesWorld();
  const first = await world.ada();
  listen(first);
  await world.clock.advance(2000);
  await world.wait(first.client.disconnect());
  for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
  const second = world.run(first.kept());
  let loads = 0;
  second.session.updates.onLoad = () => {
    if (++loads <= 3) throw new Error("the store is away");
  };
  const got = listen(second);
  await world.until(() => got.length === 3);
  assertEquals([loads, textsOf(got)], [4, numbers(1, 3)]);
  assertEquals(second.logged.filter((line) => line.includes("the store is away")).length, 3);
});

Deno.test("A store that never answers ends the updates, and none is skipped", async () => {
  await using world = new UpdatesWorld();
  const { client, session } = await world.ada();
  session.updates.onLoad = () => {
    throw new Error("the store is away");
  };
  const closed = client.closed;
  closed.catch(() => {});
  const loop = (async () => {
    for await (const _ of client.updates());
  })();
  loop.catch(() => {});
  await assertRejects(() => world.wait(loop), Error, "the store is away");
  await assertRejects(() => world.wait(closed), Error, "the store is away");
  assertEquals(world.count("updates.getState"), 0);
});

Deno.test("A store that fails to save is tried again each second", async () => {
  await using world = new UpdatesWorld();
  const ada = await world.ada();
  const { updates } = ada.session;
  const got = listen(ada);
  let isAway = true;
  updates.onSave = () => {
    if (isAway) throw new Error("the disk is full");
  };
  await world.clock.advance(2000);
  await world.bob.send("@ada_l", "1");
  await world.clock.advance(10_000);
  assertEquals(textsOf(got), ["1"]);
  assert(updates.savedAt.length >= 8 && updates.savedAt.length <= 13, `${updates.savedAt}`);
  assertEquals(updates.text, undefined);
  isAway = false;
  await world.clock.advance(1500);
  assert(updates.pts !== undefined, "saved without another update");
  assert(ada.logged.some((line) => line.includes("the disk is full")));
});

Deno.test("A slow store gets one saving at a time, and the newest state last", async () => {
  await using world = new UpdatesWorld();
  const ada = await world.ada();
  const { updates } = ada.session;
  const got = listen(ada);
  let atOnce = 0;
  let most = 0;
  updates.onSave = async () => {
    most = Math.max(most, ++atOnce);
    await world.clock.sleep(3500);
    atOnce--;
  };
  for (let i = 0; i < 40; i++) {
    await world.bob.send("@ada_l", String(i));
    await world.clock.advance(500);
  }
  assertEquals([got.length, most], [40, 1]);
  await world.wait(ada.client.disconnect());
  assertEquals(most, 1);
  const more = listen(world.run(ada.kept()));
  await world.clock.advance(5000);
  assertEquals(textsOf(more), [], "the newest state was saved");
});

Deno.test("Another user who signs in on the same client gets the own updates only", async () => {
  await using world = new UpdatesWorld();
  const { client } = await world.ada();
  const got: string[] = [];
  const turn = Promise.withResolvers<void>();
  client.on("message", async (message) => {
    got.push(`${message.text} ${message.chat.title}`);
    if (message.text === "1") await turn.promise;
  });
  await world.clock.advance(1000);
  for (const text of numbers(1, 3)) await world.bob.send("@ada_l", text);
  await world.until(() => got.length === 1);
  // The handler is still at work when the user changes.
  await world.wait(client.signOut());
  await world.signIn(client, BOB_PHONE);
  await world.clock.advance(1000);
  await world.carol.send("@bobby", "for Bob 1");
  await world.carol.send("@bobby", "for Bob 2");
  await world.clock.advance(1000);
  turn.resolve();
  await world.until(() => got.length === 3);
  await world.clock.advance(2000);
  assertEquals(got, ["1 Bob", "for Bob 1 Carol", "for Bob 2 Carol"]);
});

Deno.test("After signing in again the handlers get updates again", async () => {
  await using world = new UpdatesWorld();
  const ada = await world.ada();
  const got = listen(ada);
  await world.clock.advance(2000);
  const error = { code: 401, message: "AUTH_KEY_UNREGISTERED" };
  world.telegram.api.failNext("updates.getDifference", error);
  ada.cut();
  world.telegram.dc().forgetSessions();
  await world.until(
    () => ada.logged.some((line) => line.includes("No more updates")),
    20 * 60_000,
    5000,
  );
  await world.wait(ada.client.signOut());
  await world.signIn(ada.client);
  await world.clock.advance(2000);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
});

Deno.test("A difference that is too long reaches on(gap), and the updates go on", async () => {
  await using world = new UpdatesWorld({ limits: { tooLongAfter: 50 } });
  const first = await world.ada();
  listen(first);
  await world.clock.advance(2000);
  await world.wait(first.client.disconnect());
  for (const text of numbers(1, 60)) await world.bob.send("@ada_l", text);
  const second = world.run(first.kept());
  const gaps: unknown[] = [];
  const updates: Update[] = [];
  second.client.on("gap", (gap, update) => {
    gaps.push(gap);
    updates.push(update);
  });
  const raw: unknown[] = [];
  second.client.on("raw", (update) => void raw.push(update));
  const got = listen(second);
  await world.until(() => gaps.length === 1);
  await world.clock.advance(1000);
  await world.bob.send("@ada_l", "61");
  await world.until(() => got.length === 1);
  assertEquals(textsOf(got), ["61"]);
  assertEquals(gaps.length, 1);
  const [gap] = gaps as { from: number; to: number; reason: string; channelId?: bigint }[];
  assertEquals([gap.to - gap.from >= 60, gap.reason, gap.channelId], [true, "too long", undefined]);
  assertEquals(updates[0].raw, undefined);
  assertEquals(updates[0].peer(1n), undefined);
});

Deno.test("An update that cannot be decoded has the difference fetched", async () => {
  await using world = new UpdatesWorld();
  const ada = await world.ada();
  const got = listen(ada);
  await world.clock.advance(2000);
  const before = world.count("updates.getDifference");
  const dc = world.telegram.dc();
  await dc.pushToAll({ _: "nearestDc", country: "", thisDc: 2, nearestDc: 2 }); // no update
  await world.clock.advance(1000);
  await world.bob.send("@ada_l", "1");
  await world.until(() => got.length === 1);
  assertEquals(world.count("updates.getDifference"), before + 1);
  assertEquals(textsOf(got), ["1"]);
});
