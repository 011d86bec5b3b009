/**
 * The child processes of these tests: `serve --json`, the offline Telegram as anybody has it, and
 * the clients that sign in to it. They share nothing but loopback and one line of JSON each.
 */
import { decodeUtf8 } from "../../src/crypto/mod.ts";
import type { Outcome, Target } from "./clients/target.ts";
import { LOCK } from "../helpers/lock.ts";

const ROOT = new URL("../../", import.meta.url);
const SERVE = new URL("src/cli/main.ts", ROOT);
const CLIENT_TIME = 90_000;
const PIPES = { stdin: "null", stdout: "piped", stderr: "piped" } as const;

/** A running `serve`: stopped when it goes out of scope. */
export interface Serve extends AsyncDisposable {
  /** What it says of itself in its first line. */
  readonly target: Target;
}

/** Starts `serve --json` on free ports, with more options. */
export async function startServe(...options: string[]): Promise<Serve> {
  const ports = ["--port", "0", "--ws-port", "0"];
  const child = deno([SERVE, "serve", "--json", ...ports, ...options]).spawn();
  const errors = new Response(child.stderr).text();
  const stop = async (): Promise<string> => {
    child.kill("SIGTERM");
    await child.status;
    return errors;
  };
  let output = "";
  const chunks = child.stdout.getReader();
  while (!output.includes("\n")) {
    const { value, done } = await chunks.read();
    if (done) throw new Error(`Cannot start serve: it ended with "${await errors}"`);
    output += decodeUtf8(value);
  }
  return {
    target: JSON.parse(output.slice(0, output.indexOf("\n"))) as Target,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await chunks.cancel();
    },
  };
}

/** A foreign client: the file of its program, and its environment. */
export interface ClientProgram {
  readonly file: string;
  readonly env?: Record<string, string>;
}

/**
 * Runs one of the clients in all that it does. It is killed when it takes too long; all it has
 * written is then in the error.
 */
export async function runClient(
  { file, env }: ClientProgram,
  target: Target,
): Promise<readonly Outcome[]> {
  const told = JSON.stringify(target);
  const path = new URL(`clients/${file}`, import.meta.url);
  const command = file.endsWith(".py")
    ? new Deno.Command("python3", { ...PIPES, args: [path.pathname, told], env })
    : deno([path, told], env);
  const child = command.spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), CLIENT_TIME);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  const output = new TextDecoder().decode(stdout);
  const last = output.trimEnd().split("\n").at(-1) ?? "";
  if (code === 0 && last.startsWith("[")) return JSON.parse(last) as Outcome[];
  throw new Error(
    `Cannot run "${file}": it ended with ${code}\n${output}\n${new TextDecoder().decode(stderr)}`,
  );
}

function deno(
  [program, ...args]: readonly [URL, ...string[]],
  env?: Record<string, string>,
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", LOCK, program.pathname, ...args],
    cwd: ROOT.pathname,
    env,
    ...PIPES,
  });
}
