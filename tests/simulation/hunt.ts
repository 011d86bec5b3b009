/**
 * Runs worlds until one breaks a rule, and prints the rule: `deno run hunt.ts FIRST COUNT`. Without
 * a broken rule it prints nothing.
 */
import { runWorld } from "./world.ts";

const [first, count] = Deno.args.map(Number);
for (let seed = first; seed < first + count; seed++) {
  const { broken: [broken] } = await runWorld({ seed });
  if (broken === undefined) continue;
  await Deno.stdout.write(new TextEncoder().encode(`${seed} ${broken}`));
  break;
}
