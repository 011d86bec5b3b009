/**
 * The program that kill_loop.test.ts kills: saves state after state, and prints the number of each.
 * Usage: kill_loop_program.ts KIND PATH FIRST
 */

import { stateOf } from "../helpers/states.ts";
import { openSession } from "../helpers/session_kinds.ts";

const [kind, path, first] = Deno.args;
const session = openSession(kind, path);
await session.load();
for (let n = Number(first);; n++) {
  session.state = stateOf(n);
  await session.save();
  Deno.stdout.writeSync(new TextEncoder().encode(`${n}\n`));
}
