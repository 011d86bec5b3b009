/**
 * The command line, as a function from arguments to an exit code.
 *
 * @example
 * ```ts
 * import { run } from "@tessera/mtproto/cli";
 *
 * const lines: string[] = [];
 * const code = await run(["help"], { print: (line) => lines.push(line) });
 * console.log(code, lines.length > 0); // 0 true
 * ```
 *
 * @module
 */
import { LoginCancelledError } from "../auth/mod.ts";
import { APP_VERSION } from "../client/options.ts";
import { checkRuntime } from "../runtime/mod.ts";
import { shorten, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { convert } from "./convert.ts";
import { demo } from "./demo.ts";
import { type CliEnvironment, systemEnvironment } from "./environment.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { seal } from "./seal.ts";
import { serve } from "./serve.ts";
import { sessions } from "./sessions.ts";
import { whoami } from "./whoami.ts";

export type { CliEnvironment } from "./environment.ts";
export type { ServeInfo } from "./serve.ts";

const COMMANDS: Readonly<Record<string, Command>> = {
  demo,
  login,
  serve,
  whoami,
  sessions,
  logout,
  convert,
  seal,
};

/**
 * Runs a command.
 *
 * @param args the arguments: the name of the command, and its own arguments
 * @param given replaces parts of the environment of this process
 * @returns the exit code: 0 for success, 1 for a failure, 2 for wrong arguments, 130 if interrupted
 */
export async function run(
  args: readonly string[],
  given: Partial<CliEnvironment> = {},
): Promise<number> {
  using system = systemEnvironment();
  const environment: CliEnvironment = {
    print: given.print ?? system.print,
    note: given.note ?? system.note,
    ask: given.ask ?? system.ask,
    env: given.env ?? system.env,
    clientOptions: given.clientOptions,
    get interrupted() { // a getter, as the first use begins to listen to signals
      return given.interrupted ?? system.interrupted;
    },
  };
  const [name = "help", ...rest] = args;
  if (["help", "--help", "-h"].includes(name)) return help(environment.print);
  if (["version", "--version"].includes(name)) {
    environment.print(`tessera ${APP_VERSION}`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    environment.note(`Cannot run "${shorten(name)}": the command is unknown. Use one of these:`);
    help(environment.note);
    return 2;
  }
  if (rest.some((word) => word === "--help" || word === "-h")) {
    return helpOn(name, command, environment.print);
  }
  try {
    checkRuntime();
    await command.run(rest, environment);
    return 0;
  } catch (error) {
    if (environment.interrupted.aborted || error instanceof LoginCancelledError) {
      environment.note("Cancelled.");
      return 130;
    }
    environment.note(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) helpOn(name, command, environment.note);
    return error instanceof UsageError ? 2 : 1;
  }
}

function help(print: (line: string) => void): number {
  print("tessera: sign in to Telegram, and talk to it");
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    print(`  ${name.padEnd(10)}${summary}`);
  }
  print("The options of a command: tessera COMMAND --help");
  return 0;
}

function helpOn(name: string, { summary, usage }: Command, print: (line: string) => void): number {
  print(`tessera ${name}: ${summary}`);
  for (const line of usage) print(`  ${line}`);
  return 0;
}
