/**
 * Makes a failing world small: it leaves out faults and steps, and simplifies what is left, as long
 * as the same rule is broken.
 */
import type { Params } from "./params.ts";
import { untilTheEnd } from "./faults.ts";
import { describe, type Outcome, runWorld, type WorldOptions } from "./world.ts";

type Described = Outcome["world"];

const MOST_RUNS = 500;
const PLAIN: Partial<Params> = {
  transport: "abridged",
  obfuscated: false,
  latency: 50,
  jitter: 0,
  clientAhead: 0,
  serverAhead: 0,
  startsAt: 2,
  hasKeys: true,
};

/** Returns what a broken rule has in common with others of its kind. */
export function kindOf(broken: string): string {
  return broken.replace(/\d+(\.\d+)?/g, "#").replace(/"[^"]*"/g, '"…"').replace(
    /\b[0-9a-f#]{8,}\b/g,
    "#",
  );
}

/** Returns the smallest world found that breaks a rule of this kind. */
export async function shrink(failing: WorldOptions, kind: string): Promise<Described> {
  let best = describe(failing);
  let runs = 0;
  const accept = async (candidate: Described): Promise<boolean> => {
    if (runs >= MOST_RUNS) return false;
    runs++;
    const { broken } = await runWorld(candidate);
    if (!broken.some((text) => kindOf(text) === kind)) return false;
    best = candidate;
    return true;
  };
  for (let before = Infinity; sizeOf(best) < before;) {
    before = sizeOf(best);
    await leaveOut("faults", () => best, accept);
    await leaveOut("steps", () => best, accept);
    for (const [name, value] of Object.entries(PLAIN)) {
      if (best.params[name as keyof Params] === value) continue;
      await accept({ ...best, params: { ...best.params, [name]: value } });
    }
    await shorten(() => best, accept);
  }
  return best;
}

function sizeOf({ faults, steps, params }: Described): number {
  return (faults.length + steps.length) * 1e9 + params.duration;
}

/** Leaves out halves, then quarters, then single items. */
async function leaveOut(
  list: "faults" | "steps",
  current: () => Described,
  accept: (candidate: Described) => Promise<boolean>,
): Promise<void> {
  for (let size = Math.ceil(current()[list].length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < current()[list].length;) {
      const items = current()[list];
      const left = [...items.slice(0, at), ...items.slice(at + size)];
      if (!await accept({ ...current(), [list]: left })) at += size;
    }
  }
}

/** Shortens the time of the faults. */
async function shorten(
  current: () => Described,
  accept: (candidate: Described) => Promise<boolean>,
): Promise<void> {
  const lastOf = (items: readonly { readonly at: number }[]): number =>
    Math.max(0, ...items.map(({ at }) => at));
  const end = Math.max(lastOf(current().faults), lastOf(current().steps)) + 1000;
  await accept(within(current(), end, 1));
  for (const factor of [0.1, 0.5]) {
    const duration = Math.max(1000, Math.floor(current().params.duration * factor));
    await accept(within(current(), duration, factor));
  }
}

/** Returns a world of another duration, with all times by a factor. */
function within(
  { seed, params, faults, steps }: Described,
  duration: number,
  factor: number,
): Described {
  const sooner = (at: number): number => Math.floor(at * factor);
  return {
    seed,
    params: { ...params, duration },
    faults: faults.map((fault) => {
      const at = sooner(fault.at);
      return { ...untilTheEnd(fault, Math.max(duration - at, 0)), at };
    }),
    steps: steps.map((step) => ({ ...step, at: sooner(step.at) })),
  };
}
