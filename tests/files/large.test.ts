/** A file that is larger than the memory that it may take: 36 MiB, 1 GiB, in the night 2 GiB. */
import { assert, assertEquals } from "../helpers/assert.ts";
import { LOCK } from "../helpers/lock.ts";
import { runs } from "../helpers/long.ts";
import type { LargeReport } from "./large_client.ts";

const MIB = 1024 * 1024;
const SIZE = runs(36, 1024, 2048) * MIB;
/** How much more memory may be in use. */
const LIMIT = 32 * MIB;
/** How much more the system may have given: it takes back late what a busy machine needed. */
const LIMIT_IN_ALL = runs(64, 96, 32) * MIB;

/** Starts a program of this folder; its output is piped. */
function start(name: string, args: readonly string[]): Deno.ChildProcess {
  const path = new URL(name, import.meta.url).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--v8-flags=--expose-gc", "-A", "--no-check", LOCK, path, ...args],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of stream) {
    text += decoder.decode(piece, { stream: true });
    if (text.includes("\n")) break;
  }
  return text.trim();
}

Deno.test("A large file is uploaded and downloaded in 32 MiB of memory", async () => {
  await using server = start("large_server.ts", [String(SIZE)]);
  const setting = await firstLine(server.stdout);
  await using client = start("large_client.ts", [setting, String(SIZE)]);
  await client.stdin.close();
  const report: LargeReport = JSON.parse(await firstLine(client.stdout));
  await server.stdin.close();
  const { uploaded, downloaded, size, upload, download } = report;
  assertEquals([size, downloaded], [SIZE, uploaded]);
  for (const [direction, { used, whole }] of Object.entries({ upload, download })) {
    const grown = `${direction}: ${used / MIB} MiB in use, ${whole / MIB} MiB in all`;
    assert(used <= LIMIT && whole <= LIMIT_IN_ALL, grown);
  }
});
