/**
 * The interface of a command: its help, and its function.
 */
import type { CliEnvironment } from "./environment.ts";

/** One command of the command line. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Its arguments in short, for the line `Usage:`. */
  readonly synopsis: string;
  /** Its arguments and options, one on each line. */
  readonly usage: readonly string[];
  /**
   * Runs the command.
   *
   * @throws {UsageError} if it does not know an argument
   */
  run(args: readonly string[], environment: CliEnvironment): Promise<void>;
}
