/**
 * The environment of a command: its output, terminal, variables and signals. Tests replace it;
 * the program uses that of its process, in Deno, Node and Bun.
 */
import type { Asker } from "../auth/mod.ts";
import { systemTerminal } from "../auth/person/terminal.ts";
import type { ClientOptions } from "../client/mod.ts";
import { type ProgramProcess, programWords } from "./program.ts";

/** Everything that a command takes from outside, so that a test can replace it. */
export interface CliEnvironment {
  /** Writes a line of results, to stdout. */
  print(line: string): void;
  /** Writes a line about the progress or an error, to stderr. */
  note(line: string): void;
  /** Asks the person at the terminal. */
  readonly ask: Asker;
  /** Returns an environment variable; undefined if it is not set. */
  env(name: string): string | undefined;
  /** The words that run the command line, for its hints; by default those of this process. */
  readonly program?: string;
  /** Aborted by ctrl-C and by a signal that ends the process. */
  readonly interrupted: AbortSignal;
  /** An offline Telegram to use instead of the real one, with its application. */
  readonly clientOptions?: ClientOptions & { readonly apiId: number; readonly apiHash: string };
}

/** The part of Node's `process` that is used here; Deno and Bun have it, too. */
interface Process extends ProgramProcess {
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
  readonly env: Readonly<Record<string, string | undefined>>;
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/**
 * Returns the environment of this process. It listens to signals from the first use of
 * `interrupted` until it is disposed of; after that, signals end the process again.
 */
export function systemEnvironment(): CliEnvironment & Disposable {
  const { process } = globalThis as unknown as { process: Process };
  let signals: Signals | undefined;
  return {
    print: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
    ask: systemTerminal(),
    env: (name) => process.env[name],
    program: programWords({
      argv: process.argv,
      versions: process.versions,
      cwd: () => process.cwd(),
    }),
    get interrupted() {
      return (signals ??= listen(process)).interrupted;
    },
    [Symbol.dispose]: () => signals?.stop(),
  };
}

/** The signals that end a command. */
interface Signals {
  readonly interrupted: AbortSignal;
  /** Stops listening. */
  stop(): void;
}

function listen(process: Process): Signals {
  const controller = new AbortController();
  const stops = ["SIGINT", "SIGTERM"].map((signal) => {
    const abort = (): void => controller.abort(new Error(`Interrupted by ${signal}`));
    process.once(signal, abort); // a second signal ends the process at once
    return () => process.off(signal, abort);
  });
  return {
    interrupted: controller.signal,
    stop: () => stops.forEach((stop) => stop()),
  };
}
