/**
 * `deno task bench:native`: measures, in Deno, Node 24 and Bun, from which length on the runtime's
 * own SHA-256 and AES are faster than the WASM module in whole messages and obfuscated streams. The
 * table in src/crypto/native.ts has the results. The ways take turns; the fastest round counts.
 *
 * With an argument it measures in the runtime that it runs in.
 */
import { installRuntimes } from "../tests/helpers/install.ts";
import { LOCK } from "../tests/helpers/lock.ts";

const FILE = new URL("./native_ways.ts", import.meta.url).pathname;
const { deno, node24, bun } = await installRuntimes();
const commands: Readonly<Record<string, readonly string[]>> = {
  Deno: [deno, "run", "--quiet", "-A", LOCK, FILE],
  "Node 24": [node24, "--no-warnings", FILE],
  Bun: [bun, FILE],
};
for (const [name, [program, ...args]] of Object.entries(commands)) {
  // deno-lint-ignore no-console
  console.log(`\n${name}`);
  const { success } = await new Deno.Command(program, { args, stdout: "inherit" }).output();
  if (!success) throw new Error(`Cannot measure in ${name}: it failed`);
}
