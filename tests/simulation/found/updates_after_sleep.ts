/** After a sleep of the computer, each of the updates that waited is heard. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1,
  params: {
    transport: "abridged",
    obfuscated: false,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    duration: 110_000,
    connectionRetries: null,
  },
  faults: [{ at: 2639, where: 2, kind: "suspend", ms: 90_108 }],
  steps: [
    { at: 10_862, kind: "incoming", length: 793 },
    { at: 61_574, kind: "incoming", length: 1 },
  ],
};
