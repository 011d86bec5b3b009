/** Two programs with one session never use it at once, and lose nothing that they say they sent. */
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { runWorld } from "./two_programs.ts";

/** Fresh ones. */
const WORLDS = runs(7, 2000);
/** In the worlds of these seeds all of that happens: a few fresh ones could lack some of it. */
const FULL_OF_EVENTS = [1, 6, 8];
/** What must happen in some world: a thing that never does proves nothing. */
const EXPECTED = ["sent by 1", "sent by 2", "pause", "cutStore", "crash", "leave", "SessionError"];

/** A seed that no run had before, or that of a gate: see fresh_worlds.ts. */
function firstSeed(): number {
  const given = Deno.env.get("TESSERA_SEED");
  return given === undefined ? crypto.getRandomValues(new Uint32Array(1))[0] >>> 1 : Number(given);
}

Deno.test("Two programs with one session never use its key at once, and lose nothing", async () => {
  const first = firstSeed();
  const happened = new Set<string>();
  const fresh = Array.from({ length: WORLDS }, (_, n) => first + n);
  for (const seed of [...FULL_OF_EVENTS, ...fresh]) {
    const { broken, counts } = await runWorld(seed);
    assertEquals(broken, [], `the world of the seed ${seed}`);
    for (const what of Object.keys(counts)) happened.add(what);
  }
  assertEquals(EXPECTED.filter((what) => !happened.has(what)), [], `from the seed ${first} on`);
});

Deno.test("Without a lease, two programs with one session make its key void", async () => {
  const { broken } = await runWorld(1, { exclusive: false });
  assert(broken.some((rule) => rule.startsWith("two programs used the key at once")));
});
