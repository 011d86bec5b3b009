/** The troubles that a data center makes on demand: once each, and a client gets over them. */
import { Client, MemorySession } from "../../mod.ts";
import { OfflineTelegram, type Trouble } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { FakeClock, settled } from "../helpers/fake_clock.ts";
import { IMPATIENT } from "../auth/offline_world.ts";
import { sameRandom } from "../helpers/remembered_powers.ts";

const TROUBLES: readonly Trouble[] = [
  { kind: "transportError", code: -429 },
  { kind: "hangUp" },
  { kind: "hangUpBeforeAnswer" },
  { kind: "answerLate", ms: 20 },
  { kind: "answerTwice" },
  { kind: "splitAnswers" },
  { kind: "mergeAnswers", ms: 20 },
  { kind: "answerWhenAsked" },
  ...[16, 17, 18, 19, 20, 32, 33, 34, 35, 64].map((errorCode): Trouble => ({
    kind: "refuseMessage",
    errorCode,
  })),
];

for (const trouble of TROUBLES) {
  const name = Object.values(trouble).join(" ");
  Deno.test(`A client gets its answer through the trouble ${name}`, async () => {
    const made: Trouble[] = [];
    const random = sameRandom();
    await using telegram = new OfflineTelegram({
      random: random.server,
      onTrouble: (one) => made.push(one),
    });
    const { apiId, apiHash, clientOptions } = telegram;
    await using client = await Client.open(new MemorySession(), apiId, apiHash, {
      ...clientOptions,
      random: random.client,
      clock: IMPATIENT,
    });
    await client.invoke({ _: "help.getNearestDc" });
    telegram.dc().makeTrouble(trouble);
    const calls = Array.from({ length: 3 }, () => client.invoke({ _: "help.getNearestDc" }));
    assertEquals((await Promise.all(calls)).map(({ country }) => country), ["US", "US", "US"]);
    await client.invoke({ _: "help.getNearestDc" });
    assertEquals(made, [trouble]);
  });
}

Deno.test("Troubles without an occasion are forgotten by endTroubles()", async () => {
  const made: Trouble[] = [];
  const random = sameRandom();
  await using telegram = new OfflineTelegram({
    random: random.server,
    onTrouble: (one) => made.push(one),
  });
  telegram.dc().makeTrouble({ kind: "hangUp" });
  telegram.dc().endTroubles();
  const { apiId, apiHash, clientOptions } = telegram;
  const options = { ...clientOptions, random: random.client };
  await using client = await Client.open(new MemorySession(), apiId, apiHash, options);
  await client.invoke({ _: "help.getNearestDc" });
  assertEquals(made, []);
});

Deno.test("mergeAnswers sends three answers and an update as one packet", async () => {
  const clock = new FakeClock();
  const random = sameRandom();
  let sent = 0;
  await using telegram = new OfflineTelegram({
    clock,
    random: random.server,
    onPacket: ({ direction }) => direction === "out" && sent++,
  });
  const heard: string[] = [];
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(new MemorySession(), apiId, apiHash, {
    ...clientOptions,
    clock,
    random: random.client,
    onUpdates: ({ _ }) => heard.push(_),
  });
  await client.invoke({ _: "help.getNearestDc" });
  await settled();
  telegram.dc().makeTrouble({ kind: "mergeAnswers", ms: 1000 });
  sent = 0;
  const calls: Promise<unknown>[] = [];
  for (let i = 0; i < 3; i++) {
    calls.push(client.invoke({ _: "help.getNearestDc" }));
    await settled();
  }
  await telegram.dc().pushToAll({ _: "updatesTooLong" });
  assertEquals(sent, 0);
  await clock.advance(1000);
  await Promise.all(calls);
  assertEquals({ sent, heard }, { sent: 1, heard: ["updatesTooLong"] });
});
