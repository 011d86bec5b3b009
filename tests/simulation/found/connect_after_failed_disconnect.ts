/** After a disconnect() that could not save, connect() works when the store does again. */
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
    duration: 70_260,
    connectionRetries: null,
  },
  faults: [
    { at: 15_634, where: 2, kind: "brokenStore", ms: 54_600 },
    { at: 26_768, where: 2, kind: "wrongSalt" },
  ],
  steps: [{ at: 69_760, kind: "pause", ms: 1584 }],
};
