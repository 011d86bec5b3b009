/** Plays histories of two programs that want one session, under every fault. See lease_model.ts. */

import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { playHistory } from "./lease_model.ts";

/** The number of histories of each kind. */
const HISTORIES = runs(30, 3000, 50_000);

for (
  const [claim, empties] of [
    ["whatever programs, lines and clocks do", false],
    ["even if the store is emptied", true],
  ] as const
) {
  Deno.test(`A session has one owner, and no save is lost, ${claim}`, async () => {
    let [takeovers, saves, losses, updates] = [0, 0, 0, 0];
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const history = await playHistory(seed, empties);
      assertEquals(history.broken, undefined, `history ${seed}: ${history.broken}`);
      takeovers += history.takeovers;
      saves += history.saves;
      losses += history.losses;
      updates += history.updates;
    }
    // The histories are worth something only if much happens in them.
    assert(takeovers > 2 * HISTORIES && saves > 5 * HISTORIES && losses > HISTORIES / 10);
    assert(updates > 5 * HISTORIES);
  });
}
