/**
 * An acknowledgment that leaves in the moment in which the salt ends is sent again.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1300045928,
  params: {
    duration: 1797178,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 1,
    latency: 322,
    jitter: 0,
    clientAhead: 805,
    serverAhead: -21,
    startsAt: 2,
    hasKeys: true,
  },
  faults: [{ at: 1796178, where: 4, kind: "crash", ms: 18 }],
  steps: [],
};
