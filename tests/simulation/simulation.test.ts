/** Simulated worlds: fresh seeds, equal traces, and the worlds in which faults were found. */
import { assert, assertEquals } from "../helpers/assert.ts";
import { longTest, runs } from "../helpers/long.ts";
import { countsText, failuresText, idleFaults, runWorlds } from "./report.ts";
import { runWorld, type WorldOptions } from "./world.ts";

const SEEDS = 2 ** 31;
/** Worlds in one test, so that a long run reports in between. */
const AT_ONCE = 2000;

/** Returns a seed that no run had before. */
function freshSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS;
}

Deno.test("Same seed, same trace: each event and each byte of 20 worlds", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const [one, other] = [await runWorld({ seed }), await runWorld({ seed })];
    assertEquals(one.history.hash, other.history.hash, `the traces of world ${seed}`);
  }
});

Deno.test("Worlds of fresh seeds keep all rules", async () => {
  const report = await runWorlds(freshSeed(), runs(200, AT_ONCE));
  assert(report.failures.size === 0, await failuresText(report));
});

longTest("20,000 more worlds keep all rules, and every fault happens in them", async () => {
  for (let round = 0; round < 10; round++) {
    const report = await runWorlds(freshSeed(), AT_ONCE);
    assert(report.failures.size === 0, await failuresText(report));
    assertEquals(idleFaults(report), [], countsText(report));
    if (round === 0) await Deno.stdout.write(new TextEncoder().encode(`${countsText(report)}\n`));
  }
});

const FOUND = new URL("./found/", import.meta.url);
for (const { name } of Deno.readDirSync(FOUND)) {
  const { WORLD } = await import(new URL(name, FOUND).href) as { readonly WORLD: WorldOptions };
  Deno.test(`A world that broke a rule once keeps all of them: ${name}`, async () => {
    assertEquals((await runWorld(WORLD)).broken, []);
  });
}
