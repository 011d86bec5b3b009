/**
 * The scenario in a process: Deno, Node, Bun. It does not end the process: that it ends by itself is part of the test.
 */
import { scenario } from "./scenario.ts";

const { process } = globalThis as unknown as { process: { argv: string[] } };
// deno-lint-ignore no-console
console.log(JSON.stringify(await scenario(JSON.parse(process.argv[2]))));
