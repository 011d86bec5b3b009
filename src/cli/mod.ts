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
export type { ServedGroup, ServeInfo } from "./serve_info.ts";

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
    program: given.program ?? system.program,
    clientOptions: given.clientOptions,
    get interrupted() { // a getter, as the first use begins to listen to signals
      return given.interrupted ?? system.interrupted;
    },
  };
  const [name = "help", ...rest] = args;
  const { program = "" } = environment;
  if (["help", "--help", "-h"].includes(name)) {
    const [topic] = rest.filter((word) => !word.startsWith("-"));
    if (topic === undefined) return help(program, environment.print);
    if (Object.hasOwn(COMMANDS, topic)) {
      return helpOn(program, topic, COMMANDS[topic], environment.print);
    }
    return unknownCommand(topic, environment);
  }
  if (["version", "--version"].includes(name)) {
    environment.print(`tessera ${APP_VERSION}`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return unknownCommand(name, environment);
  if (rest.some((word) => word === "--help" || word === "-h")) {
    return helpOn(program, name, command, environment.print);
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
    if (!(error instanceof UsageError)) return 1;
    environment.note(usageOf(program, name, command));
    environment.note(`Its options: ${program} help ${name}`);
    return 2;
  }
}

/** What the exit codes mean. */
const EXIT_CODES = "Exit codes: 0 done, 1 failed, 2 wrong arguments, 130 cancelled. " +
  "Results go to stdout, all else to stderr.";

function unknownCommand(name: string, environment: CliEnvironment): number {
  environment.note(
    `Cannot run "${shorten(name)}": the command is unknown, expected one of ` +
      `${Object.keys(COMMANDS).join(", ")}`,
  );
  environment.note(`All commands: ${environment.program} help`);
  return 2;
}

function help(program: string, print: (line: string) => void): number {
  print("tessera: sign in to Telegram, and talk to it");
  print(`Usage: ${program} COMMAND [ARGUMENTS]`);
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    print(`  ${name.padEnd(10)}${summary}`);
  }
  print("  help      describe a command and its options: help COMMAND");
  print("  version   print the version");
  print(EXIT_CODES);
  return 0;
}

function usageOf(program: string, name: string, { synopsis }: Command): string {
  return `Usage: ${[program, name, synopsis].filter(Boolean).join(" ")}`;
}

function helpOn(
  program: string,
  name: string,
  command: Command,
  print: (line: string) => void,
): number {
  print(usageOf(program, name, command));
  print(`${name}: ${command.summary}`);
  for (const line of command.usage) print(`  ${line}`);
  print(EXIT_CODES);
  return 0;
}
