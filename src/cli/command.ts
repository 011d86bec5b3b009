/**
 * What a command is, and what it has of the world around it.
 */
import type { Asker } from "../auth/mod.ts";
import type { ClientOptions } from "../client/mod.ts";

/** The world, as commands see it: so that tests can be one. */
export interface World {
  /** Writes a line of results, to stdout. */
  print(line: string): void;
  /** Writes a line about what is going on, to stderr. */
  note(line: string): void;
  /** Asks the person at the terminal. */
  readonly ask: Asker;
  /** A variable of the environment. */
  env(name: string): string | undefined;
  /** Aborted when the person presses ctrl-C or the process is told to end. */
  readonly interrupted: AbortSignal;
  /** Another Telegram than the real one, with the application that it takes. */
  readonly clientOptions?: ClientOptions & { readonly apiId: number; readonly apiHash: string };
}

/** One command of the command line. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What can be typed after its name, a line each. */
  readonly usage: readonly string[];
  /** Does it. Throws `UsageError` for words that it does not know. */
  run(args: readonly string[], world: World): Promise<void>;
}
