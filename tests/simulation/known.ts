/**
 * Rules that the client is known to break, and the worlds in which it does. Each has a world in
 * found/. A row goes when its fault is mended.
 */
import type { FaultName } from "./faults.ts";
import type { Outcome } from "./world.ts";

interface Known {
  /** What is at fault. */
  readonly fault: string;
  readonly broken: RegExp;
  readonly when: (world: Outcome["world"]) => boolean;
}

const KNOWN: readonly Known[] = [];

/** Returns the known fault behind a broken rule; undefined for a new one. */
export function knownFault(broken: string, world: Outcome["world"]): string | undefined {
  return KNOWN.find((known) => known.broken.test(broken) && known.when(world))?.fault;
}

function has({ faults }: Outcome["world"], ...names: readonly FaultName[]): boolean {
  return faults.some(({ kind }) => names.includes(kind));
}
