/**
 * The scenario by which gotd tests its updates, from its facts: two people send in three rounds to
 * a chat and to two channels, and every fifth packet is lost at random.
 * https://github.com/gotd/td (telegram/updates/internal/e2e)
 */
import type { Api } from "../../src/tl/mod.ts";
import { type Delivery, MessageBoxes } from "../../src/updates/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { packet, SELF } from "./boxes_world.ts";
import { keyOf, ModelServer } from "./model_server.ts";

const CHANNELS = [7n, 8n];

/** Returns the keys that come to the handler, and those that were sent. */
function play(seed: number): { got: string[]; sent: string[] } {
  const random = seededRandom(seed);
  const server = new ModelServer(CHANNELS, 100);
  const channels = new Map(CHANNELS.map((id) => [id, { pts: 1, behind: false }] as const));
  const state = { pts: 1, qts: 1, date: 1, seq: 0, channels };
  const boxes = new MessageBoxes({ self: SELF, state });
  const got: string[] = [];
  const handle = (deliveries: readonly Delivery[]): void => {
    for (const { update } of deliveries) {
      if (update._ !== "gap") got.push(keyOf(update));
    }
  };
  const fetch = (now: number): void => {
    for (;;) {
      const want = boxes.want(now);
      if (want?.kind === "getDifference") {
        handle(boxes.answer(want, server.getDifference(want.request), now));
      } else if (want?.kind === "getChannelDifference") {
        const answer = server.getChannelDifference(want.channelId, want.pts);
        handle(boxes.answer(want, answer, now));
      } else return;
    }
  };
  fetch(0);
  const packets = Array.from({ length: 6 }, () => {
    server.date++;
    const events = [server.add("common", 0), ...CHANNELS.map((id) => server.add(id, 0))];
    return { ...packet(...events.map(({ update }) => update)), date: server.date };
  });
  for (const [index, one] of packets.entries()) {
    if (pick(random, 5) === 1) continue;
    handle(boxes.receive(one, index * 100));
    fetch(index * 100);
  }
  const all = CHANNELS.map((channelId): Api.Update => ({ _: "updateChannelTooLong", channelId }));
  handle(boxes.receive({ _: "updatesTooLong" }, 1000));
  handle(boxes.receive(packet(...all), 1000));
  fetch(1000);
  return { got, sent: server.events.map(({ key }) => key) };
}

Deno.test("gotd: with every fifth packet lost, the handler gets all messages, each once", () => {
  for (let seed = 1; seed <= runs(50, 1000); seed++) {
    const { got, sent } = play(seed);
    assertEquals(got.toSorted(), sent.toSorted(), `seed ${seed}`);
  }
});
