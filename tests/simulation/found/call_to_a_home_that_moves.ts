/** A call to a data center by its number goes there, also when the account moves away meanwhile. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 2101,
  params: {
    duration: 1000,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: null,
    latency: 5,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 4,
    hasKeys: true,
  },
  faults: [{ at: 86, where: 2, kind: "refused", ms: 661 }],
  steps: [
    { at: 150, kind: "call", method: "messages.getHistory", abortAfter: 46 },
    { at: 163, kind: "elsewhere" },
  ],
};
