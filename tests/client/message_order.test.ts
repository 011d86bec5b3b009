/**
 * The order of the messages to one chat, and that each is sent once: over lost connections, expired
 * salts, forgotten sessions, floods, refusals and aborts.
 */
import fc from "fast-check";
import type { Message, PeerLike } from "../../mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";
import { runs } from "../helpers/long.ts";
import { BOB, CAROL, MessagesWorld } from "../helpers/messages_world.ts";

const SEED = 20261127;
const SEND = "messages.sendMessage";
const ONE_TO_THREE = ["1", "2", "3"];

/** Sends texts to one chat in one turn. */
function sendAll(world: MessagesWorld, texts = ONE_TO_THREE, to: PeerLike = "me") {
  return texts.map((text) => world.client.sendMessage(to, text));
}

Deno.test("messages of one turn go out in one container, and arrive in order", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  await world.wait(world.client.sendMessage("me", "0")); // loads the code
  let writes = 0;
  world.onWrite = (from) => {
    if (from === "client") writes++;
    return true;
  };
  const sent = await world.wait(Promise.all(sendAll(world)));
  assertEquals(sent.map(({ text }) => text), ONE_TO_THREE);
  assertEquals([writes, world.texts()], [1, ["0", ...ONE_TO_THREE]]);
});

/** Faults of the server while the line is cut. */
const FAULTS: Readonly<Record<string, (world: MessagesWorld) => void>> = {
  "nothing else": () => {},
  "the salts expired": ({ telegram }) => telegram.dc().expireSalts(),
  "the session forgotten": ({ telegram }) => telegram.dc().forgetSessions(),
};

for (const [name, fault] of Object.entries(FAULTS)) {
  Deno.test(`messages arrive once and in order, the line cut at every point, ${name}`, async () => {
    let points = 0;
    for (let point = 0; point <= points; point++) {
      await using world = new MessagesWorld();
      await world.signIn();
      world.latency = 100;
      let writes = 0;
      world.onWrite = (_, cut) => {
        if (writes++ !== point) return true;
        cut();
        fault(world);
        return false;
      };
      const sent: Promise<Message>[] = [];
      for (const text of ["1", "2", "3", "4", "5"]) {
        sent.push(world.client.sendMessage("me", text));
        await world.clock.advance(30); // a packet each, on their way together
      }
      const ids = (await world.wait(Promise.all(sent))).map(({ id }) => id);
      assertEquals(ids, [1, 2, 3, 4, 5], `${point}`);
      assertEquals(world.texts(), ["1", "2", "3", "4", "5"], `${point}`);
      points = writes;
    }
    assert(points > 8, `${points} points`);
  });
}

Deno.test("a message that waits out a flood or a failure stays before the next ones", async () => {
  for (
    const [code, message] of [
      [420, "FLOOD_WAIT_3"],
      [500, "RPC_CALL_FAIL"],
      [500, "RANDOM_ID_DUPLICATE"],
      [-503, "Timeout"],
    ] as const
  ) {
    for (const times of [1, 2, 3]) {
      await using world = new MessagesWorld();
      await world.signIn();
      world.telegram.api.failNext(SEND, { code, message, times });
      const sent = sendAll(world);
      await world.clock.advance(100);
      sent.push(world.client.sendMessage("me", "4")); // made while the first one sleeps
      const ids = (await world.wait(Promise.all(sent))).map(({ id }) => id);
      assertEquals([ids, world.texts()], [[1, 2, 3, 4], ["1", "2", "3", "4"]], message);
      assert(world.calls.length <= 4 + times, `${world.calls.length} calls`);
    }
  }
});

Deno.test("messages that wait for one before them use up none of their own retries", async () => {
  await using world = new MessagesWorld({ requestRetries: 0 });
  await world.signIn();
  const inFlight = { code: 500, message: "RANDOM_ID_DUPLICATE" };
  world.telegram.api.failNext(SEND, { ...inFlight, times: 3 });
  const start = world.clock.monotonic();
  const sent = await world.wait(Promise.all(sendAll(world)));
  assertEquals([sent.map(({ id }) => id), world.texts()], [[1, 2, 3], ONE_TO_THREE]);
  const time = world.clock.monotonic() - start;
  assert(time >= 3500 && time <= 3700, `${time} ms: the pauses of the first one`);
});

