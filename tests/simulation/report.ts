/** Runs many worlds, and reports what they broke and what happened in them. */
import { FAULT_NAMES } from "./faults.ts";
import { drawParams } from "./params.ts";
import { RandomStream } from "./random_stream.ts";
import { kindOf, shrink } from "./shrink.ts";
import { runWorld, type WorldOptions } from "./world.ts";

/** A world that broke a rule, and the text of that rule. */
export interface Failure {
  readonly world: WorldOptions;
  readonly text: string;
}

/** The result of many worlds. */
export interface Report {
  readonly worlds: number;
  /** How often each thing happened. */
  readonly counts: ReadonlyMap<string, number>;
  /** The first failure of each kind of rule. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/** Returns the world of a seed whose client speaks HTTP. All else is as the seed says. */
export function overHttp(seed: number): WorldOptions {
  const params = drawParams(new RandomStream(seed, "params"));
  return { seed, params: { ...params, transport: "http", obfuscated: false } };
}

/** Runs the worlds of `count` seeds; `worldOf` may change what a seed says. */
export async function runWorlds(
  first: number,
  count: number,
  worldOf: (seed: number) => WorldOptions = (seed) => ({ seed }),
): Promise<Report> {
  const counts = new Map<string, number>();
  const failures = new Map<string, Failure>();
  for (let seed = first; seed < first + count; seed++) {
    const world = worldOf(seed);
    const outcome = await runWorld(world);
    for (const [what, times] of outcome.history.counts) {
      counts.set(what, (counts.get(what) ?? 0) + times);
    }
    for (const text of outcome.broken) {
      const kind = kindOf(text);
      if (!failures.has(kind)) failures.set(kind, { world, text });
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
  for (const [kind, { world, text }] of failures) {
    const small = await shrink(world, kind);
    texts.push(`The world ${world.seed} breaks a rule: ${text}\n${literal(small)}`);
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
