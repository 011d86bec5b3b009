/** Runs many worlds, and reports what they broke and what happened in them. */
import { FAULT_NAMES } from "./faults.ts";
import { kindOf, shrink } from "./shrink.ts";
import { runWorld, type WorldOptions } from "./world.ts";

/** The result of many worlds. */
export interface Report {
  readonly worlds: number;
  /** How often each thing happened. */
  readonly counts: ReadonlyMap<string, number>;
  /** The first world that broke each kind of rule, with the texts. */
  readonly failures: ReadonlyMap<string, { readonly seed: number; readonly text: string }>;
}

/** Runs the worlds of `count` seeds. */
export async function runWorlds(first: number, count: number): Promise<Report> {
  const counts = new Map<string, number>();
  const failures = new Map<string, { readonly seed: number; readonly text: string }>();
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await runWorld({ seed });
    for (const [what, times] of outcome.history.counts) {
      counts.set(what, (counts.get(what) ?? 0) + times);
    }
    for (const text of outcome.broken) {
      const kind = kindOf(text);
      if (!failures.has(kind)) failures.set(kind, { seed, text });
    }
  }
  return { worlds: count, counts, failures };
}

/** Returns the kinds of faults that never did anything. */
export function idleFaults({ counts }: Report): string[] {
  return FAULT_NAMES.filter((name) => !counts.has(`fault: ${name}`));
}

/** Returns how often each thing happened, as lines of text. */
export function countsText({ worlds, counts }: Report): string {
  const lines = [...counts].sort(([one], [other]) => one < other ? -1 : 1)
    .map(([what, times]) => `  ${String(times).padStart(8)}  ${what}`);
  return [`${worlds} worlds:`, ...lines].join("\n");
}

/** Returns the failures, each with its seed and a shrunken world that is a test. */
export async function failuresText({ failures }: Report): Promise<string> {
  const texts: string[] = [];
  for (const [kind, { seed, text }] of failures) {
    const small = await shrink({ seed }, kind);
    texts.push(`The world ${seed} breaks a rule: ${text}\n${literal(small)}`);
  }
  return texts.join("\n");
}

/** Returns a world as the text of a file in tests/simulation/found/. */
export function literal(world: WorldOptions): string {
  const text = Deno.inspect(world, {
    depth: 9,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
    compact: true,
    breakLength: 100,
    trailingComma: true,
  });
  return `export const WORLD: WorldOptions = ${text};`;
}