Deno.test("a message that is refused for good does not stop the next ones", async () => {
  for (
    const [code, message] of [
      [400, "PEER_ID_INVALID"],
      [403, "CHAT_WRITE_FORBIDDEN"],
      [420, "FLOOD_WAIT_3600"],
    ] as const
  ) {
    await using world = new MessagesWorld();
    await world.signIn();
    world.telegram.api.failNext(SEND, { code, message });
    const [first, ...rest] = await world.wait(Promise.allSettled(sendAll(world)));
    assert(first.status === "rejected" && first.reason.message.includes(message));
    assert(rest.every(({ status }) => status === "fulfilled"));
    assertEquals(world.texts(), ["2", "3"]);
  }
});

Deno.test("an aborted message leaves the order of the others, at every moment", async () => {
  for (let moment = 0; moment <= 400; moment += 50) {
    for (const isCut of [false, true]) {
      await using world = new MessagesWorld();
      await world.signIn();
      world.latency = 100;
      const controller = new AbortController();
      const sent = ["1", "2", "3", "4"].map((text) =>
        world.client.sendMessage("me", text, text === "2" ? { signal: controller.signal } : {})
      );
      const ends = Promise.allSettled(sent);
      await world.clock.advance(moment);
      if (isCut) world.cut();
      controller.abort(new Error("enough"));
      const [one, two, three, four] = await world.wait(ends);
      const statuses = [one, three, four].map(({ status }) => status);
      assertEquals(statuses, ["fulfilled", "fulfilled", "fulfilled"], `${moment}`);
      if (two.status === "rejected") assertEquals(two.reason.message, "enough");
      const texts = world.texts();
      assertEquals(texts.filter((text) => text !== "2"), ["1", "3", "4"], `${moment}`);
      assert(["1,3,4", "1,2,3,4"].includes(texts.join()), texts.join());
    }
  }
});

Deno.test("an aborted message does not let the next one overtake the one before", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  world.telegram.api.failNext(SEND, { code: 420, message: "FLOOD_WAIT_5" });
  const controller = new AbortController();
  const one = world.client.sendMessage("me", "1");
  const two = world.client.sendMessage("me", "2", { signal: controller.signal });
  await world.clock.advance(1000);
  controller.abort(new Error("enough"));
  await assertRejects(() => two, Error, "enough");
  const three = world.client.sendMessage("me", "3");
  await world.wait(Promise.all([one, three]));
  assertEquals(world.texts(), ["1", "3"]);
});

Deno.test("messages to different chats do not wait for each other", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  world.telegram.api.failNext(SEND, { code: 420, message: "FLOOD_WAIT_30" });
  const slow = world.client.sendMessage("me", "slow");
  await settled();
  assertEquals((await world.client.sendMessage("@bobby", "quick")).text, "quick");
  assertEquals([world.texts(), world.texts(BOB)], [[], ["quick"]]);
  await world.wait(slow, 1000);
  assertEquals(world.texts(), ["slow"]);
});

Deno.test("a chat whose name takes longer to resolve the first time keeps its order", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  const flood = { code: 420, message: "FLOOD_WAIT_3" };
  world.telegram.api.failNext("contacts.resolveUsername", flood);
  const sent = sendAll(world, ONE_TO_THREE, "@bobby");
  await world.wait(Promise.all(sent));
  assertEquals(world.texts(BOB), ONE_TO_THREE);
});

Deno.test("a chat that is named in several ways keeps its order once it was seen", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  await world.client.sendMessage("@bobby", "0");
  const names: PeerLike[] = ["@Bobby", 22, "bobby", 22n, "BOBBY"];
  const sent = names.map((to, index) => world.client.sendMessage(to, `${index + 1}`));
  await world.wait(Promise.all(sent));
  assertEquals(world.texts(BOB), ["0", "1", "2", "3", "4", "5"]);
});

