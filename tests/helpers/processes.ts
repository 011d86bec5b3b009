/**
 * Programs in a process of their own, for what cannot be seen from within: that a process ends by
 * itself, and what it prints.
 */

/** What became of a program. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = new URL("../../", import.meta.url);
const PATIENCE = 120_000;

/**
 * Runs a module's text with Deno; kills it, and throws, if it has not ended by itself after a
 * while.
 */
export async function runProgram(text: string): Promise<Ended> {
  return await runDeno(["run", "-A", "--no-check", "--ext=ts", "-"], text);
}

/** Runs Deno, in this repository by default, with these arguments and this input. */
export async function runDeno(
  args: readonly string[],
  input: string,
  env: Readonly<Record<string, string>> = {},
  cwd: string | URL = ROOT,
): Promise<Ended> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const impatience = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, signal, stdout, stderr } = await child.output();
  clearTimeout(impatience);
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const ended = { code, stdout: decode(stdout), stderr: decode(stderr) };
  if (signal === "SIGKILL") throw new Error(`The program did not end by itself: ${ended.stderr}`);
  return ended;
}
