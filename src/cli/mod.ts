/**
 * The command line, as a function from words to an exit code.
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
import type { Command, World } from "./command.ts";
import { convert } from "./convert.ts";
import { demo } from "./demo.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { seal } from "./seal.ts";
import { serve } from "./serve.ts";
import { sessions } from "./sessions.ts";
import { whoami } from "./whoami.ts";
import { systemWorld } from "./world.ts";

export type { World } from "./command.ts";
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

/** Runs a command; gives 0 when it did what was asked, 1 when it failed, 2 when it was asked wrongly, 130 when interrupted. */
export async function run(args: readonly string[], given: Partial<World> = {}): Promise<number> {
  using system = systemWorld();
  const world: World = {
    print: given.print ?? system.print,
    note: given.note ?? system.note,
    ask: given.ask ?? system.ask,
    env: given.env ?? system.env,
    clientOptions: given.clientOptions,
    get interrupted() { // asked for late: from then on, signals are listened to
      return given.interrupted ?? system.interrupted;
    },
  };
  const [name = "help", ...rest] = args;
  if (["help", "--help", "-h"].includes(name)) return help(world.print);
  if (["version", "--version"].includes(name)) {
    world.print(`tessera ${APP_VERSION}`);
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    world.note(`Cannot run "${shorten(name)}": there is no such command, expected one of these:`);
    help(world.note);
    return 2;
  }
  if (rest.some((word) => word === "--help" || word === "-h")) {
    return helpOn(name, command, world.print);
  }
  try {
    checkRuntime();
    await command.run(rest, world);
    return 0;
  } catch (error) {
    if (world.interrupted.aborted || error instanceof LoginCancelledError) {
      world.note("Cancelled.");
      return 130;
    }
    world.note(error instanceof Error ? error.message : String(error));
    if (error instanceof UsageError) helpOn(name, command, world.note);
    return error instanceof UsageError ? 2 : 1;
  }
}

function help(print: (line: string) => void): number {
  print("tessera: sign in to Telegram, and talk to it");
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    print(`  ${name.padEnd(10)}${summary}`);
  }
  print("More about one of them: its name, and --help.");
  return 0;
}

function helpOn(name: string, { summary, usage }: Command, print: (line: string) => void): number {
  print(`tessera ${name}: ${summary}`);
  for (const line of usage) print(`  ${line}`);
  return 0;
}
