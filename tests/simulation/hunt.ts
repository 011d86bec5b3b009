/**
 * Runs worlds until one breaks a rule, and prints the rule: `deno run hunt.ts FIRST COUNT [http]`.
 * Without a broken rule it prints nothing.
 */
import { overHttp } from "./report.ts";
import { runWorld } from "./world.ts";

const [first, count] = Deno.args.map(Number);
const isHttp = Deno.args[2] === "http";
for (let seed = first; seed < first + count; seed++) {
  const { broken: [broken] } = await runWorld(isHttp ? overHttp(seed) : { seed });
  if (broken === undefined) continue;
  await Deno.stdout.write(new TextEncoder().encode(`${seed} ${broken}`));
  break;
}
