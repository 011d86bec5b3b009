/**
 * Measures many signed-in clients in one process, in Node and Deno: the heap and the buffers of
 * each, and the CPU of all while nothing happens. The offline Telegram is in this process. Usage:
 * `deno task bench:fleet [CLIENTS]`.
 */
import { StringSession } from "../mod.ts";
import { installRuntimes } from "../tests/helpers/install.ts";
import { startWithBots } from "../tests/fleet/signed_in_bots.ts";
import type { Clients, Cost } from "./fleet_clients.ts";

const COUNT = Number(Deno.args[0] ?? 1000);
const IDLE = 60_000; // ms: a client pings once a minute
const PROGRAM = new URL("fleet_clients.ts", import.meta.url).pathname;

const { telegram, bots } = await startWithBots(COUNT);
const { apiId, apiHash, dcs, publicKeyPem } = telegram;
const sessions = bots.map(({ fill }) => {
  const session = new StringSession();
  fill(session);
  return session.save();
});
const path = await Deno.makeTempFile();
const { node24 } = await installRuntimes();
const RUNTIMES: Record<string, [program: string, ...args: string[]]> = {
  node: [node24, "--expose-gc", "--disable-warning=ExperimentalWarning"],
  deno: [Deno.execPath(), "run", "-A", "--no-check", "--no-lock", "--v8-flags=--expose-gc"],
};
const KINDS = { "string sessions": false, "sessions with a lease": true };
try {
  for (const [kind, isLeased] of Object.entries(KINDS)) {
    const clients: Clients = {
      apiId,
      apiHash,
      dcs,
      publicKeyPem,
      sessions,
      isLeased,
      idle: IDLE,
    };
    await Deno.writeTextFile(path, JSON.stringify(clients));
    for (const [name, [program, ...args]] of Object.entries(RUNTIMES)) {
      const run = new Deno.Command(program, { args: [...args, PROGRAM, path], stderr: "inherit" });
      const { stdout } = await run.output();
      const { heap, buffers, rss, cpu }: Cost = JSON.parse(new TextDecoder().decode(stdout));
      const line = `${name}, ${COUNT} clients, ${kind}: ` +
        `${(heap / 1024).toFixed(1)} KB of heap and ${(buffers / 1024).toFixed(1)} KB of buffers ` +
        `each, ${(rss / 2 ** 20).toFixed(0)} MB in all, idle CPU ${cpu.toFixed(0)} ms in 10 s\n`;
      Deno.stdout.writeSync(new TextEncoder().encode(line));
    }
  }
} finally {
  await Deno.remove(path);
  await telegram.close();
}
