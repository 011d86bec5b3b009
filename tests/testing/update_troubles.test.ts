/** The troubles of packets of updates, as a client meets them. */
import { Client, MemorySession } from "../../mod.ts";
import { OfflineTelegram, type Person, type Trouble } from "../../src/testing/mod.ts";
import { type Clock, systemClock } from "../../src/runtime/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { sameRandom } from "../helpers/remembered_powers.ts";

interface World extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly client: Client;
  readonly ada: Person;
  /** The texts that the client received, in this order. */
  readonly texts: string[];
  /** The troubles that were made. */
  readonly made: Trouble[];
  /** Lets Ada write to the bot, and all packets arrive. */
  write(...texts: readonly string[]): Promise<void>;
}

const DELAY_MS = 12_345;

/** A bot that has received a first message. */
async function world(clock: Clock = systemClock): Promise<World> {
  const made: Trouble[] = [];
  const random = sameRandom();
  const telegram = new OfflineTelegram({
    random: random.server,
    clock,
    onTrouble: (one) => made.push(one),
  });
  const texts: string[] = [];
  const { apiId, apiHash, clientOptions } = telegram;
  const client = await Client.open(new MemorySession(), apiId, apiHash, {
    ...clientOptions,
    random: random.client,
    // An acknowledgment that comes due on a busy machine would begin the session that was lost.
    clock: new FakeClock(Date.now()),
    onUpdates: (packet: TlObject) => {
      const { message, updates = [] } = packet;
      if (typeof message === "string") texts.push(message);
      for (const update of updates as TlObject[]) {
        texts.push(String((update.message as TlObject | undefined)?.message ?? update._));
      }
      if (packet._ === "updateShort") texts.push((packet.update as TlObject)._);
      if (packet._ === "updatesTooLong") texts.push(packet._);
    },
  });
  await client.botSignIn("777:TESTTOKEN");
  const ada = telegram.person("+9996621111");
  const write = async (...all: readonly string[]): Promise<void> => {
    for (const text of all) {
      await ada.send("@test_777_bot", text);
      for (let i = 0; i < 20; i++) await settled();
    }
  };
  await write("0");
  assertEquals(texts.splice(0), ["0"]);
  return {
    telegram,
    client,
    ada,
    texts,
    made,
    write,
    [Symbol.asyncDispose]: async () => {
      await client[Symbol.asyncDispose]();
      await telegram.close();
    },
  };
}

const CASES: readonly (readonly [trouble: Trouble, arrived: readonly string[]])[] = [
  [{ kind: "dropUpdate" }, ["2", "3", "4"]],
  [{ kind: "dropUpdate", nth: 3 }, ["1", "2", "4"]],
  [{ kind: "reorderUpdate", nth: 2 }, ["1", "3", "2", "4"]],
  [{ kind: "duplicateUpdate", nth: 2 }, ["1", "2", "2", "3", "4"]],
];

for (const [trouble, arrived] of CASES) {
  const nth = "nth" in trouble ? ` of packet ${trouble.nth}` : "";
  Deno.test(`The trouble ${trouble.kind}${nth} leaves ${arrived.join(" ")}`, async () => {
    await using all = await world();
    all.telegram.dc().makeTrouble(trouble);
    await all.write("1", "2", "3", "4");
    assertEquals(all.texts, arrived);
    assertEquals(all.made, [trouble]);
  });
}

Deno.test("The trouble delayUpdate lets a packet arrive after later ones", async () => {
  const { promise, resolve: arrive } = Promise.withResolvers<void>();
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    ms === DELAY_MS ? promise : systemClock.sleep(ms, signal);
  await using all = await world({ ...systemClock, sleep });
  all.telegram.dc().makeTrouble({ kind: "delayUpdate", ms: DELAY_MS });
  await all.write("1", "2");
  assertEquals(all.texts, ["2"]);
  arrive();
  await all.write("3");
  assertEquals(all.texts, ["2", "1", "3"]);
});

Deno.test("The trouble loseSession ends the updates until the client calls again", async () => {
  await using all = await world();
  all.telegram.dc().makeTrouble({ kind: "loseSession", nth: 2 });
  await all.write("1", "2", "3");
  assertEquals(all.texts, ["1"]);
  await all.client.invoke({ _: "updates.getState" });
  await all.write("4");
  // The client itself says that updates were lost with the session.
  assertEquals(all.texts, ["1", "updatesTooLong", "4"]);
});

Deno.test("The trouble badUpdates makes the same troubles for the same seed", async () => {
  const outcomes: string[][] = [];
  for (const seed of [7, 7, 8]) {
    await using all = await world();
    const chances = { drop: 0.2, reorder: 0.2, duplicate: 0.2 };
    all.telegram.dc().makeTrouble({ kind: "badUpdates", seed, ...chances });
    const texts = Array.from({ length: 20 }, (_, index) => String(index));
    await all.write(...texts);
    outcomes.push(all.texts.splice(0));
    all.telegram.dc().endTroubles();
    await all.write("good again");
    assert(all.texts.includes("good again"));
  }
  const [first, second, third] = outcomes.map((all) => all.join(" "));
  assertEquals(second, first);
  assert(third !== first);
});

Deno.test("failNext() with `after` refuses the n-th difference", async () => {
  await using all = await world();
  const { telegram, client } = all;
  const failure = { code: 400, message: "PERSISTENT_TIMESTAMP_INVALID", after: 1 };
  telegram.api.failNext("updates.getDifference", failure);
  const request = { _: "updates.getDifference" as const, pts: 1, date: 1, qts: 0 };
  assertEquals((await client.invoke(request))._, "updates.difference");
  await assertRejects(() => client.invoke(request), Error, "PERSISTENT_TIMESTAMP_INVALID");
  assertEquals((await client.invoke(request))._, "updates.difference");
});
