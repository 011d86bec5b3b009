/**
 * Installs what the tests of runtimes and of the npm package need, with npm, under `.cache/` (which
 * git ignores): once, until a version below changes. Versions are exact. No install scripts run:
 * the binaries are packages of their own.
 */

const ROOT = new URL("../../", import.meta.url);

/** Where everything that the tests install and make is kept. */
export const CACHE: string = new URL(".cache/", ROOT).pathname;

const OS = { linux: "linux", darwin: "darwin", windows: "win" }[Deno.build.os as string];
const CPU = Deno.build.arch === "aarch64" ? "arm64" : "x64";
const NODE = `node-${OS}-${CPU}`;
const BUN = `@oven/bun-${OS === "win" ? "windows" : OS}-${CPU === "arm64" ? "aarch64" : CPU}`;
const WORKERD = `@cloudflare/workerd-${OS === "win" ? "windows" : OS}-${
  CPU === "arm64" ? CPU : "64"
}`;

/** JavaScript runtimes. */
const RUNTIMES: Readonly<Record<string, string>> = {
  oldestNode: `npm:${NODE}@22.12.0`,
  node22: `npm:${NODE}@22.23.3`,
  node24: `npm:${NODE}@24.9.0`,
  node26: `npm:${NODE}@26.9.0`,
  [BUN]: "1.4.5",
  [WORKERD]: "1.20260730.1",
};

/** Type-checkers, bundlers, checkers of packages, and the edge runtime of Vercel and Next.js. */
const TOOLS: Readonly<Record<string, string>> = {
  "@arethetypeswrong/cli": "0.18.5",
  "@rollup/plugin-node-resolve": "16.0.3",
  "@types/node": "22.20.5",
  "deno-std": "1.4.0",
  "edge-runtime": "4.0.1",
  "esbuild": "0.28.2",
  "parcel": "2.16.4",
  "publint": "0.3.25",
  "rollup": "4.68.7",
  "tsx": "4.23.15",
  "typescript": "5.9.3",
  "typescript7": "npm:typescript@7.0.2",
  "vite": "8.3.8",
  "webpack": "5.112.2",
  "webpack-cli": "7.3.1",
};

/** Libraries to compare with, for the bench. */
const PEERS: Readonly<Record<string, string>> = {
  "@mtcute/node": "0.30.3",
  "@mtcute/web": "0.27.8",
  "telegram": "2.26.22",
  "teleproto": "214.1.7",
};

/** How long a program may take before it counts as one that hangs, milliseconds. */
const LONGEST_RUN = 300_000;

/**
 * Runs a program and gives what it printed; throws with all of its output if it fails or does not
 * end.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
  const signal = AbortSignal.timeout(LONGEST_RUN);
  const command = new Deno.Command(program, { args: [...args], ...options, signal, stdin: "null" });
  const { success, code, stdout, stderr } = await command.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  if (success) return out;
  throw new Error(`Cannot run "${program} ${args.join(" ")}": it ended with ${code}\n${out}${err}`);
}

/**
 * Installs packages in a folder under `.cache/`, unless they are there; gives the path of its
 * `node_modules/`. Files of tests that run at the same time wait for one another.
 */
async function install(
  name: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = `${CACHE}${name}`;
  const wanted = JSON.stringify({ private: true, dependencies }, null, 2);
  const stamp = `${folder}/installed.json`;
  await Deno.mkdir(folder, { recursive: true });
  using lock = await Deno.open(`${folder}/lock`, { create: true, write: true });
  await lock.lock(true);
  const present = await Deno.readTextFile(stamp).catch(() => "");
  if (present !== wanted) {
    await Deno.writeTextFile(`${folder}/package.json`, wanted);
    await run(
      "npm",
      ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
      {
        cwd: folder,
      },
    );
    await Deno.writeTextFile(stamp, wanted);
  }
  return `${folder}/node_modules/`;
}

let runtimes: Promise<string> | undefined;
let tools: Promise<string> | undefined;

/** The programs of the runtimes, by name. */
export async function installRuntimes(): Promise<Readonly<Record<string, string>>> {
  const modules = await (runtimes ??= install("runtimes", RUNTIMES));
  const binary = OS === "win" ? ".exe" : "";
  return {
    deno: Deno.execPath(),
    oldestNode: `${modules}oldestNode/bin/node${binary}`,
    node22: `${modules}node22/bin/node${binary}`,
    node24: `${modules}node24/bin/node${binary}`,
    node26: `${modules}node26/bin/node${binary}`,
    bun: `${modules}${BUN}/bin/bun${binary}`,
    workerd: `${modules}${WORKERD}/bin/workerd${binary}`,
  };
}

/** The `node_modules/` of the tools. */
export function installTools(): Promise<string> {
  return tools ??= install("tools", TOOLS);
}

/** The folder in whose `node_modules/` the libraries to compare with are. */
export async function installPeers(): Promise<string> {
  return (await install("peers", PEERS)).replace(/node_modules\/$/, "");
}
