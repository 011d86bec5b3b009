/** A session string in any place of the command line is never printed, and never names a file. */

import { run } from "../../src/cli/mod.ts";
import { StringSession } from "../../mod.ts";
import { exportSession } from "../../src/session/convert/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";
import { stateOf } from "../helpers/states.ts";

const COMMANDS = ["demo", "login", "serve", "whoami", "sessions", "logout", "convert", "seal"];
const OPTIONS = [
  "--served",
  "--api-id",
  "--api-hash",
  "--to",
  "--out",
  "--account",
  "--port",
  "--ws-port",
  "--terminate",
  "--json",
  "--unknown",
];

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
    const before = Deno.cwd();
    Deno.chdir(place);
    try {
      for (const command of COMMANDS) {
        for (const option of OPTIONS) {
          for (const words of [[option, secret], [`${option}=${secret}`]]) {
            if (command === "serve" && option === "--json") continue; // it would run
            const more = command === "convert" && option !== "--to" ? ["--to", "pyrogram"] : [];
            const world = new FakeWorld([], { TESSERA_SESSION: "nothing" });
            const { print, note, ask, env } = world;
            const interrupted = AbortSignal.abort();
            await run([command, ...words, ...more], { print, note, ask, env, interrupted });
            const said = [...world.printed, ...world.noted].join("\n");
            assert(!said.includes(secret.slice(0, 30)), `${command} ${option}: ${said}`);
          }
        }
      }
      for (const command of ["convert", "seal"]) {
        const world = new FakeWorld([], {
          TESSERA_SESSION: session.save(),
          TESSERA_PASSPHRASE: "correct horse",
        });
        const to = command === "convert" ? ["--to", "telethon"] : [];
        assertEquals(await run([command, ...to, "--out", secret], world), 2);
      }
      assertEquals([...Deno.readDirSync(".")], []);
    } finally {
      Deno.chdir(before);
      await Deno.remove(place, { recursive: true });
    }
  });
}
