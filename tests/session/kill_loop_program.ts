/**
 * The program that kill_loop.test.ts kills: saves state after state, or text after text of the
 * updates, and prints the number of each. Usage: kill_loop_program.ts KIND PATH FIRST WHAT
 */

import { stateOf, updatesOf } from "../helpers/states.ts";
import { openSession } from "../helpers/session_kinds.ts";

const [kind, path, first, what] = Deno.args;
const session = openSession(kind, path);
await session.load();
if (what === "updates") {
  session.state = stateOf(0); // of one user
  await session.save();
}
for (let n = Number(first);; n++) {
  if (what === "updates") {
    await session.updates?.save(updatesOf(n));
  } else {
    session.state = stateOf(n);
    await session.save();
  }
  Deno.stdout.writeSync(new TextEncoder().encode(`${n}\n`));
}
