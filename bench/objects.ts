/**
 * `deno task bench:objects`: decodes each object of the schema, beside mtcute, in Deno, Node 24 and
 * Bun. The objects are random, and half of their conditional fields are present. A library has one
 * process for all of them, and the libraries take turns. Prints the objects that are slowest in
 * comparison, and writes the table of docs/benchmarks.md.
 *
 * `--runtime node,bun` chooses runtimes, `--flags all` or `none` the conditional fields, `--seed`
 * the objects; with the first two, the table is only printed.
 */
import { parseArgs } from "@std/cli/parse-args";
import { apiSchema, type TlObject } from "../src/tl/mod.ts";
import { startServe } from "../tests/interop/processes.ts";
import { API_ENTRIES } from "../tests/helpers/mtcute_schema.ts";
import { type Flags, RandomObjects } from "../tests/tl/random_object.ts";
import { publishedPackage } from "../tools/published_schema.ts";
import type { Inputs, LibraryName } from "./libraries/library.ts";
import { Measured, prepareRuntimes, type Runtime } from "./processes.ts";
import { isChosen, print, quantile, tableOf, writeSection } from "./report.ts";

const SOME: Flags = "some";
const args = parseArgs(Deno.args, {
  string: ["runtime", "flags"],
  default: { rounds: 7, seed: 1, flags: SOME },
});
const LIBRARIES = ["tessera", "mtcute"] satisfies LibraryName[];
/** How many of the slowest objects are printed. */
const SHOWN = 10;
/** No object may be below it. */
const LEAST = 0.7;

/** How many times as long the other library takes, for each object. */
type Ratios = ReadonlyMap<string, number>;

function randomObjects(): ReadonlyMap<string, Uint8Array> {
  const random = new RandomObjects(Number(args.seed));
  const schema = apiSchema();
  const entries = API_ENTRIES.filter(({ kind }) => kind === "class");
  return new Map(entries.map((entry) => {
    const { ours } = random.object(entry, args.flags as Flags);
    return [entry.name, schema.encode(ours as TlObject)];
  }));
}

/** Keeps the smaller of each two numbers in the first list. */
function lower(least: number[], others: readonly number[]): void {
  for (const [index, value] of others.entries()) least[index] = Math.min(least[index], value);
}

/** Measures both libraries in a runtime. */
async function measure(runtime: Runtime, path: string, names: readonly string[]): Promise<Ratios> {
  await using stack = new AsyncDisposableStack();
  const [own, other] = LIBRARIES.map((library) =>
    stack.use(new Measured([...runtime.command(library), path, "objects"]))
  );
  await Promise.all([own.line(), other.line()]);
  // The shortest time of each object: a round takes so little of it that other load can double it.
  const [times, others] = [own, other].map(() => names.map(() => Infinity));
  for (let round = 0; round < Number(args.rounds); round++) {
    lower(times, JSON.parse(await own.ask()));
    lower(others, JSON.parse(await other.ask()));
  }
  return new Map(names.map((name, index) => [name, others[index] / times[index]]));
}

const runtimes = (await prepareRuntimes()).filter(({ name }) => isChosen(args.runtime, name));
const objects = randomObjects();
const path = await Deno.makeTempFile({ suffix: ".json" });
const all: Ratios[] = [];
try {
  await using server = await startServe();
  const bytes = [...objects].map(([name, object]) => [name, object.toBase64()]);
  const inputs: Inputs = {
    target: server.target,
    mtcuteCodec: new URL("tl/binary/", await publishedPackage()).href,
    bytes: Object.fromEntries(bytes),
  };
  await Deno.writeTextFile(path, JSON.stringify(inputs));
  for (const runtime of runtimes) {
    const ratios = await measure(runtime, path, [...objects.keys()]);
    all.push(ratios);
    const slowest = [...ratios].toSorted(([, a], [, b]) => a - b).slice(0, SHOWN);
    for (const [name, ratio] of slowest) {
      print(`${runtime.name.padEnd(6)}${name.padEnd(40)}${ratio.toFixed(2)}x`);
    }
  }
} finally {
  await Deno.remove(path);
}

const cells = (value: (ratios: readonly number[]) => string): string =>
  all.map((ratios) => value([...ratios.values()])).join(" / ");
const row = (name: string, part: number): readonly string[] => [
  name,
  cells((ratios) => quantile(ratios, part).toFixed(2)),
];
const versions = runtimes.map(({ name, version }) => `${name} ${version}`);
const title = `${objects.size} objects; each figure is for ${versions.join(" / ")}.`;
const table = tableOf(title, ["TL decode, over mtcute", "x"], [
  row("the slowest object", 0),
  row("1 of 100 is below", 0.01),
  row("1 of 4 is below", 0.25),
  row("the median", 0.5),
  row("the fastest", 1),
  [`objects below ${LEAST}`, cells((all) => `${all.filter((ratio) => ratio < LEAST).length}`)],
]);
print(`\n${table}`);
if (args.runtime === undefined && args.flags === SOME) {
  await writeSection("deno task bench:objects", table);
}
