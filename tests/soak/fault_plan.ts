/**
 * What a bad network does next to a connection, chosen by random bytes. It plans; middleman.ts
 * carries it out. Each fault comes after a number of bytes in one direction.
 *
 * | fault         | what happens                                                             |
 * |---------------|--------------------------------------------------------------------------|
 * | cut           | both ends are closed, often in the middle of a packet                    |
 * | stall         | nothing passes in this direction for a while, then all of it             |
 * | silence       | nothing passes any more, and no end is closed: a half-open connection    |
 * | corruption    | one bit is flipped                                                       |
 * | close at once | the connection is closed before the first byte                           |
 * | refusal       | so it is, and further connections are refused for a while                |
 */
import type { Random } from "../../src/runtime/mod.ts";

/** All faults. */
export const FAULTS = [
  "cut",
  "stall",
  "silence",
  "corruption",
  "close at once",
  "refusal",
] as const;

/** One of the faults. */
export type Fault = typeof FAULTS[number];

/** `up` is from the client to the server. */
export type Direction = "up" | "down";

/** How often each fault happens, relative to the others. */
export type Rates = Readonly<Record<Fault, number>>;

/** Rates with which every fault happens often in ten minutes. */
export const DEFAULT_RATES: Rates = {
  "cut": 44,
  "stall": 24,
  "silence": 12,
  "corruption": 8,
  "close at once": 8,
  "refusal": 4,
};

/** The next fault of a connection. */
export interface FaultPlan {
  readonly fault: Fault;
  readonly direction: Direction;
  /** The number of bytes in that direction that pass before. */
  readonly afterBytes: number;
  /** The length of a stall or a refusal, in milliseconds. */
  readonly stall: number;
  /** Returns the delay of the next chunk, in milliseconds. */
  readonly delay: () => number;
  /** Called when the fault happens. */
  readonly onFault?: () => void;
}

const FEWEST_BYTES = 100;
/** More than all calls that wait after a minute: or no connection could take them. */
const MOST_BYTES = 200_000;
const SHORTEST_STALL = 300; // ms
const LONGEST_STALL = 4000;
const LONGEST_DELAY = 300;

/** Plans the next fault of a connection. Half of the time, each chunk before it is delayed. */
export function planFault(random: Random, rates: Rates = DEFAULT_RATES): FaultPlan {
  const fault = chooseFault(fraction(random), rates);
  const direction = fraction(random) < 0.5 ? "up" : "down";
  // Each size is as likely as its double: some connections end early, some live long.
  const afterBytes = Math.floor(
    FEWEST_BYTES * (MOST_BYTES / FEWEST_BYTES) ** fraction(random),
  );
  const stall = SHORTEST_STALL + (LONGEST_STALL - SHORTEST_STALL) * fraction(random);
  const isSlow = fraction(random) < 0.5;
  const delay = (): number => isSlow ? LONGEST_DELAY * fraction(random) : 0;
  return { fault, direction, afterBytes, stall, delay };
}

function chooseFault(at: number, rates: Rates): Fault {
  let left = at * FAULTS.reduce((sum, fault) => sum + rates[fault], 0);
  for (const fault of FAULTS) {
    left -= rates[fault];
    if (left < 0) return fault;
  }
  return "cut";
}

/** Returns a number from 0 to less than 1. */
function fraction(random: Random): number {
  const [high, low] = random(2);
  return (high << 8 | low) / 0x10000;
}
