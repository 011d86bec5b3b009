/**
 * `deno task bench:files`: measures uploads and downloads of a file in this project, mtcute, GramJS
 * and teleproto. Each client has a process of its own, in Deno, Node 24 and Bun, with the packages
 * from npm in the last two; and an offline Telegram of its own in another process, over loopback.
 * The clients take turns; the result is the median of the rounds.
 *
 * `--size` in MiB, `--rounds`, `--runtime` and `--library` (with commas) choose what is measured.
 * `--line` adds 50 ms to each round trip, and gives each connection 6 MB/s.
 */
import { parseArgs } from "@std/cli/parse-args";
import { installPeers, installRuntimes } from "../tests/helpers/install.ts";
import { LOCK } from "../tests/helpers/lock.ts";
import { newProject } from "../tests/helpers/npm_project.ts";
import type { Cost, Report } from "./files/meter.ts";

const MIB = 1024 * 1024;
const PATIENCE = 600_000;
/** Milliseconds that each way takes, and bytes per second of a connection. */
const SLOW_LINE = ["25", "6000000"];
const LIBRARIES = ["tessera", "mtcute", "gramjs", "teleproto"] as const;
const HERE = new URL("./files/", import.meta.url);

type Library = typeof LIBRARIES[number];
/** Returns the command that runs a client. */
type Runtime = (library: Library) => readonly string[];

const args = parseArgs(Deno.args, {
  string: ["runtime", "library"],
  boolean: ["line"],
  default: { size: 256, rounds: 3 },
});
const size = Number(args.size) * MIB;
/** Whether an argument, if it is there, has a name. */
const isChosen = (names: string | undefined, name: string): boolean =>
  names === undefined || names.split(",").includes(name);
const libraries = LIBRARIES.filter((library) => isChosen(args.library, library));

/** Runs a client with a server of its own. */
async function run([program, ...rest]: readonly string[]): Promise<Report> {
  const path = new URL("server.ts", HERE).pathname;
  const line = args.line ? SLOW_LINE : [];
  await using server = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", LOCK, path, String(size), ...line],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const setting = await firstLine(server.stdout);
  const { success, stdout } = await new Deno.Command(program, {
    args: [...rest, setting],
    stdin: "null",
    stderr: "inherit",
    signal: AbortSignal.timeout(PATIENCE),
  }).output();
  await server.stdin.close();
  if (!success) throw new Error(`Cannot measure "${rest.join(" ")}": it failed`);
  // mtcute says something before, too.
  const text = new TextDecoder().decode(stdout).trim();
  return JSON.parse(text.slice(text.lastIndexOf("\n") + 1)) as Report;
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of stream) {
    text += decoder.decode(piece, { stream: true });
    if (text.includes("\n")) return text.trim();
  }
  throw new Error("Cannot measure: the server ended");
}

function print(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

const { deno, node24, bun } = await installRuntimes();
const peers = await installPeers();
using project = await newProject();
for await (const { name } of Deno.readDir(HERE)) {
  for (const folder of [project.folder, peers]) {
    await Deno.copyFile(new URL(name, HERE), `${folder}${name}`);
  }
}
const folderOf = (library: Library): string => library === "tessera" ? project.folder : peers;
const runtimes: Readonly<Record<string, Runtime>> = {
  deno: (library) => [
    deno,
    ...["run", "--quiet", "-A", LOCK],
    new URL(`${library}.ts`, HERE).pathname,
  ],
  node24: (library) => [node24, "--no-warnings", `${folderOf(library)}${library}.ts`],
  bun: (library) => [bun, `${folderOf(library)}${library}.ts`],
};

/** Measures all libraries in a runtime, round after round. A library that fails has no reports. */
async function measure(runtime: Runtime): Promise<Map<Library, readonly Report[]>> {
  const reports = new Map<Library, Report[]>(libraries.map((library) => [library, []]));
  for (let round = 0; round < Number(args.rounds); round++) {
    for (const [library, list] of reports) {
      try {
        list.push(await run(runtime(library)));
      } catch (error) {
        print(String(error));
      }
    }
  }
  return reports;
}

const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => i === 0 ? cell.padEnd(28) : cell.padStart(22)).join("");

for (const [name, runtime] of Object.entries(runtimes)) {
  if (!isChosen(args.runtime, name)) continue;
  const reports = await measure(runtime);
  print(row([name, ...libraries]));
  for (const direction of ["upload", "download"] as const) {
    const figures = (figure: (cost: Cost) => number, unit: string): string[] => {
      const all = libraries.map((library) =>
        median((reports.get(library) ?? []).map((report) => figure(report[direction])))
      );
      return all.map((value) =>
        value === undefined
          ? "failed"
          : `${value.toFixed(2)} ${unit} ${(value / all[0]).toFixed(2)}x`
      );
    };
    const perSecond = figures(({ wall }) => size / 1e3 / wall, "MB/s");
    const perGigabyte = figures(({ cpu }) => cpu * 1e6 / size, "s/GB");
    print(row([`${direction}: speed`, ...perSecond]));
    print(row([`${direction}: CPU`, ...perGigabyte]));
  }
}
