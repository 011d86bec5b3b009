/**
 * Saves sessions whose names have no folder, and reads them again, for session_files.test.ts: they
 * go where the program runs, and a test must not move the process of all tests there. Usage:
 * plain_names_program.ts NAME... It prints the number of the state in each.
 */
import { SqliteSession } from "../../src/session/mod.ts";
import { numberOf, stateOf } from "../helpers/states.ts";

const numbers: (number | undefined)[] = [];
for (const name of Deno.args) {
  const session = new SqliteSession(name);
  await session.load();
  session.state = stateOf(4);
  await session.save();
  await session.close();
  const again = new SqliteSession(name);
  await again.load();
  numbers.push(numberOf(again.state));
  await again.close();
}
await Deno.stdout.write(new TextEncoder().encode(numbers.join(" ")));
