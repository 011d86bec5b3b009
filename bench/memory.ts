/**
 * `deno task bench:memory`: measures what a client keeps in memory when it has signed in as a bot,
 * and after 3,000 calls, in Deno, Node 24 and Bun, beside mtcute, GramJS and teleproto. Prints
 * medians, and writes the table of docs/benchmarks.md. `--runtime` and `--library` (with commas)
 * choose what is measured; the table is then only printed.
 */
import { parseArgs } from "@std/cli/parse-args";
import { startServe } from "../tests/interop/processes.ts";
import { publishedPackage } from "../tools/published_schema.ts";
import { type Inputs, LIBRARIES, type LibraryName } from "./libraries/library.ts";
import type { Kept } from "./libraries/memory.ts";
import { Measured, prepareRuntimes } from "./processes.ts";
import { isChosen, median, print, tableOf, TITLES, writeSection } from "./report.ts";

const args = parseArgs(Deno.args, { string: ["runtime", "library"], default: { rounds: 3 } });

const runtimes = (await prepareRuntimes()).filter(({ name }) => isChosen(args.runtime, name));
const libraries = LIBRARIES.filter((library) => isChosen(args.library, library));
const path = await Deno.makeTempFile({ suffix: ".json" });

/** Measures a library once, with a server of its own. */
async function measure(command: readonly string[]): Promise<Kept> {
  await using server = await startServe();
  const mtcuteCodec = new URL("tl/binary/", await publishedPackage()).href;
  const inputs: Inputs = { target: server.target, mtcuteCodec, bytes: {} };
  await Deno.writeTextFile(path, JSON.stringify(inputs));
  await using measured = new Measured([...command, path, "memory"]);
  return JSON.parse(await measured.line());
}

const reports = new Map<LibraryName, Kept[][]>(libraries.map((library) => [library, []]));
try {
  for (const runtime of runtimes) {
    const own = new Map<LibraryName, Kept[]>(libraries.map((library) => [library, []]));
    for (let round = 0; round < Number(args.rounds); round++) {
      for (const [library, list] of own) list.push(await measure(runtime.command(library)));
    }
    for (const [library, list] of own) reports.get(library)?.push(list);
  }
} finally {
  await Deno.remove(path);
}

const kilobytes = (lists: readonly Kept[][], field: keyof Kept): string => {
  const medians = lists.map((list) => median(list.map((kept) => kept[field])));
  return `${medians.map((bytes) => Math.round(bytes / 1024)).join(" / ")} KB`;
};
const head = ["client", "idle: heap", "buffers", "after 3,000 calls: heap", "buffers"];
const rows = [...reports].map(([library, lists]) => [
  TITLES[library],
  kilobytes(lists, "idle"),
  kilobytes(lists, "idleBuffers"),
  kilobytes(lists, "called"),
  kilobytes(lists, "calledBuffers"),
]);
const versions = runtimes.map(({ name, version }) => `${name} ${version}`);
const table = tableOf(`Each figure is for ${versions.join(" / ")}.`, head, rows);
print(table);
if (args.runtime === undefined && args.library === undefined) {
  await writeSection("deno task bench:memory", table);
}
