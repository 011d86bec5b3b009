/**
 * Each call that ends with a TlError has a copy of it that can be read.
 */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 1950003330,
  params: {
    duration: 1000,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 0,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "handlers", isKnown: false, isLossy: true, slice: 10, tooLongAfter: null },
    isSecret: true,
  },
  faults: [{ at: 5, where: 4, kind: "corrupt", byte: 75, direction: "toClient" }],
  steps: [{ at: 13, kind: "elsewhere" }],
};
