/** Twenty seconds of a soak; `deno task soak` runs it for minutes. */
import { assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { soak } from "./soak.ts";

for (const seed of [1, 2]) {
  longTest(`A client misses nothing through a bad network (seed ${seed})`, async () => {
    const report = await soak({ runtime: "deno", duration: 20_000, seed });
    assertEquals(report.faults, []);
  });
}
