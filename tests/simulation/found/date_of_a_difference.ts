/** A message that comes before the difference does not move its date past lost ones. */
import type { WorldOptions } from "../world.ts";

export const WORLD: WorldOptions = {
  seed: 30100,
  params: {
    duration: 4330,
    transport: "abridged",
    obfuscated: false,
    connectionRetries: 0,
    latency: 50,
    jitter: 0,
    clientAhead: 0,
    serverAhead: 0,
    startsAt: 2,
    hasKeys: true,
    updates: { by: "loop", isKnown: true, isLossy: false, slice: 10, tooLongAfter: null },
  },
  faults: [
    { at: 2356, where: 2, kind: "halfOpen" },
    { at: 2875, where: 2, kind: "brokenPlace", ms: 505 },
    { at: 3106, where: 2, kind: "crash", ms: 8 },
  ],
  steps: [
    { at: 2394, kind: "others", what: "send", chat: "room", count: 6 },
    { at: 3330, kind: "send", chat: "@bob_99", count: 3 },
  ],
};
