/**
 * Worlds of fresh seeds whose clients speak HTTP: the same faults, and the same rules. Each request
 * has a connection, so packets come in another order, and each may be lost alone.
 */
import { assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { describe, runWorld } from "./world.ts";

const WORLDS = runs(8, 800);
const GIVEN_SEED = Deno.env.get("TESSERA_SEED");
const SEEDS = 2 ** 31;

Deno.test(`${WORLDS} worlds of fresh seeds keep all rules over HTTP`, async () => {
  const first = GIVEN_SEED === undefined
    ? crypto.getRandomValues(new Uint32Array(1))[0] % SEEDS
    : Number(GIVEN_SEED);
  const failures: string[] = [];
  for (let seed = first; seed < first + WORLDS; seed++) {
    const { params, ...world } = describe({ seed });
    const http = { ...params, transport: "http", obfuscated: false } as const;
    const { broken } = await runWorld({ ...world, params: http });
    if (broken.length > 0) failures.push(`world ${seed}: ${broken.slice(0, 3).join("; ")}`);
  }
  assertEquals(failures, []);
});

Deno.test("the same world over HTTP has the same trace", async () => {
  const { params, ...world } = describe({ seed: 5 });
  const http = { ...params, transport: "http", obfuscated: false } as const;
  const [one, other] = [
    await runWorld({ ...world, params: http }),
    await runWorld({ ...world, params: http }),
  ];
  assertEquals(one.history.hash, other.history.hash);
});
