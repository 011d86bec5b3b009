/** The state of the updates is kept in the store of a session that is not loaded at first. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 3,
  params: {
    duration: 1000,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: true, isLossy: true, slice: 100, tooLongAfter: null },
  },
  faults: [],
  steps: [],
};
