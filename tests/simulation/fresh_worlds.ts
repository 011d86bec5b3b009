/**
 * Worlds of fresh seeds, in rounds. The files fresh_worlds_1.test.ts and so on share the rounds, so
 * that each core runs worlds. Every round of the long tests has all faults.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { countsText, failuresText, idleFaults, runWorlds } from "./report.ts";

const SEEDS = 2 ** 31;
const FILES = 4;
/** Worlds in a round of the long tests. */
const WHOLE = 2000;
const WORLDS = runs(50, WHOLE);
const GIVEN_SEED = Deno.env.get("TESSERA_SEED");
/** A gate with a seed of its own runs fewer worlds, as it is to be short. */
const ROUNDS = runs(FILES, GIVEN_SEED === undefined ? 10 : 3);

/**
 * Returns a seed that no run had before. With TESSERA_SEED the first round begins there instead,
 * and the others go on: a gate is to fail because of a change, not by chance.
 */
export function firstSeed(round: number): number {
  if (GIVEN_SEED !== undefined) return Number(GIVEN_SEED) + WHOLE * round;
  return crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS;
}

async function print(text: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
}

/** Adds the tests of the rounds that the n-th file runs. */
export function testFreshWorlds(file: number): void {
  for (let round = file - 1; round < ROUNDS; round += FILES) {
    Deno.test(`Worlds of fresh seeds keep all rules, round ${round + 1} of ${ROUNDS}`, async () => {
      const begun = performance.now();
      const report = await runWorlds(firstSeed(round), WORLDS);
      assert(report.failures.size === 0, await failuresText(report));
      if (WORLDS < WHOLE) return;
      assertEquals(idleFaults(report), [], countsText(report));
      if (round === 0) await print(countsText(report));
      const speed = WORLDS / (performance.now() - begun) * 1000;
      await print(`Round ${round + 1}: ${speed.toFixed(1)} worlds per second`);
    });
  }
}
