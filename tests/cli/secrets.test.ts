/** A session string in any place of the command line is never printed, and never names a file. */

import { StringSession } from "../../mod.ts";
import { exportSession } from "../../src/session/convert/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { LOCK } from "../helpers/lock.ts";
import { stateOf } from "../helpers/states.ts";

const PROGRAM = new URL("secrets_program.ts", import.meta.url).pathname;
const session = new StringSession();
session.state = stateOf(1);
const SECRETS = {
  "a string of Telethon": session.save(),
  "a string of GramJS": await exportSession(session, "gramjs"),
  "a string of ours": await exportSession(session, "tessera"),
  "a sealed string": await exportSession(session, "telethon", { secret: "correct horse" }),
  "a line of digits": "7".repeat(300),
};

for (const [kind, secret] of Object.entries(SECRETS)) {
  Deno.test(`The command line prints nothing of ${kind} in a wrong place`, async () => {
    const place = await Deno.makeTempDir();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", LOCK, PROGRAM],
      cwd: place,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await new Response(JSON.stringify([secret, session.save()])).body?.pipeTo(child.stdin);
    const { stdout, stderr } = await child.output();
    const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals(said, ["", ""]);
    assertEquals([...Deno.readDirSync(place)], []);
    await Deno.remove(place, { recursive: true });
  });
}