Deno.test("a chat whose name cannot be resolved does not stop the next message to it", async () => {
  await using world = new MessagesWorld();
  await world.signIn();
  world.telegram.api.failNext("contacts.resolveUsername", {
    code: 400,
    message: "USERNAME_INVALID",
  });
  const [first, ...rest] = await world.wait(
    Promise.allSettled(sendAll(world, ONE_TO_THREE, "bobby")),
  );
  assertEquals(first.status, "rejected");
  assert(rest.every(({ status }) => status === "fulfilled"));
  assertEquals(world.texts(BOB), ["2", "3"]);
});

/** What happens while messages are under way. */
interface Event {
  /** Milliseconds after the event before. */
  readonly after: number;
  readonly what: "cut" | "expire" | "forget" | "flood" | "fail" | "busy" | "down" | "up";
}

const event: fc.Arbitrary<Event> = fc.record({
  after: fc.integer({ min: 0, max: 400 }),
  what: fc.constantFrom("cut", "cut", "expire", "forget", "flood", "fail", "busy", "down", "up"),
});

function happen(world: MessagesWorld, what: Event["what"]): void {
  const { api } = world.telegram;
  switch (what) {
    case "cut":
      return world.cut();
    case "expire":
      return world.telegram.dc().expireSalts();
    case "forget":
      return world.telegram.dc().forgetSessions();
    case "flood":
      return api.failNext(SEND, { code: 420, message: "FLOOD_WAIT_2" });
    case "fail":
      return api.failNext(SEND, { code: 500, message: "RPC_CALL_FAIL" });
    case "busy":
      return api.failNext(SEND, { code: 500, message: "RANDOM_ID_DUPLICATE" });
    case "down":
    case "up":
      world.isDown = what === "down";
      if (world.isDown) world.cut();
  }
}

/** Sends messages to three chats by turns, while events happen. */
async function sendThrough(count: number, pause: number, events: readonly Event[], seed: number) {
  await using world = new MessagesWorld({ giveUpAfter: Infinity, requestRetries: 50 }, seed);
  await world.signIn();
  await world.wait(Promise.all([
    world.client.sendMessage("@bobby", "0"),
    world.client.sendMessage("@carol", "0"),
  ]));
  world.latency = 40;
  const chats: readonly PeerLike[] = ["me", "@bobby", 33];
  const happening = (async () => {
    for (const { after, what } of events) {
      await world.clock.sleep(after);
      happen(world, what);
    }
    await world.clock.sleep(500);
    world.isDown = false;
  })();
  const sent: Promise<Message>[] = [];
  for (let index = 0; index < count; index++) {
    sent.push(world.client.sendMessage(chats[index % 3], `${index}`));
    if (pause > 0 && index % 7 === 6) await world.clock.advance(pause);
  }
  await world.wait(Promise.all([...sent, happening]), 200);
  const numbers = Array.from({ length: count }, (_, index) => `${index}`);
  const of = (chat: number) => numbers.filter((_, index) => index % 3 === chat);
  assertEquals(world.texts(), of(0));
  assertEquals(world.texts(BOB), ["0", ...of(1)]);
  assertEquals(world.texts(CAROL), ["0", ...of(2)]);
}

Deno.test("100 messages to 3 chats arrive in order over a line that is cut often", async () => {
  const events: Event[] = [];
  for (let index = 0; index < 40; index++) {
    events.push({ after: 30 + 7 * index, what: index % 5 === 4 ? "expire" : "cut" });
  }
  await sendThrough(100, 60, events, 1);
});

Deno.test("messages arrive once and in order in random histories", async () => {
  const history = fc.tuple(
    fc.integer({ min: 3, max: 24 }),
    fc.constantFrom(0, 20, 100),
    fc.array(event, { maxLength: 8 }),
    fc.integer({ min: 1, max: 1000 }),
  );
  await fc.assert(
    fc.asyncProperty(history, (args) => sendThrough(...args)),
    { seed: SEED, numRuns: runs(4, 2000) },
  );
});
