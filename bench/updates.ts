/**
 * `deno task bench:updates`: measures the way of messages from the socket to a handler, in this
 * project, mtcute and GramJS. Each client has a process of its own, in Deno and in Node 24 with the
 * packages from npm. The offline Telegram, in this process, has prepared all bytes before it writes
 * the first. The clients take turns; the result is the median of the rounds.
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { installPeers, installRuntimes } from "../tests/helpers/install.ts";
import { LOCK } from "../tests/helpers/lock.ts";
import { newProject } from "../tests/helpers/npm_project.ts";
import { HeldTelegram, type Kind } from "./updates/held_telegram.ts";
import type { Report, Setting } from "./updates/meter.ts";

const ROUNDS = Number(Deno.args[0] ?? 3);
const COUNT = 10_000;
/** In this time all bytes are read, in milliseconds. */
const SLEEP = 4000;
/** What comes before its own first difference is lost to mtcute. */
const SETTLING = 700;
const PATIENCE = 60_000;
const LIBRARIES = ["tessera", "mtcute", "gramjs"] as const;
const HERE = new URL("./updates/", import.meta.url);

interface Row {
  readonly name: string;
  readonly kind: Kind;
  readonly size: number;
  readonly sleep?: number;
}

const ROWS: readonly Row[] = [
  { name: "updateShortMessage", kind: "short", size: 1 },
  { name: "updateNewMessage, 1 in a packet", kind: "private", size: 1 },
  { name: "updateNewMessage, 20 in a packet", kind: "private", size: 20 },
  { name: "updateNewChannelMessage, 1", kind: "channel", size: 1 },
  { name: "updateNewChannelMessage, 20", kind: "channel", size: 20 },
];
const SLEEPING: Row = { name: "memory, asleep", kind: "real", size: 1, sleep: SLEEP };

type Library = typeof LIBRARIES[number];
/** Returns the command that runs a client. */
type Runtime = (library: Library) => readonly string[];

interface Result extends Report {
  /** From the first byte to the last message, in milliseconds. */
  readonly wall: number;
}

/** Runs a client that takes the messages of a row. */
async function run(command: readonly string[], row: Row): Promise<Result> {
  await using telegram = new HeldTelegram();
  const setting: Setting = await telegram.start(COUNT, row.sleep ?? 0);
  const [program, ...args] = command;
  await using child = new Deno.Command(program, {
    args: [...args, JSON.stringify(setting)],
    stdin: "null",
    stdout: "piped",
    signal: AbortSignal.timeout(PATIENCE),
  }).spawn();
  const steps: Readonly<Record<string, () => Promise<void>>> = {
    async listening() {
      await new Promise((resolve) => setTimeout(resolve, SETTLING));
      await telegram.greet(row.kind);
    },
    async ready() {
      await telegram.prepare(row.kind, COUNT, row.size);
      begun = performance.now();
      await telegram.release();
    },
  };
  let begun = 0;
  let result: Result | undefined;
  const lines = createInterface({ input: Readable.fromWeb(child.stdout as never) });
  for await (const text of lines) {
    if (text in steps) await steps[text]();
    else result = { ...JSON.parse(text) as Report, wall: performance.now() - begun };
  }
  if (result !== undefined) return result;
  throw new Error(`Cannot measure "${row.name}": "${command.join(" ")}" ended before`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function line(cells: readonly string[]): string {
  return cells.map((cell, i) => i === 0 ? cell.padEnd(36) : cell.padStart(17)).join("");
}

function print(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

const { deno, node24 } = await installRuntimes();
const peers = await installPeers();
using project = await newProject();
for (const library of [...LIBRARIES, "meter"]) {
  const folder = library === "tessera" ? project.folder : peers;
  await Deno.copyFile(new URL(`${library}.ts`, HERE), `${folder}${library}.ts`);
}
await Deno.copyFile(new URL("meter.ts", HERE), `${project.folder}meter.ts`);

const runtimes: Readonly<Record<string, Runtime>> = {
  "Deno": (library) => [
    deno,
    ...["run", "--quiet", "-A", LOCK, "--v8-flags=--expose-gc"],
    new URL(`${library}.ts`, HERE).pathname,
  ],
  "Node 24": (library) => [
    node24,
    ...["--expose-gc", "--no-warnings"],
    `${library === "tessera" ? project.folder : peers}${library}.ts`,
  ],
};

/** Measures a row in all libraries, round after round. Returns the medians. */
async function measure(row: Row, runtime: Runtime, rounds: number): Promise<Map<Library, Result>> {
  const reports = new Map<Library, Result[]>(LIBRARIES.map((library) => [library, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [library, list] of reports) list.push(await run(runtime(library), row));
  }
  return new Map([...reports].map(([library, list]) => {
    const of = (field: keyof Result): number => median(list.map((report) => report[field]));
    return [library, { cpu: of("cpu"), wall: of("wall"), grown: of("grown") }];
  }));
}

/** The figures of a row: ours, and those of the others with their ratio to ours. */
function figures(reports: Map<Library, Result>, field: keyof Result, show: (n: number) => string) {
  const own = reports.get("tessera")?.[field] ?? NaN;
  return [...reports].map(([library, { [field]: n }]) =>
    library === "tessera" ? show(n) : `${show(n)} ${(n / own).toFixed(1)}x`
  );
}

const micros = (milliseconds: number): string => `${(milliseconds * 1000 / COUNT).toFixed(1)} µs`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

for (const [name, runtime] of Object.entries(runtimes)) {
  print(line([name, ...LIBRARIES]));
  for (const row of ROWS) {
    const reports = await measure(row, runtime, ROUNDS);
    print(line([`${row.name}: CPU`, ...figures(reports, "cpu", micros)]));
    print(line([`${" ".repeat(row.name.length)}  wall`, ...figures(reports, "wall", micros)]));
  }
  const reports = await measure(SLEEPING, runtime, 1);
  print(line([SLEEPING.name, ...figures(reports, "grown", megabytes)]));
}
