/**
 * The command line as a program: `deno task cli <command>`.
 */
import { run } from "./mod.ts";

/** The part of Node's `process` that is used here; Deno and Bun have it, too. */
interface Process {
  readonly argv: readonly string[];
  exit(code: number): never;
}

const { process } = globalThis as unknown as { process: Process };
process.exit(await run(process.argv.slice(2)));
