/** Figures for people: medians and quartiles, lines for the terminal, and tables of Markdown. */
import { LIBRARIES, type LibraryName } from "./libraries/library.ts";

/** The milliseconds of each round. */
export type Samples = readonly number[];

/** The rounds of each library in one runtime. Round `n` of all of them was at the same time. */
export type Results = ReadonlyMap<LibraryName, Samples>;

type Cells = readonly string[];

/** The names that people know. */
export const TITLES: Readonly<Record<LibraryName, string>> = {
  tessera: "tessera",
  mtcute: "mtcute",
  gramjs: "GramJS",
  teleproto: "teleproto",
};

/** Whether a filter, if it is there, has a name: names with commas between them. */
export function isChosen(filter: string | undefined, name: string): boolean {
  return filter === undefined || filter.toLowerCase().split(",").includes(name.toLowerCase());
}

/** Prints a line. */
export function print(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

/** Returns the value below which a part of the samples lies. */
export function quantile(samples: Samples, part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at % 1);
}

/** Returns the middle of the samples. */
export function median(samples: Samples): number {
  return quantile(samples, 0.5);
}

/** Returns how many times as long a library takes as this project, in each round. */
export function ratios(own: Samples, other: Samples): Samples {
  return other.map((time, round) => time / own[round]);
}

function digits(value: number): string {
  return value.toFixed(value < 3 ? 2 : value < 30 ? 1 : 0);
}

/** Writes times in the unit of the longest. */
function times(milliseconds: Samples): string {
  const isLong = Math.max(...milliseconds) >= 1;
  const numbers = milliseconds.map((time) => digits(isLong ? time : time * 1000));
  return `${numbers.join(" / ")} ${isLong ? "ms" : "µs"}`;
}

function quartiles(samples: Samples, show: (value: number) => string): string {
  const [first, third] = [quantile(samples, 0.25), quantile(samples, 0.75)];
  return `${show(median(samples))} (${show(first)} to ${show(third)})`;
}

/** Returns the lines of a row for the terminal, with the first and the third quartile. */
export function lines(row: string, runtime: string, results: Results): string[] {
  const own = results.get("tessera") ?? [];
  return [...results].map(([library, samples]) => {
    const time = quartiles(samples, (value) => times([value]));
    const ratio = library === "tessera" ? "" : `${quartiles(ratios(own, samples), digits)}x`;
    const place = `${row.padEnd(36)}${runtime.padEnd(6)}${TITLES[library].padEnd(11)}`;
    return `${place}${time.padEnd(36)}${ratio}`.trimEnd();
  });
}

/** Returns the table: for each row, the figures of all runtimes. */
export function table(
  runtimes: string,
  rows: ReadonlyMap<string, readonly Results[]>,
): string {
  const others = LIBRARIES.filter((library) => library !== "tessera");
  const head = ["row", "tessera", ...others.map((library) => `${TITLES[library]}, x`), "spread"];
  const body = [...rows].map(([row, results]) => {
    const own = results.map((result) => result.get("tessera") ?? []);
    const cells = others.map((library) => {
      const figures = results.map((result, index) => {
        const samples = result.get(library);
        return samples === undefined ? "-" : digits(median(ratios(own[index], samples)));
      });
      return figures.join(" / ");
    });
    return [row, times(own.map(median)), ...cells, `±${spread(results)} %`];
  });
  return tableOf(`Each figure is for ${runtimes}.`, head, body);
}

/** Returns a table in Markdown, below a line. */
export function tableOf(title: string, head: Cells, body: readonly Cells[]): string {
  const line = (cells: Cells): string => `| ${cells.join(" | ")} |`;
  return [title, "", line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

/** Returns half of the widest distance between the quartiles of a ratio, in percent of it. */
function spread(results: readonly Results[]): string {
  const widths = results.flatMap((result) => {
    const own = result.get("tessera") ?? [];
    return [...result].filter(([library]) => library !== "tessera").map(([, samples]) => {
      const all = ratios(own, samples);
      return (quantile(all, 0.75) - quantile(all, 0.25)) / median(all) / 2;
    });
  });
  return Math.ceil(Math.max(0, ...widths) * 100).toString();
}

/** Replaces what stands between two marks of docs/benchmarks.md. */
export async function writeSection(name: string, text: string): Promise<void> {
  const path = new URL("../docs/benchmarks.md", import.meta.url);
  const [begin, end] = [`<!-- ${name} -->`, "<!-- end -->"];
  const document = await Deno.readTextFile(path);
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`Cannot write "${name}": the document has no such mark`);
  const [before, after] = [document.slice(0, from + begin.length), document.slice(to)];
  await Deno.writeTextFile(path, `${before}\n\n${text}\n\n${after}`);
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", path.pathname] }).output();
}
