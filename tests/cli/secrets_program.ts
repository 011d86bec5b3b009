/**
 * Gives a secret to the command line in every wrong place, for secrets.test.ts: as the name of a
 * file it would go where the program runs, and a test must not move the process of all tests there.
 * It reads the secret and the text of a session from its input, and prints what went wrong.
 */
import { run } from "../../src/cli/mod.ts";
import { FakeWorld } from "../helpers/fake_world.ts";

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

const [secret, session]: string[] = await new Response(Deno.stdin.readable).json();
const wrong: string[] = [];
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
      if (said.includes(secret.slice(0, 30))) wrong.push(`${command} ${option}: ${said}`);
    }
  }
}
for (const command of ["convert", "seal"]) {
  const world = new FakeWorld([], {
    TESSERA_SESSION: session,
    TESSERA_PASSPHRASE: "correct horse",
  });
  const to = command === "convert" ? ["--to", "telethon"] : [];
  const code = await run([command, ...to, "--out", secret], world);
  if (code !== 2) wrong.push(`${command} --out: ends with ${code}`);
}
await Deno.stdout.write(new TextEncoder().encode(wrong.join("\n")));
