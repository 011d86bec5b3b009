/** The fixed properties of a world: its client's options, its lines, its clocks. */
import type { TransportName } from "../../src/transport/mod.ts";
import type { RandomStream } from "./random_stream.ts";

/** The properties of a world. Times are milliseconds. */
export interface Params {
  /** How long faults happen. */
  readonly duration: number;
  readonly transport: TransportName;
  readonly obfuscated: boolean;
  /** The client's option; null stands for `Infinity`, which JSON does not have. */
  readonly connectionRetries: number | null;
  readonly latency: number;
  readonly jitter: number;
  /** How far the clocks are ahead of the world. */
  readonly clientAhead: number;
  readonly serverAhead: number;
  /** The home that the session knows. The account lives at DC 2. */
  readonly startsAt: 2 | 4;
  /** Whether the keys exist, so that no key exchange is needed. */
  readonly hasKeys: boolean;
}

/** The data centers of a world. The account lives at the first one. */
export const DCS: readonly number[] = [2, 4];

const KEYLESS = 0.03;

/** Draws the properties of a world. */
export function drawParams(random: RandomStream): Params {
  const transport = random.pick<TransportName>(["abridged", "intermediate", "full", "padded"]);
  return {
    duration: random.magnitude(60_000, 3_600_000),
    transport,
    obfuscated: random.chance(0.3) && transport !== "full",
    connectionRetries: random.chance(0.5) ? null : random.pick([0, 1, 5]),
    latency: random.magnitude(1, 400),
    jitter: random.magnitude(1, 100),
    clientAhead: random.chance(0.7)
      ? random.below(2000) - 1000
      : random.below(4_000_000) - 2_000_000,
    serverAhead: random.below(2000) - 1000,
    startsAt: random.chance(0.1) ? 4 : 2,
    hasKeys: !random.chance(KEYLESS),
  };
}
