/**
 * The scenario in a process: Deno, Node, Bun. It does not end the process: that it ends by itself
 * is part of the test.
 */
import { keepByName, scenario } from "./scenario.ts";

const { process } = globalThis as unknown as { process: { argv: string[] } };
const [setting, folder] = process.argv.slice(2);
const done = await scenario(JSON.parse(setting));
const kept = await keepByName(JSON.parse(setting), `${folder}/bot`);
// deno-lint-ignore no-console
console.log(JSON.stringify({ done, kept }));
