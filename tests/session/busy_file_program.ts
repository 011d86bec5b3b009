/**
 * Opens, saves and closes a session, and imports it, again and again, for session_files.test.ts.
 * Prints the errors. Usage: busy_file_program.ts PATH TIMES
 */
import { importSession } from "../../src/session/convert/mod.ts";
import { SqliteSession } from "../../src/session/mod.ts";
import { stateOf } from "../helpers/states.ts";

const [path, times] = Deno.args;
for (let n = 0; n < Number(times); n++) {
  const session = new SqliteSession(path, { exclusive: false });
  try {
    await session.load();
    session.state = stateOf(n);
    await session.save();
    await session.close();
    await importSession(path);
  } catch (error) {
    Deno.stdout.writeSync(new TextEncoder().encode(`${error}\n`));
    await session.close();
  }
}
