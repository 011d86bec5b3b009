/** Twenty seconds of a soak; `deno task soak` runs it for as long as one likes. */
import { assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { soak } from "./soak.ts";

/** A young process still loads and compiles code: only minutes prove a flat memory. */
const BOUNDS = { heap: 4_000_000, rss: 60_000_000 };

for (const seed of [1, 2]) {
  longTest(`A client misses nothing through a bad network (seed ${seed})`, async () => {
    const report = await soak({ runtime: "deno", duration: 20_000, seed, bounds: BOUNDS });
    assertEquals(report.faults, []);
  });
}
