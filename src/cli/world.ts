/**
 * The world as it is: the process's own output, environment, terminal and signals, under Deno, Node and Bun.
 */
import { systemTerminal } from "../client/terminal.ts";
import type { World } from "./command.ts";

/** As much of Node's `process` as is used here; Deno and Bun have it too. */
interface Process {
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
  readonly env: Readonly<Record<string, string | undefined>>;
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/** The world of this process. Signals are listened to from the first time that somebody asks whether there was one. */
export function systemWorld(): World {
  const { process } = globalThis as unknown as { process: Process };
  let controller: AbortController | undefined;
  return {
    print: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
    ask: systemTerminal(),
    env: (name) => process.env[name],
    get interrupted() {
      return (controller ??= listen(process)).signal;
    },
  };
}

function listen(process: Process): AbortController {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => controller.abort(new Error(`Interrupted by ${signal}`)));
  }
  return controller;
}
