/** Simulated worlds: fresh seeds, equal traces, and the worlds in which faults were found. */
import { assert, assertEquals } from "../helpers/assert.ts";
import { longTest, runs } from "../helpers/long.ts";
import { countsText, failuresText, idleFaults, runWorlds } from "./report.ts";
import { runWorld, type WorldOptions } from "./world.ts";

const SEEDS = 2 ** 31;
/** Worlds in one test, so that a long run reports in between. */
const AT_ONCE = 2000;
let givenSeeds = 0;
/** A gate with a seed of its own runs half of the worlds. */
const ROUNDS = Deno.env.has("TESSERA_SEED") ? 4 : 9;

/**
 * Returns a seed that no run had before. With TESSERA_SEED it begins there instead, and goes on: a
 * gate is to fail because of a change, not by chance.
 */
function freshSeed(): number {
  const given = Deno.env.get("TESSERA_SEED");
  if (given !== undefined) return Number(given) + AT_ONCE * givenSeeds++;
  return crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS;
}

const SAME = runs(8, 20);

Deno.test(`Same seed, same trace: each event and each byte of ${SAME} worlds`, async () => {
  for (let seed = 1; seed <= SAME; seed++) {
    const [one, other] = [await runWorld({ seed }), await runWorld({ seed })];
    assertEquals(one.history.hash, other.history.hash, `the traces of world ${seed}`);
  }
});

Deno.test("Worlds of fresh seeds keep all rules", async () => {
  const report = await runWorlds(freshSeed(), runs(200, AT_ONCE));
  assert(report.failures.size === 0, await failuresText(report));
});

longTest("Thousands of more worlds keep all rules, and every fault happens in them", async () => {
  for (let round = 0; round < ROUNDS; round++) {
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
