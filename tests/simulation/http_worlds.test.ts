/**
 * Worlds of fresh seeds whose clients speak HTTP: the same faults, and the same rules. Each request
 * has a connection, so packets come in another order, and each may be lost alone.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { firstSeed } from "./fresh_worlds.ts";
import { failuresText, overHttp, runWorlds } from "./report.ts";
import { runWorld } from "./world.ts";

const WORLDS = runs(4, 800);

Deno.test(`${WORLDS} worlds of fresh seeds keep all rules over HTTP`, async () => {
  const report = await runWorlds(firstSeed(0), WORLDS, overHttp);
  assert(report.failures.size === 0, await failuresText(report));
  assert(report.counts.has("sent: http_wait"), "no client speaks HTTP");
});

Deno.test("the same world over HTTP has the same trace", async () => {
  const [one, other] = [await runWorld(overHttp(5)), await runWorld(overHttp(5))];
  assertEquals(one.history.hash, other.history.hash);
});
