/** Simulated worlds: equal traces, and the worlds in which faults were found. */
import { assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { runWorld, type WorldOptions } from "./world.ts";

const SAME = runs(2, 20);

Deno.test(`Same seed, same trace: each event and each byte of ${SAME} worlds`, async () => {
  for (let seed = 1; seed <= SAME; seed++) {
    const [one, other] = [await runWorld({ seed }), await runWorld({ seed })];
    assertEquals(one.history.hash, other.history.hash, `the traces of world ${seed}`);
  }
});

const FOUND = new URL("./found/", import.meta.url);
for (const { name } of Deno.readDirSync(FOUND)) {
  const { WORLD } = await import(new URL(name, FOUND).href) as { readonly WORLD: WorldOptions };
  Deno.test(`A world that broke a rule once keeps all of them: ${name}`, async () => {
    assertEquals((await runWorld(WORLD)).broken, []);
  });
}
