/**
 * Rules that the client is known to break, and the worlds in which it does. Each has a world in
 * found/. A row goes when its fault is mended.
 */
import type { Outcome } from "./world.ts";

interface Known {
  /** What is at fault. */
  readonly fault: string;
  readonly broken: RegExp;
  readonly when: (world: Outcome["world"]) => boolean;
}

const KNOWN: readonly Known[] = [
  {
    fault:
      "A move that fails ends a session, and the next one does not tell that updates were missed.",
    broken: /the update .* was not heard/,
    when: (world) => world.params.startsAt === 4,
  },
  {
    fault:
      "A move drops the answers that the former home is about to send: the calls go out again.",
    broken: /carried out twice/,
    when: (world) => world.params.startsAt === 4,
  },
];

/** Returns the known fault behind a broken rule; undefined for a new one. */
export function knownFault(broken: string, world: Outcome["world"]): string | undefined {
  return KNOWN.find((known) => known.broken.test(broken) && known.when(world))?.fault;
}
